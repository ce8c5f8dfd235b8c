scenario "The forgotten vote"
protocol raft with bug forget-vote
nodes 5
seed 678
latency 20ms..40ms
client c1 every 200ms put x

at 900ms crash leader
at 1s partition n1 n2 n5 | n3 n4
at 1120ms restart n3
at 1125ms crash n2
at 1150ms partition n1 n5 | n2 n3 n4
at 1160ms restart n2
end 1500ms

when leader of n3 say "{node} leads term {term}. Votes are kept in memory only." "The rule that a vote is on disk before it is sent is switched off."
when crash of n3 say "{node} is dead. Soon the others will vote."
when election of n1 say "{node} asks for votes in term {term}. n2 and n5 can hear it."
when crash of n2 say "n2 has voted for n1. Now a power cut wipes its memory." "The vote has left, and the one who gave it will not know."
when election of n4 say "{node}, on the other side, asks n2 for its vote in the same term."

expect n1 vote n3 at 800ms
expect n2 vote n1 at 1124ms
expect leader n1 at 1180ms
expect n1 term 2 at 1180ms
expect leader n4
expect n4 term 2
expect violated one leader per term
