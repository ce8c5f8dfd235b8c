# Rebuilds etcd-io/raft testdata/confchange_v1_add_single.txt: a cluster of one adds a second
# server, which gets the first one's snapshot and then the change. Here the new server catches up
# first (dissertation §4.2.1), and the change counts from when it is in a log.
scenario "etcd: confchange_v1_add_single.txt"
protocol raft
nodes 2
seed 1
latency 5ms
disk 1ms
set no-op on
set members 1

at 10ms timeout n1
at 90ms tell n1 snapshot
at 100ms tell n1 add n2
end 300ms

expect leader n1 at 99ms
expect n2 state outside at 99ms
expect n1 members n1 n2
expect n2 members n1 n2
expect n2 state follower
expect n2 snapshot 1
expect n1 match 2 2
expect n2 commit 2
