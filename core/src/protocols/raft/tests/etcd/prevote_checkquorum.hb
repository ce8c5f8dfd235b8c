# Rebuilds etcd-io/raft testdata/prevote_checkquorum.txt: nobody gets pre-votes from servers that
# have heard a leader within an election timeout; a server that has not grants them; and a
# majority of servers that have given up on their leader replaces it, although they heard it.
# Here a server that hears a leader refuses a pre-vote, where etcd leaves it without an answer.
scenario "etcd: prevote_checkquorum.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set pre-vote on
set check-quorum on
set no-op on

at 10ms timeout n1
at 200ms timeout n2
at 400ms cut n1->n2
at 405ms cut n1->n3
at 750ms heal
at 905ms timeout n1
at 916ms timeout n2
end 1500ms

expect leader n1 at 199ms
expect n2 state pre-candidate at 204ms
expect n2 state follower at 211ms
expect n2 term 1 at 300ms
expect leader n1 at 399ms
expect n1 term 1 at 399ms
expect leader n3 at 600ms
expect n3 term 2 at 600ms
expect n1 term 2 at 900ms
expect n1 state pre-candidate at 914ms
expect n3 state leader at 938ms
expect n2 state leader at 940ms
expect n2 term 3 at 940ms
expect leader n2
expect n3 term 3
expect n3 log 1 2 3
