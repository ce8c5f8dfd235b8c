# Rebuilds etcd-io/raft testdata/lagging_commit.txt: a follower has the entries, but its answers
# and the leader's heartbeats that say "committed" are lost; it learns of the commit later, no
# earlier than the leader knows what it has.
scenario "etcd: lagging_commit.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set client-timeout 10s
client c1 at n1
client c2 at n1

log n1 1
log n2 1
log n3 1
drop n3->n1 stored #1
drop n3->n1 stored #2
at 10ms timeout n1
at 110ms c1 put x 1
at 111ms c2 put x 2
end 500ms

expect n3 log 1 2 2 at 130ms
expect n1 commit 3 at 130ms
expect n1 match 3 3 1 at 130ms
expect n3 commit 0 at 130ms
expect n3 commit 1 at 190ms
expect n1 match 3 3 3
expect n3 commit 3
