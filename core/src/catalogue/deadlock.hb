scenario "Two locks, two orders"
protocol lock
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 1s
set lease 10s
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 both a b one
at 200ms c2 both b a two
end 4s

when request of c1 say "c1 wants to change a and b. c2 wants b and a." "Each asks for its locks one after the other, in its own order."
when hold of c1 say "c1 has the first of its two."
when hold of c2 say "c2 has the first of its two."
when queue of n1 say "Somebody waits for what the other has. That may end." "The service keeps who waits for whom: the wait-for graph."
when deadlock say "Now the graph has a cycle. Nobody in it would ever go on." "So {to} is refused. It gives back what it has, and tries again later."
when answer of c1 say "c1 is done: {value}."
when answer of c2 say "c2 is done: {value}." "If all took locks in one order, there would never be a cycle."

expect answered 2
expect only real deadlocks are broken
expect no update is lost
expect linearizable
