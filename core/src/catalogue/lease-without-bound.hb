scenario "A lease by a slow clock"
protocol raft with bug lease-without-bound
nodes 3
seed 9
latency 20ms..40ms
set reads lease
set election-timeout 400ms..450ms
set clock-drift-bound 1000000
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
when drift say "n1's clock runs at half speed." "Clocks may differ by that much here: it is what the servers were told to expect."
when commit of n1 say "n1's heartbeats are answered. So it holds a lease: nobody else may lead." "It counts 400 ms, the shortest election timeout. By its slow clock."
when partition say "The leader is cut off. Its lease has a while to run." "On the other side 400 ms are over much sooner."
when leader of n2 say "{node} leads term {term} while n1 still counts on its lease." "c2 writes here, then c3 reads at n1."
when read of n1 say "n1 looks at its clock, is content, and answers what was true before." "A lease must be as much shorter as clocks may differ."
expect leader n2 at 1040ms
expect n1 state leader at 1340ms
expect violated linearizable
