scenario "The write that nobody had seen"
protocol dynamo with bug replace-unseen
nodes 3
seed 1
latency 20ms..40ms
disk 1ms
client c1 at n1
client c2 at n2
client c3 at n3

at 20ms c1 put cart milk
at 300ms c2 put cart eggs
at 600ms c3 get cart
end 900ms

when written of n1 say "c1 has put milk into the cart. It is acknowledged."
when put of n2 say "c2 puts eggs, without having read: it knows of no milk."
when answer of c3 say "Eggs, and no milk. c1 was told that its write is safe." "A write may replace what its writer has seen. All else must stay beside it."

expect n3 cart eggs
expect violated acknowledged is not lost
expect violated reads see acknowledged writes
