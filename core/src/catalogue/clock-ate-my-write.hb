scenario "The clock ate my write"
protocol lww
nodes 3
seed 1
latency 200us
disk 100us
client c1 at n1
client c2 at n3
client c3 at n2

at 500us step n1 by 3ms
at 1ms c1 put x 1
at 2ms c2 get x
at 3ms c2 put x 2
at 4ms c3 get x
end 5ms

when step say "n1's clock is 3 ms ahead of the others." "That is not much: many clocks are worse."
when request of c1 say "c1 writes x = 1. n1 stamps the write by its clock, and tells n2 and n3."
when answer of c2 say "c2 reads x at n3: 1. Then it writes x = 2." "It has seen the first write. Nobody could doubt which of the two is later. Which one will stay?"
when drop of n3 say "n3 stamps x = 2 by its own clock. That time is earlier. Dropped." "The last write wins: the one with the later time. That is the first."
when answer of c3 say "c3 reads x: 1. c2 was told that its write is done." "Nobody was told that it is lost. There is no error to see anywhere."

expect answered 4
expect n1 x 1
expect n2 x 1
expect n3 x 1
expect violated a write stands above what its client saw
expect violated a later write is not dropped
