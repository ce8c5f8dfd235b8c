scenario "A clock slower than thought"
protocol raft
nodes 3
seed 9
latency 20ms..40ms
set reads lease
set election-timeout 400ms..450ms
set client-timeout 5s
client c1 at n1
client c2 at n2
client c3 at n1

at 10ms drift n1 -500000ppm
at 20ms timeout n1
at 300ms c1 put x old
at 600ms partition n1 c1 c3 | n2 n3 c2
at 1120ms c2 put x new
at 1280ms c3 get x
end 1500ms

when drift say "n1's clock runs at half speed. The servers were told to expect 1%." "No rule is off here. What the servers rely on is not true."
when partition say "The leader is cut off. Its lease has a while to run, by its own clock." "On the other side the election timeout is over much sooner."
when leader of n2 say "{node} leads term {term} while n1 still counts on its lease." "c2 writes here, then c3 reads at n1."
when read of n1 say "n1 answers what was true before, and cannot know it." "A read index asks a majority and needs no clock: set reads index."

expect leader n2 at 1040ms
expect n1 state leader at 1340ms
expect violated linearizable
