scenario "The leader dies"
protocol raft
nodes 5
seed 7
latency 20ms..40ms
client c1 every 100ms put x

when leader say "{node} leads term {term}."
when crash say "{node} is dead. Nobody knows yet."
at 900ms crash leader
at 1600ms restart all

expect one leader per term
expect linearizable
