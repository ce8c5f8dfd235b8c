scenario "A rumour in a town of a thousand"
protocol gossip
nodes 1000
seed 1
latency 25ms..50ms
disk 1us
set exchange push
client c1 at n1

at 30ms c1 tell x 1
end 2s

when tell say "One of a thousand knows. Each round it tells one other, at random."
at 150ms say "Whoever knows tells one other in each round. So at first they double."
at 850ms say "Eight rounds: fewer than 256 of 1000 know, for some were told twice." "How many rounds will it take until all do?"
at 1150ms say "Three rounds on, most know. Now most who are told know it already."
at 1450ms say "The last few take as long as the first hundreds." "Nobody has to know who they are. About log2 n + ln n rounds, 17 for a thousand."

expect committed 0 at 1400ms
expect committed 1
expect nobody knows what nobody told
