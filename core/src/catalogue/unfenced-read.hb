scenario "Fenced when writing, not when reading"
protocol lock with bug unfenced-read
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 600ms
set work 300ms
set first-token 33
set look off
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 300ms c2 edit file two
end 2s

when work of c1: pause c1 for 760ms
when hold of c1 say "c1 has token 33, reads the file and stands still."
when work of c2 say "c2 has token 34 and has read the file. It works on it." "s1 does not look at tokens when somebody reads: it has seen none so far."
when resume of c1 say "c1 wakes up and writes, with token 33."
when answer of c1 say "s1 has seen nothing higher than 33. c1's write is done." "All as in the figure. But c2 has the file as it was before."
when answer of c2 say "c2 writes what it made of it, with 34: c1's line is gone." "Tokens in the right order, and an update lost: who reads to write must show its token then."

expect answered 2
expect violated no update is lost
expect violated linearizable
