scenario "A reply before its question"
protocol broadcast
nodes 3
seed 1
latency 20ms..40ms
set order fifo
client c1 at n1
client c2 at n2

delay n1->n3 message #1 by 200ms
at 100ms c1 post question
when deliver of n2: c2 post answer
end 700ms

when post of n1 say "c1 asks; its process n1 tells all others." "The message to n3 takes a detour."
when deliver of n2 say "{node} has the question, and c2 answers."
when post of n2 say "n2 tells all others. The way to n3 is free."
when deliver of n3 say "n3 shows an answer to a question that it has never seen." "FIFO order keeps the messages of one sender in order. These are of two."

expect n1 delivered question answer
expect n2 delivered question answer
expect n3 delivered answer question
expect by sender in the order of sending
