scenario "An instance that comes back empty"
protocol redlock with bug forget-locks
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 150ms
set ttl 2s
set work 600ms
client c1
client c2

drop c1->n3 set #1
drop c2->n1 set #1
at 50ms c1 edit file one
at 300ms kill n2
at 310ms restart n2
at 350ms c2 edit file two
end 1500ms

when hold of c1 say "n1 and n2 said yes: c1 has the lock."
when kill of n2 say "n2's process dies and is started again. Its locks were in memory only."
when hold of c2 say "n2 says yes again, and n3 does: c2 has a majority, too." "A majority holds only as long as nobody in it forgets."

expect violated one holder at a time
expect violated no update is lost
expect violated linearizable
