scenario "A lease counted from the answer"
protocol lock with bug lease-from-answer
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 5s
set lease 600ms
set work 600ms
set first-token 33
client c1 at n1
client c2 at n1

delay n1->c1 grant #1 by 400ms
at 10ms timeout n1
at 200ms c1 edit file one
at 300ms c2 edit file two
end 2s

when grant of n1 say "n1 gives the lock to c1, for 600 ms from now." "The answer is long under way."
when hold of c1 say "Here it is. c1 counts 600 ms from now on." "n1 has been counting for 0.4 seconds."
when expire say "For n1 the lease is over. For c1 it is not."
when hold of c2 say "Two clients rely on one lock." "A lease counts from when it was asked for: that is before any answer."

expect violated one holder at a time
