scenario "A request overtaken"
protocol mutex with bug overtaking
nodes 2
seed 1
latency 20ms..40ms
set stay 300ms

delay n1->n2 request #1 by 200ms
at 100ms tell n1 n2 enter
end 800ms

when ask of n1 say "n1 and n2 ask at once. n1's request takes a detour."
when reply of n1 say "n1 acknowledges n2's request. This message is faster than its own."
when enter of n1 say "n1 is first, and enters."
when enter of n2 say "n2 has heard something later from n1, and enters, too." "It concludes that n1 had not asked before. On channels that keep the order it would be right."

expect violated one inside at a time
