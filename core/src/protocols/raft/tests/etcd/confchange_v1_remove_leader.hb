# Rebuilds etcd-io/raft testdata/confchange_v1_remove_leader.txt: the leader removes itself, and
# an entry of its is still under way when that is committed: "bar" is not committed by it. Here
# the change counts from when it is in a log, so the leader doesn't count itself for it.
scenario "etcd: confchange_v1_remove_leader.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set no-op on
set client-timeout 60s
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 100ms cut n1->n3
at 101ms tell n1 remove n1
at 102ms c1 put x 1
at 150ms heal
at 220ms c2 put x 2
at 400ms tell n1 add n1
at 410ms timeout n1
end 600ms

expect leader n1 at 149ms
expect n1 commit 1 at 149ms
expect n2 log 1 1 1 at 149ms
expect n1 state outside
expect n1 term 1
expect n2 members n2 n3
expect n3 members n2 n3
expect n1 commit 3
expect answered 1
