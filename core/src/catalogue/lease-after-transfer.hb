scenario "Handed over, and still reading"
protocol raft with bug lease-after-transfer
nodes 3
seed 1
latency 20ms..40ms
set reads lease
set election-timeout 400ms..600ms
set client-timeout 5s
client c1 at n1
client c2 at n2
client c3 at n1

at 20ms timeout n1
at 300ms c1 put x old
at 500ms tell n1 transfer n2
when timeout-now of n1: cut n2->n1
when timeout-now of n1: cut n3->n1
at 600ms c2 put x new
at 740ms c3 get x
end 1s
when transfer say "n1 hands its leadership over to n2: n2 shall start an election at once." "Its log is complete. Who is told by its leader may ask for votes, whatever the others promised."
when leader of n2 say "{node} leads term {term}, long before n1's lease has run out." "What n2 and n3 say no longer reaches n1. c2 writes through n2."
when read of n1 say "n1 looks at its lease: still valid. It answers what was true before." "A lease rests on a promise not to vote. Who hands over takes it back."
expect leader n2 at 610ms
expect n1 state leader at 790ms
expect violated linearizable
