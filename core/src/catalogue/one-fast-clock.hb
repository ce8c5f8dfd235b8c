scenario "One fast clock"
protocol clocks with bug trust-fast-clock
nodes 3
seed 1
latency 20ms
set clock hlc

at 20ms step n1 by 10s
at 80ms tell n1 send n2
at 140ms tell n2 send n3
end 240ms

when step say "n1's wall clock jumps 10 s ahead."
when receive of n2 say "n2's hybrid clock takes over the later time, as its rule says." "It may be ahead of the wall clock by as much as clocks differ. Here they differ by 10 s."
when receive of n3 say "n3 has it, too. No hybrid clock goes back: for 10 s all only count." "With a bound (max-offset) n2 would have refused the message, and n1 would be alone with its mistake."

expect violated stamps stay near the wall clock
