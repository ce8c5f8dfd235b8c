scenario "What a logical clock changes"
protocol lww
nodes 3
seed 1
latency 200us
disk 100us
set stamps hlc
client c1 at n1
client c2 at n3
client c3 at n2

at 500us step n1 by 3ms
at 1ms c1 put x 1
at 2ms c2 get x
at 3ms c2 put x 2
at 4ms c3 get x
end 5ms

when step say "The same 3 ms, the same operations. Now the clocks are hybrid."
when answer of c2 say "c2 reads x = 1 and hears its time; n3 has heard it, too."
when write of n3 say "n3's wall clock shows less. So n3 takes that time, and counts on." "A write that follows another gets the greater stamp, whatever the clocks show."
when answer of c3 say "c3 reads x: 2."

expect n1 x 2
expect n2 x 2
expect n3 x 2
