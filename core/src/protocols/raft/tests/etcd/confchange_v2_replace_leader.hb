# Rebuilds etcd-io/raft testdata/confchange_v2_replace_leader.txt: n4 takes n1's place by joint
# consensus, leadership goes to n4 while the two configurations are joint, n4 ends that, and n1
# can no longer win. Here the leader leaves the joint configuration by itself, so its commit is
# held up until n4 leads; and nobody tells n1 that it is out: it asks, and is ignored (§4.2.3).
scenario "etcd: confchange_v2_replace_leader.txt"
protocol raft
nodes 4
seed 1
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set no-op on
set check-quorum on
set members 3

at 10ms timeout n1
at 100ms tell n1 members n2 n3 n4
when joint: cut n2->n1
when joint: cut n3->n1
at 200ms tell n1 transfer n4
at 205ms heal
at 400ms timeout n1
end 600ms

expect n1 members n1 n2 n3 and n2 n3 n4 at 190ms
expect n4 members n1 n2 n3 and n2 n3 n4 at 190ms
expect leader n1 at 190ms
expect leader n4
expect n4 term 2
expect n4 members n2 n3 n4
expect n2 members n2 n3 n4
expect n3 members n2 n3 n4
expect n4 commit 4
