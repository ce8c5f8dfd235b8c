scenario "A third is lost"
protocol gossip
nodes 200
seed 1
latency 25ms..50ms
loss 33%
disk 1us
set exchange push-pull
client c1 at n1

at 30ms c1 tell x 1
end 2200ms

when tell say "A third of all messages gets lost, and nobody sends one again."
when learn say "{node} has heard it from {from}." "What is lost in one round another will say in the next: no message matters."
at 2100ms say "All 200 know. It took a few rounds more than without any loss."

expect committed 1
