scenario "Choosing again what was chosen"
protocol paxos
nodes 3
seed 1
latency 20ms..40ms
set client-timeout 30s
client c1 at n1
client c2 at n2

drop n1->n2 accept #1
drop n1->n3 accept #1
drop n2->n1 prepare #1
drop n2->n1 accept #1
drop n2->n1 chosen #1
drop n1->n3 prepare #2
at 20ms c1 propose X
at 130ms c2 propose Y
end 1s

when propose of n1 say "{node} is free to propose X in ballot {term}, and accepts it itself." "Its messages to the others get lost. One of three has X: it is not chosen."
when propose of n2 say "n2 and n3 have accepted nothing: {node} is free, Y in ballot {term}." "n1 might have told it of X, but a majority does not need n1."
when chosen of n2 say "Y is chosen: n2 and n3 have it. c2 is told. n1 knows nothing of it." "n1 still wants X. Its patience runs out, and it tries a higher ballot. What will it propose?"
when take-over of n1 say "{node} hears of X (ballot 1) and Y (ballot 2). It must propose Y." "Any majority has a member that knows what may be chosen, and the highest ballot is the one that counts."
when chosen of n1 say "Y is chosen once more. c1 asked for X and is told Y."

expect n1 accepted 1 X at 350ms
expect n2 accepted 2 Y at 350ms
expect answered 1 at 350ms
expect n1 accepted 4 Y
expect n1 chosen Y
expect answered 2
expect above what is chosen the same value
expect linearizable
