scenario "Found by search: new, then old"
protocol dynamo
seed 41
nodes 3
latency 10ms..200ms
latency c1->n1 1ms
latency c2->n2 1ms
latency n2->c2 1ms
client c1 at n1
client c2 at n2

at 200ms c2 get x
at 300ms c1 put x 3
at 360ms c2 get x
at 580ms say "The same client, first 3, then nothing. No order explains that."
end 600ms

when request of c2 say "Nobody has scripted this: a search over seeds has found it." "Nothing fails, nothing is held. Messages take between 10 and 200 ms."
when put say "c1 writes x = 3. N = 3, R = W = 2: every read meets every write."
when answer of c2 again say "c2 has read, and its answer is: {value}." "Two of three servers have answered, as they must. c1 still waits for W."

expect c2 answer 3 at 355ms
expect c1 answer none at 590ms
expect answered 2 at 590ms
expect c2 answer nothing
expect reads see acknowledged writes
expect violated linearizable
