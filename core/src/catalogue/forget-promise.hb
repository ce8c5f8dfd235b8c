scenario "The forgotten promise"
protocol raft with bug forget-promise
nodes 3
seed 1
latency 20ms..40ms
set reads lease
set election-timeout 400ms..600ms
set client-timeout 5s
client c1 at n1
client c2 at n3
client c3 at n1

at 20ms timeout n1
at 300ms c1 put x old
at 400ms cut n1--n3
at 900ms partition n1 c1 c3 | n2 n3 c2
at 905ms kill n2
at 910ms restart n2
at 920ms timeout n3
at 1050ms c2 put x new
at 1180ms c3 get x
end 1500ms
when ignore of n2 say "n3 hears no leader and asks for votes. {node} hears one, and ignores it." "n1's lease rests on that: nobody votes who heard it within 400 ms."
when partition say "n1 is cut off. The same moment n2's process dies and comes back." "Its disk holds term, vote and log. When it last heard a leader is not on it."
when leader of n3 say "{node} leads term {term}: n2, just restarted, has voted for it." "n1's lease still runs."
when read of n1 say "n1 answers by its lease, after c2 was told of its write at n3." "A server that restarts must wait before it votes, as if it had just heard a leader."
expect leader n3 at 1s
expect n1 state leader at 1230ms
expect violated linearizable
