# Rebuilds etcd-io/raft testdata/confchange_v2_add_double_auto.txt: a cluster of one adds two
# servers at once by joint consensus, which it leaves by itself; and goes back to one.
scenario "etcd: confchange_v2_add_double_auto.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set no-op on
set members 1

at 10ms timeout n1
at 100ms tell n1 members n1 n2 n3
at 300ms tell n1 members n1
end 500ms

expect n1 members n1 and n1 n2 n3 at 125ms
expect n1 members n1 n2 n3 at 299ms
expect n2 members n1 n2 n3 at 299ms
expect n3 members n1 n2 n3 at 299ms
expect n1 commit 3 at 299ms
expect n1 members n1
expect n2 members n1 n2 n3 and n1
expect n1 commit 5
expect leader n1
