# Rebuilds etcd-io/raft testdata/snapshot_succeed_via_app_resp.txt: a follower that is being sent
# a snapshot gets what it needs by another way, and the leader goes on with entries. Here that
# way are entries that were stuck in the network.
scenario "etcd: snapshot_succeed_via_app_resp.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set client-timeout 60s
client c1 at n1

hold n1->n3 append #1
hold n1->n3 append #2
hold n1->n3 snapshot #1
at 10ms timeout n1
at 60ms c1 put x 1
at 90ms c1 put x 2
at 110ms tell n1 snapshot
at 230ms deliver n1->n3 append #1
at 231ms deliver n1->n3 append #2
at 260ms c1 put x 3
at 300ms deliver n1->n3 snapshot #1
end 500ms

expect n1 snapshot 2 at 200ms
expect n1 match 2 2 0 at 229ms
expect n1 match 2 2 2 at 250ms
expect n3 log 1 1 1
expect n1 match 3 3 3
expect n3 x 3
