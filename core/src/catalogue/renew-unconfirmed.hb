scenario "Renewed by an old leader"
protocol lock with bug renew-unconfirmed
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 600ms
set keep-alive on
set first-token 33
client c1 at n1
client c2 at n2

at 10ms timeout n1
at 200ms c1 edit file one
at 420ms partition n1 c1 | n2 n3 s1 c2
at 440ms timeout n2
at 600ms c2 edit file two
end 2s

when hold of c1 say "c1 has the lock and keeps it alive: it asks for more time, often."
when partition say "n1 and c1 are cut off from the others."
when leader of n2 say "n2 leads now. It lets c1's lease run out before it gives the lock away." "A whole lease from now on: n1 may have renewed it until just before."
when renew of n1 say "n1 believes that it leads, and renews." "It asks nobody. So it can do that for ever."
when expire of n2 say "n2 has waited long enough."
when hold of c2 say "c2 has the lock from n2, and c1 has it from n1." "A renewal is a promise like a grant: only who still has a majority may make it."

expect violated one holder at a time
