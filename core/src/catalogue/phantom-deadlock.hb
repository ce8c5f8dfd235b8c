scenario "A deadlock that was none"
protocol lock with bug stale-edges
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 5s
set lease 10s
set work 300ms
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c2 edit b one
at 380ms c1 both b a two
at 1500ms c2 edit a three
end 3s

when queue of n1 say "c1 waits for c2, and n1 keeps that in its wait-for graph."
when answer of c2 say "c2 is done, and gives the lock back." "c1 waits no longer. The edge stays in the graph."
when hold of c1 say "c1 has the lock of b, then that of a."
when deadlock say "c2 wants a. It would wait for c1, and c1, says the graph, for c2." "That was a while ago. c1 waits for nobody: a phantom deadlock."

expect violated only real deadlocks are broken
