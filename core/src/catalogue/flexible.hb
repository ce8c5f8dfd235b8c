scenario "Two of five are enough"
protocol multipaxos
nodes 5
seed 4
latency 20ms..40ms
set phase-1-quorum 4
set phase-2-quorum 2
client c1 at n1 every 200ms put x

at 20ms timeout n1
at 500ms crash n3 n4 n5
at 1300ms crash n1
at 1900ms restart n3 n4
at 2600ms restart n5
end 3500ms

when leader again say "{node} leads ballot {term}." "Small quorums for commands, large ones for leaders: a choice, not a free lunch."
when leader of n1 say "{node} leads ballot {term}: four of five have promised." "For a command two are enough. Any four and any two have one in common, and that is all it takes."
when crash of n3 say "Three of five are dead. Under a majority nothing would go on."
when crash of n1 say "The leader dies as well. n2 is left, and cannot lead." "Who leads must hear four: then it hears of whatever two have accepted. The price is paid here."
when restart of n4 say "n3 and n4 are back, n5 and n1 are not: three promises of four." "They remember what they have promised, not more. Nobody leads."
when restart of n5 say "n5 is back. Four can promise, and among them is whoever has accepted."

expect committed 3 at 1290ms
expect no leader at 2590ms
expect leader
expect one value per slot
expect linearizable
