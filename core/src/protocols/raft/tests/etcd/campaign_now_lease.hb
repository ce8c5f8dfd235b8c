# Rebuilds etcd-io/raft testdata/campaign_now_lease.txt: where leaders read by lease nobody may be
# made to campaign at will. Here an election timer that runs out early is wound up again.
scenario "etcd: campaign_now_lease.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set reads lease

at 10ms timeout n1
at 200ms timeout n2
at 230ms timeout n3
end 500ms

expect leader n1 at 190ms
expect n2 state follower at 201ms
expect n3 state follower at 231ms
expect leader n1
expect n1 term 1
expect n2 term 1
expect n3 term 1
