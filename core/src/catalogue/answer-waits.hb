scenario "The answer waits for its question"
protocol broadcast
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

when post of n1 say "c1 asks. The message to n3 takes a detour." "With it go three numbers: how much of n1, n2 and n3 its sender had delivered."
when deliver of n2 say "{node} has the question, and c2 answers."
when wait of n3 say "n3 has the answer, and holds it back." "The answer's numbers say: its sender had delivered a message of n1. n3 has none."
when deliver of n3 say "The question has come: n3 delivers it, and the answer right after." "What caused a message comes before it. What is concurrent may come in any order."

expect n2 delivered question answer
expect n3 waiting 1 at 300ms
expect n3 delivered question answer
expect after what caused it
