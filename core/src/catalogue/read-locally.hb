scenario "A read on the wrong side"
protocol raft with bug read-locally
nodes 5
seed 1
latency 20ms..40ms
set client-timeout 5s
client c1 at n1
client c2 at n3

at 20ms timeout n1
at 250ms c1 put x old
at 420ms partition n1 n2 c1 | n3 n4 n5 c2
at 430ms timeout n3
at 580ms c2 put x new
at 800ms c1 get x
end 1s

when leader of n3 say "{node} leads term {term} on the other side of the cut." "n1 does not know. Nobody can tell it."
when read of n1 say "{node} still believes that it leads, and answers a read from its own memory." "It should have asked a majority first. It would have waited in vain, and said nothing."

expect leader n1 at 400ms
expect n1 state leader at 900ms
expect leader n3 at 570ms
expect violated linearizable
