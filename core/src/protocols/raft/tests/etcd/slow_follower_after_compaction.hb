# Rebuilds etcd-io/raft testdata/slow_follower_after_compaction.txt: what is under way to n3 is
# lost, the leader compacts its log beyond it, and n3 catches up by a snapshot.
scenario "etcd: slow_follower_after_compaction.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set no-op on
set in-flight 2
set client-timeout 60s
client c1 at n1
client c2 at n1
client c3 at n1

at 10ms timeout n1
at 100ms c1 put x 1
at 150ms cut n1->n3
at 151ms c1 put x 2
at 152ms c2 put x 3
at 153ms c3 put x 4
at 200ms tell n1 snapshot
at 250ms heal
end 600ms

expect n1 match 2 2 2 at 149ms
expect n1 commit 5 at 199ms
expect n1 match 5 5 2 at 199ms
expect n1 next 1 6 5 at 199ms
expect n1 snapshot 5
expect n3 snapshot 5
expect n1 match 5 5 5
expect n3 x 4
