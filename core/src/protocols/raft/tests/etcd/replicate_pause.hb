# Rebuilds etcd-io/raft testdata/replicate_pause.txt: three entries may be on their way to a
# follower; a full window lets only heartbeats through; a follower that has lost them catches up.
# Here entries that stay without an answer for two heartbeats are sent again.
scenario "etcd: replicate_pause.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set no-op on
set in-flight 3
set client-timeout 10s
client c1 at n1
client c2 at n1
client c3 at n1
client c4 at n1
client c5 at n1

log n1 1
log n2 1
log n3 1
at 10ms timeout n1
at 109ms cut n1->n3
at 110ms c1 put x 1
at 111ms c2 put x 2
at 112ms c3 put x 3
at 130ms c1 put x 4
at 131ms c2 put x 5
at 132ms c3 put x 6
at 170ms heal
end 600ms

expect n1 match 2 2 2 at 100ms
expect n1 next 2 3 3 at 100ms
expect n1 match 5 2 2 at 120ms
expect n1 next 2 6 6 at 120ms
expect n1 match 8 8 2 at 160ms
expect n1 next 2 9 6 at 160ms
expect n1 commit 8 at 160ms
expect n3 log 1 2 at 160ms
expect n3 log 1 2 2 2 2 2 2 2
expect n1 match 8 8 8
