# Rebuilds etcd-io/raft testdata/checkquorum.txt: a campaign fails while there is a leader; a
# leader that hears no majority steps down; then others can win, though not with the vote of a
# server that still hears a leader.
scenario "etcd: checkquorum.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set check-quorum on
set no-op on

at 10ms timeout n1
at 199ms cut n2->n1
at 199ms cut n3->n1
at 200ms timeout n2
at 520ms heal
at 521ms timeout n2
end 1s

expect leader n1 at 190ms
expect n2 state candidate at 210ms
expect n2 term 2 at 210ms
expect n1 term 1 at 300ms
expect n3 term 1 at 300ms
expect n1 state leader at 480ms
expect n1 state follower at 500ms
expect n1 term 1 at 500ms
expect leader n2 at 550ms
expect n1 vote n2 at 550ms
