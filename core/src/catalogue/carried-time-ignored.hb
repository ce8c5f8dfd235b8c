scenario "A time that is not taken over"
protocol lww with bug ignore-carried-time
nodes 3
seed 1
latency 200us
disk 100us
set stamps hlc
client c1 at n1
client c2 at n3

at 500us step n1 by 3ms
at 1ms c1 put x 1
at 2ms c2 get x
at 3ms c2 put x 2
end 5ms

when step say "n1's clock is 3 ms ahead. The clocks are hybrid."
when answer of c2 say "c2 has read x = 1, with its time. That time goes along with c2's write."
when drop of n3 say "n3 stamps x = 2 without a look at it: dropped." "A hybrid clock that takes nothing over is a wall clock with a counter."

expect n3 x 1
expect violated a write stands above what its client saw
expect violated a later write is not dropped
