scenario "A server joins"
protocol raft
nodes 4
seed 1
latency 20ms..40ms
set heartbeat 150ms
set election-timeout 500ms..900ms
set client-timeout 1s
set no-op on
set members 3
set snapshot-chunk 2
client c1 every 80ms put x or put y or put z

at 1200ms tell leader snapshot
at 1500ms tell leader add n4
at 2600ms crash n3
end 4s

at 0s say "Three machines are the cluster. n4 runs, and is no member." "It has an empty log and no vote: it waits, and asks nobody for anything."
when leader say "{node} leads term {term}; clients write."
when snapshot say "{node} writes its state down, and forgets the log up to entry {index}." "A log that only grows would fill every disk."
when catch-up say "n4 shall join. First it gets what the others have." "As a voter it would count in every majority and could agree to nothing."
when send-snapshot say "The first entries are gone, so {node} sends its snapshot, in pieces."
when install say "n4 has the state up to entry {index}. Now the log behind it." "Each round sends what came meanwhile; a short round means that it keeps up."
when change say "Entry {index} says: four members. From here on three must agree." "The configuration counts from the moment it is in a log, committed or not."
when crash say "One of four fails. The three that are left go on." "Of three machines, two had to agree; of four, three. What would five have gained?"

expect n4 state outside at 1400ms
expect n4 members n1 n2 n3 n4
expect n1 members n1 n2 n3 n4
expect leader
expect committed 12
expect linearizable
