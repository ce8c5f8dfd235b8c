scenario "A lease by a clock that is set"
protocol lock with bug wall-clock-lease
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 2s
set work 600ms
set first-token 33
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 600ms step n1 by 10s
at 620ms c2 edit file two
end 2s

when hold of c1 say "c1 has a lease of two seconds. n1 counts them by the time of day."
when step of n1 say "Somebody sets n1's clock: ten seconds ahead." "A leap of the time server, a hand that corrects it. It happens."
when expire say "For n1 the lease is over, after a quarter of a second."
when hold of c2 say "c2 has the lock, and c1 relies on it for more than a second yet." "Only tokens keep them apart now. Leases need a clock that nobody sets."

expect violated one holder at a time
