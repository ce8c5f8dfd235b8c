scenario "Both survive"
protocol lww
nodes 3
seed 1
latency 200us
disk 100us
set stamps vector
client c1 at n1
client c2 at n3
client c3 at n2

at 1ms c1 put x 1
at 1ms c2 put x 2
at 2ms c3 get x
at 3ms c3 put x 3
end 5ms

when request of c1 say "c1 and c2 write x at the same time, at different replicas." "Neither knows of the other: whichever were kept, the other would be lost."
when beside of n2 say "n2 has both writes. Neither has seen the other: they stay side by side." "Siblings. By version vectors, not by any clock."
when answer of c3 say "c3 reads both: {value}. What they mean together only c3 can decide."
when write of n2 say "It writes 3, knowing both. That replaces them, here and everywhere."

expect n1 x 3
expect n2 x 3
expect n3 x 3
