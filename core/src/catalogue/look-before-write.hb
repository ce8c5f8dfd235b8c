scenario "A look at the lease"
protocol lock with bug ignore-tokens
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 600ms
set first-token 33
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 300ms c2 edit file two
end 2s

when check of c1: pause c1 for 900ms
when hold of c1 say "c1 will be careful: before it writes, it looks at its lease."
when pause of c1 say "c1 has looked: time is left. It is about to write, and stands still." "A pause asks nobody when it may come. It could be a page that has to be read from disk."
when hold of c2 say "The lease has run out, and c2 has the lock."
when answer of c2 say "c2's write is done. The file says: {value}."
when resume of c1 say "c1 goes on where it was: the look is behind it." "No check at the client is late enough. It would have to be at the store."
when answer of c1 say "And c2's line is gone. The file says: {value}."

expect answered 2
expect violated no older holder writes after a newer
expect violated no update is lost
expect violated linearizable
