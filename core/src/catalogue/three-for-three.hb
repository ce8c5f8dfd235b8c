scenario "Three for three: joint consensus"
protocol raft
nodes 6
seed 1
latency 20ms..40ms
set heartbeat 150ms
set election-timeout 500ms..900ms
set client-timeout 600ms
set no-op on
set pre-vote on
set check-quorum on
set members 3
client c1 every 150ms put x

at 1s tell leader members n4 n5 n6
end 4s

at 0s say "n1, n2 and n3 keep the log. n4, n5 and n6 are to take over." "All three at once, while clients write."
when leader say "{node} leads term {term}."
when joint say "Entry {index}: both trios are in charge. Each has to agree." "If all just switched, each at its own time, both trios could decide alone."
when change say "That is committed in both. Entry {index}: only the new three." "From here on the old three decide nothing."
when leave say "{node} is no member any more. Its last entry is committed: it goes." "It led a cluster it did not count in."
when leader of n6 say "n6 leads term {term}: the new three choose among themselves."

expect n3 state outside at 1500ms
expect n1 members n1 n2 n3 and n4 n5 n6
expect n4 members n4 n5 n6
expect n5 members n4 n5 n6
expect n6 members n4 n5 n6
expect leader n6
expect committed 8
expect linearizable
