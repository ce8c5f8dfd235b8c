scenario "Delivered as it came"
protocol broadcast with bug deliver-on-receipt
nodes 3
seed 1
latency 20ms..40ms
set order causal
client c1 at n1
client c2 at n2

delay n1->n3 message #1 by 200ms
at 100ms c1 post question
when deliver of n2: c2 post answer
end 700ms

when post of n1 say "c1 asks. The message to n3 takes a detour."
when deliver of n2 say "{node} has the question, and c2 answers."
when deliver of n3 say "n3 delivers what came first: the answer." "Its numbers say that a message of n1 comes before it. Nobody looked."

expect n3 delivered answer question
expect violated after what caused it
