scenario "One stamp, two rumours"
protocol gossip with bug forget-stamps
nodes 2
seed 1
latency 40ms
disk 1ms
set exchange push
client c1 at n1

at 30ms c1 tell x 1
at 250ms crash n1
at 260ms restart n1
at 300ms c1 tell x 2
end 900ms

when tell say "{node} tells x = 1 with the stamp {index}."
when learn of n2 say "{node} has heard it."
when crash say "n1 loses power. How far it had counted was in its memory."
when restart say "n1 counts from 1 again."
at 700ms say "n1 says x = 2, n2 says x = 1, both with the stamp 1: it stays like this." "Each takes the other's rumour for one that it has had."

expect n2 x 1
expect n1 x 2
expect violated one stamp one value
