# Rebuilds etcd-io/raft testdata/single_node.txt: a cluster of one elects itself and commits.
scenario "etcd: single_node.txt"
protocol raft
nodes 1
seed 1
disk 1ms
set no-op on

log n1 1 1 1
at 10ms timeout n1
end 100ms

expect n1 state candidate at 10ms
expect leader n1 at 12ms
expect n1 log 1 1 1 2
expect n1 commit 4
