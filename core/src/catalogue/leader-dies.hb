scenario "A leader dies"
protocol raft
nodes 5
seed 7
latency 20ms..40ms
set heartbeat 75ms
set election-timeout 150ms..300ms
client c1 every 100ms put x

when crash say "{node} is dead. Nobody knows yet."
at 900ms crash leader
at 1600ms restart all

expect linearizable
expect leader within 1s of crash
