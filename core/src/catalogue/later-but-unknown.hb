scenario "Later, but nobody knows"
protocol lww
nodes 2
seed 1
latency 200us
disk 100us
set stamps lamport
set anti-entropy 3ms
client c1 at n1
client c2 at n2

at 400us cut n1--n2
at 500us c1 put x 1
at 1.5ms c1 put x 2
at 3.5ms c2 put x 3
at 4.5ms heal
end 8ms

when cut say "n1 and n2 hear nothing of each other."
when answer of c1 say "c1 has written x = 1 at n1. Soon it writes x = 2."
when request of c2 say "c1 is done with both. Now c2 writes x = 3 at n2." "n1's Lamport clock has counted to 2. n2's stands at 0: it has heard of nothing."
when drop say "They meet again. 2 is more than 1: x = 3, the later write, is dropped." "A Lamport clock follows causes, and c2 knew of none. Only who keeps both loses neither."

expect n1 x 2
expect n2 x 2
expect violated a later write is not dropped
