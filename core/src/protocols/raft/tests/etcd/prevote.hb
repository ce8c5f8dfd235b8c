# Rebuilds etcd-io/raft testdata/prevote.txt: a server that is one entry behind gets no
# pre-votes, one with the whole log does. As in the dissertation (§9.6) and other than in etcd,
# pre-vote alone leaves a leader in peace that is still heard: the second campaign comes after it
# has fallen silent.
scenario "etcd: prevote.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set pre-vote on
set no-op on
set client-timeout 10s
client c1 at n1

log n1 1 1 1 1 1 1 1 1 1 1
log n2 1 1 1 1 1 1 1 1 1 1
log n3 1 1 1 1 1 1 1 1 1 1
at 10ms timeout n1
at 100ms cut n1->n3
at 101ms c1 put x 1
at 150ms cut n1--n2
at 190ms timeout n3
at 205ms heal
at 500ms crash n1
at 510ms timeout n2
at 530ms restart n1
end 1s

expect leader n1 at 99ms
expect n1 term 2 at 99ms
expect n1 commit 11 at 99ms
expect n2 log 1 1 1 1 1 1 1 1 1 1 2 2 at 180ms
expect n3 log 1 1 1 1 1 1 1 1 1 1 2 at 180ms
expect n3 state pre-candidate at 191ms
expect n3 term 2 at 201ms
expect n3 state follower at 300ms
expect leader n1 at 400ms
expect n1 term 2 at 400ms
expect n3 commit 12 at 400ms
