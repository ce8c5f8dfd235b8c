scenario "The forgotten term"
protocol raft with bug forget-term
nodes 5
seed 1764
latency 20ms..40ms
client c1 every 200ms put x

at 900ms crash leader
at 1s partition n1 n2 n5 | n3 n4
at 1120ms restart n3
at 1125ms crash n2
at 1150ms partition n1 n5 | n2 n3 n4
at 1160ms restart n2
end 1500ms

when leader of n3 say "{node} leads term {term}. The term is kept in memory only." "The rule that the term is on disk before a vote leaves is switched off."
when crash of n3 say "{node} is dead. Soon the others will vote."
when election of n1 say "{node} asks for votes in term {term}. n2 and n5 can hear it."
when crash of n2 say "n2 has voted in term 2. Now a power cut wipes the term from its memory." "It will wake up in term 1, and term 2 will look new to it."
when election of n4 say "{node}, on the other side, asks n2 for a vote in term 2 as well."

expect n1 vote n3 at 800ms
expect n2 vote n1 at 1124ms
expect leader n1 at 1180ms
expect n1 term 2 at 1180ms
expect leader n4
expect n4 term 2
expect violated one leader per term
