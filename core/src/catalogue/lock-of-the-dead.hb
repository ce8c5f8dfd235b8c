scenario "The lock of a dead client"
protocol lock
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 500ms
set client-tries 5
set leases off
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 600ms c2 edit file two
end 4s

when work of c1: crash c1
when hold of c1 say "c1 has the lock, without an end: it is c1's until c1 gives it back."
when crash of c1 say "c1 is dead. Its lock is not." "Nobody but c1 may free it, and c1 does nothing any more."
when queue of n1 say "c2 waits for a dead client. For how long?" "The service can't know whether c1 is dead or slow. Without a lease it never may guess."
when give-up of c2 say "c2 has given up. The next one will fare no better." "A lease would free the lock by itself, and make tokens necessary."

expect answered 0
expect one holder at a time
expect linearizable
