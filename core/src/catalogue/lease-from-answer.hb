scenario "A lease from the answer on"
protocol raft with bug lease-from-answer
nodes 3
seed 7
latency 20ms..40ms
set reads lease
set election-timeout 400ms..500ms
set client-timeout 5s
client c1 at n1
client c2 at n3
client c3 at n1

at 20ms timeout n1
at 250ms c1 put x old
at 450ms latency n2->n1 300ms
at 500ms cut n3->n1
at 600ms cut n1->n2
at 601ms cut n1->n3
at 1050ms c2 put x new
at 1185ms c3 get x
end 1400ms
when cut say "n1 hears only n2 now, and what n2 answers takes 300 ms." "Each answer renews n1's lease. From when?"
when leader of n3 say "{node} leads term {term}: n2 has heard no leader for 400 ms, and votes." "n1's last heartbeat is that old. Its answer has only just arrived at n1."
when read of n1 say "n1 counts its lease from that answer on, and still reads by it." "It must count from when the heartbeat left: n2's patience began no later."
expect leader n3 at 1040ms
expect n1 state leader at 1240ms
expect violated linearizable
