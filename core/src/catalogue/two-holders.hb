scenario "Two holders of one lock"
protocol lock with bug ignore-tokens
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
end 2s

when work of c1: pause c1 for 900ms
when leader say "n1 to n3 keep locks, s1 keeps a file." "Whoever wants to change the file gets its lock first."
when request of c1 say "c1 asks for the lock of the file." "The service writes down who has it, on a majority of its machines, before it answers."
when hold of c1 say "c1 has the lock, on a lease of 600 ms." "If c1 died, nobody would have to ask it for the lock."
when pause of c1 say "c1 has read the file and stands still: a long garbage collection." "Its clock goes on. It won't notice a thing."
when expire say "The lease is over. c1 doesn't know." "The service may give the lock to somebody else. It can't tell slow from dead."
when hold of c2 say "c2 has the lock. It reads the file and adds its line."
when answer of c2 say "c2's write is done. The file says: {value}."
when resume of c1 say "c1 wakes up. For c1 no time has passed." "It still believes in its lock, and writes what it had in mind."
when answer of c1 say "c1's write is done, too. The file says: {value}." "What c2 wrote is gone, and both were told that all is well."

expect answered 2
expect s1 file one
expect violated no older holder writes after a newer
expect violated no update is lost
expect violated linearizable
