scenario "Somebody else's lock, given back"
protocol lock with bug release-anyone
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 600ms
set work 400ms
set first-token 33
client c1 at n1
client c2 at n1
client c3 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 300ms c2 edit file two
at 1s c3 edit file three
end 2s

when work of c1: pause c1 for 700ms
when hold of c1 say "c1 has the lock and will stand still for too long."
when hold of c2 say "The lease has run out. c2 has the lock."
when resume of c1 say "c1 wakes up, sees that it is late, and gives the lock back." "Well meant. But it is c2's."
when release say "n1 doesn't ask whose it is: the lock is free."
when hold of c3 say "c3 has it, and c2 has it." "Who gives a lock back has to say which grant it means: that is what its token is for."

expect violated one holder at a time
