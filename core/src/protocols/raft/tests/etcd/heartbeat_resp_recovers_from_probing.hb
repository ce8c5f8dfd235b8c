# Rebuilds etcd-io/raft testdata/heartbeat_resp_recovers_from_probing.txt: a follower that has
# everything and is probed comes back to normal with the next heartbeat. Here a leader does not
# hear of unreachable followers; it probes one that has not answered since its election.
scenario "etcd: heartbeat_resp_recovers_from_probing.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set client-timeout 10s
client c1 at n1

log n1 1
log n2 1
log n3 1
at 10ms timeout n1
when leader of n1: cut n1->n2
at 90ms heal
at 150ms c1 put x
end 200ms

expect leader n1 at 30ms
expect n1 match 1 0 1 at 80ms
expect n1 match 1 1 1 at 120ms
expect n2 log 1 2 at 165ms
