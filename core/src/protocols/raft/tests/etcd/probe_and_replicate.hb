# Rebuilds etcd-io/raft testdata/probe_and_replicate.txt: the logs of figure 7 under a leader of
# term 8, each follower brought to the leader's log.
scenario "etcd: probe_and_replicate.txt"
protocol raft
nodes 7
seed 1
latency 5ms
disk 1ms
set election-timeout 2s..3s
set no-op on

log n1 1 1 1 4 4 5 5 6 6 6
log n2 1 1 1 4 4 5 5 6 6
log n3 1 1 1 4
log n4 1 1 1 4 4 5 5 6 6 6 6
log n5 1 1 1 4 4 5 5 6 6 6 7 7
log n6 1 1 1 4 4 4 4
log n7 1 1 1 2 2 2 3 3 3 3 3
at 10ms timeout n1
at 12ms timeout n1
end 1s

expect leader n1 at 200ms
expect n1 term 8 at 200ms
expect n1 log 1 1 1 4 4 5 5 6 6 6 8
expect n2 log 1 1 1 4 4 5 5 6 6 6 8
expect n3 log 1 1 1 4 4 5 5 6 6 6 8
expect n4 log 1 1 1 4 4 5 5 6 6 6 8
expect n5 log 1 1 1 4 4 5 5 6 6 6 8
expect n6 log 1 1 1 4 4 5 5 6 6 6 8
expect n7 log 1 1 1 4 4 5 5 6 6 6 8
expect n1 match 11 11 11 11 11 11 11
expect committed 11
