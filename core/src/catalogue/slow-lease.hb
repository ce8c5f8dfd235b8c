scenario "A lease by a slow clock"
protocol multipaxos with bug lease-without-bound
nodes 3
seed 1
latency 10ms
disk 1ms
set heartbeat 10s
set election-timeout 30s..60s
set client-timeout 60s
set reads lease
set lease 400ms
set clock-drift-bound 1000000
client c1 at n1
client c2 at n2

drop n2->n1 prepare #1
drop n2->n1 heartbeat #1
drop n2->n1 accept #1
drop n2->n1 accept #2
at 1ms drift n1 -300000ppm
at 610ms timeout n1
at 640ms c1 put x 1
at 1045ms timeout n2
at 1070ms c2 put x 2
at 1120ms c1 get x
end 1200ms

when drift say "{node}'s clock runs slow: 400 ms by it are 571 ms for the others." "The text allows for that: clocks may differ by a factor of two."
when leader of n1 say "{node} leads. Each heartbeat that is answered is a lease of 400 ms." "So long the others promise nothing to anybody else. Until then n1 may read alone."
when leader of n2 say "For n2 and n3 the lease is over. {node} leads ballot {term}." "n1 has not heard of it: the messages to it get lost."
when lease-read say "{node} reads by its lease. By its own clock that still lasts." "It should have ended it earlier, by as much as its clock may be the slower one."

expect answered 2 at 1119ms
expect violated linearizable
