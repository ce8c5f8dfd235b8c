scenario "Neither done nor undone"
protocol dynamo
nodes 3
seed 1
latency 20ms..40ms
disk 1ms
set client-timeout 400ms
set anti-entropy off
client c1 at n1
client c2 at n2

drop n1->n2 store #1
at 20ms c1 put x 1
at 75ms crash n1
at 600ms c2 get x
end 800ms

when put say "c1 writes x = 1 through n1. Two of three must store it."
when crash say "n1 dies. n3 will store the write, n2 never hears of it."
when give-up say "c1 stops waiting. Its write is not done, and not undone either." "To report it as failed would be a lie: it is somewhere."
when read of n2 say "c2 reads through n2, and n3 has it."
when answer of c2 say "It reads 1. A write without an answer may be read at any time later."

expect answered 0 at 590ms
expect answered 1
expect n3 x 1
expect linearizable
