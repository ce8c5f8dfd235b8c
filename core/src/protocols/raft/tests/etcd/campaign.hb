# Rebuilds etcd-io/raft testdata/campaign.txt: an election, the leader's first entry, its commit.
scenario "etcd: campaign.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set no-op on

log n1 1 1
log n2 1 1
log n3 1 1
at 10ms timeout n1
end 200ms

expect n1 state candidate at 15ms
expect n1 vote n1 at 15ms
expect n2 vote n1 at 20ms
expect n3 vote n1 at 20ms
expect leader n1 at 25ms
expect n1 log 1 1 2 at 25ms
expect n2 log 1 1 2 at 30ms
expect n1 commit 3 at 40ms
expect n2 commit 3
expect n3 commit 3
