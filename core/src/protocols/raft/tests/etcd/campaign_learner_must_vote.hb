# Rebuilds etcd-io/raft testdata/campaign_learner_must_vote.txt: n3 has been promoted, but does
# not know that yet: it must vote all the same, or nobody could be elected. As in the
# dissertation (§4.1): who is asked does not consult its own configuration.
scenario "etcd: campaign_learner_must_vote.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set no-op on
set members 2

at 10ms timeout n1
at 100ms tell n1 learner n3
at 200ms tell n1 add n3
at 199ms cut n1->n3
at 300ms kill n1
at 310ms timeout n2
end 600ms

expect n3 members n1 n2 + n3 at 290ms
expect n3 state learner at 290ms
expect n2 members n1 n2 n3 at 290ms
expect leader n2
expect n2 term 2
expect n3 members n1 n2 n3
expect n3 state follower
