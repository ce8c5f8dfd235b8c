scenario "Tokens 33 and 34"
protocol lock
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 600ms
set first-token 33
set look off
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 300ms c2 edit file two
end 4s

when work of c1: pause c1 for 900ms
when hold of c1 say "With the lock c1 gets a number: token 33." "It comes out of the service's replicated log. The next one will be higher."
when pause of c1 say "c1 has read the file, showing its 33, and stands still." "s1 has noted the 33. Whatever asks with less comes from an older holder."
when expire say "The lease is over. c1 doesn't know."
when hold of c2 say "c2 has the lock, with token 34."
when write of s1 say "s1 writes for token {index}, the highest it has seen."
when resume of c1 say "c1 wakes up and writes, with token 33."
when fence say "33 is lower than 34: s1 refuses." "s1 knows nothing of leases, pauses or clocks. It compares two numbers."
when rejected of c1 say "Now c1 knows, and starts over: lock, read, change, write."
when answer of c1 say "c1's line is there as well: {value}." "Both lines are in the file, in the order of the tokens."

expect answered 1 at 1400ms
expect answered 2
expect s1 token 35
expect s1 file two one
expect no update is lost
expect linearizable
