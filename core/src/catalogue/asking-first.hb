scenario "Asking first"
protocol raft
nodes 5
seed 1
latency 20ms..40ms
set pre-vote on
client c1 at n1 every 150ms put x

at 20ms timeout n1
at 500ms partition n5 | n1 n2 n3 n4
at 1800ms heal
end 2400ms

when leader of n1 say "{node} leads term {term}. Whoever hears no leader asks first if it could win." "No term changes by asking. That is all that pre-vote is."
when pre-vote of n5 say "{node}, cut off, asks whether it could win. Nobody hears it." "Without this question it would start an election, and a new term, each time."
when heal say "n5 is back, still in term 1." "Otherwise its high term would now depose a leader that did nothing wrong."

expect n5 term 1 at 1790ms
expect leader n1
expect n1 term 1
expect n5 state follower
expect linearizable
