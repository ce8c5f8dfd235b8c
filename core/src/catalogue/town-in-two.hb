scenario "A town in two"
protocol gossip
nodes 200
seed 1
latency 25ms..50ms
disk 1us
set exchange push
set stop counter
set feedback on
set stop-after 3
set anti-entropy 10
client c1 at n1

at 10ms partition majority | n200
at 30ms c1 tell x 1
at 2500ms heal
end 4500ms

when tell say "The town is cut in two. On one side somebody knows something."
when tire say "{node} has told three who knew already. It loses interest."
at 2450ms say "All but one on this side know, and few still talk about it."
when heal say "The two halves meet again. A rumour that is dead would not cross."
when repair of n161 say "But now and then two compare all that they know: {node} learns it so." "This anti-entropy is slow and sure. Rumours are quick, and it is their backup."
at 4400ms say "All 200 know."

expect committed 0 at 2499ms
expect committed 1
