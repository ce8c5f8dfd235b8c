scenario "The minority's leader"
protocol raft
nodes 5
seed 694
latency 20ms..40ms
client c1 at n3 every 250ms put x
client c2 at n1 every 250ms put x

at 1012ms partition n3 n4 c1 | n1 n2 n5 c2
at 2200ms heal

when leader of n3 say "{node} leads term {term}. Two clients write through it." "Each write is done once three of five machines have it on disk."
when partition say "The network falls in two. The leader keeps two machines of five." "It notices nothing. On the other side three machines hear no more heartbeats."
when election of n1 say "{node} has heard no leader for too long and asks for votes in term {term}." "Three machines are on its side. That is enough, if all three vote for it."
when leader of n1 say "Two leaders. Only one of them can commit." "n3 still leads term 1, but it reaches two of five. {node} leads term {term} with three."
when commit of n1 say "{node} commits entry {index}: three of five have it. n3 commits nothing." "Follow the clients: c2, beside n1, gets answers again. c1, beside n3, waits."
when truncate of n3 say "{node} hears of term 2. What it could not commit is overwritten." "Nobody was ever told that it was written. c1 asks again, and now n1 does it."
end 2800ms

expect leader n3 at 2199ms
expect n3 term 1 at 2199ms
expect n3 commit 6 at 1100ms
expect n3 commit 6 at 2199ms
expect n3 log 1 1 1 1 1 1 1 at 2199ms
expect leader n1 at 2199ms
expect n1 term 2 at 2199ms
expect n1 commit 10 at 2199ms
expect n3 state follower
expect n3 term 2
expect linearizable
