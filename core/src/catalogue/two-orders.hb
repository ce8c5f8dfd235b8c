scenario "Two orders of the same messages"
protocol broadcast
nodes 3
seed 1
latency 20ms..40ms
set order causal
client c1 at n1
client c2 at n2

at 100ms c1 post red
at 100ms c2 post blue
end 500ms

when post of n1 say "c1 says red, and c2 says blue: neither has heard of the other."
when deliver of n1 say "n1 delivers its own message at once. So does n2."
at 450ms say "n1 has red, then blue; n2 has blue, then red." "Both are right: neither message caused the other. Two copies that apply them now differ."

expect n1 delivered red blue
expect n2 delivered blue red
expect after what caused it
