scenario "Leases that died with their leader"
protocol lock with bug expire-at-failover
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 2s
set work 900ms
set first-token 33
client c1 at n1
client c2 at n2

at 10ms timeout n1
at 200ms c1 edit file one
at 500ms crash n1
at 510ms timeout n2
at 620ms c2 edit file two
end 2s

when hold of c1 say "c1 has the lock, on a lease of two seconds."
when crash of n1 say "n1 dies. Until when leases last only n1 knew."
when leader of n2 say "n2 leads. It knows that c1 has the lock, not for how long."
when expire say "So n2 takes the lease for ended."
when hold of c2 say "c2 has the lock. c1 relies on it for more than a second yet." "A new leader has to let every lease run its full length once more."

expect violated one holder at a time
