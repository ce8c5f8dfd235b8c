scenario "The machine that stood still"
protocol raft
nodes 3
seed 8
latency 20ms..40ms
set reads lease
set election-timeout 400ms..450ms
set client-timeout 5s
client c1 at n1
client c2 at n2
client c3 at n1

at 20ms timeout n1
at 300ms c1 put x old
at 560ms partition n1 c1 c3 | n2 n3 c2
at 565ms suspend n1 for 800ms
at 1150ms c2 put x new
at 1370ms c3 get x
end 1600ms

when leader of n1 say "{node} leads and reads by lease: it asks nobody while its clock allows it." "The others promised 400 ms without an election, counted by their own clocks."
when suspend say "n1's machine is suspended, and its clock with it." "A virtual machine on its way to another host, say. For the others 800 ms pass."
when leader of n2 say "{node} leads term {term}. c2 writes here." "For n1 no time has passed."
when resume say "n1 goes on. By its clock its lease still runs." "A pause would not do this: a clock that runs on tells of it."
when read of n1 say "n1 answers what was true before, and cannot know it." "Who reads by lease relies on a clock that never stands still."

expect n1 state leader at 1500ms
expect violated linearizable
