scenario "The rumour that came late"
protocol gossip with bug old-over-new
nodes 2
seed 1
latency 40ms
disk 1ms
set exchange push
client c1 at n1

delay n1->n2 push #2 by 400ms
at 30ms c1 tell x 1
at 270ms c1 tell x 2
end 900ms

when tell say "{node} tells x = 1."
at 280ms say "x becomes 2. A message that says 1 still hangs in the network."
when learn of n2 say "{node} hears it from {from}."
at 700ms say "The old message came last, and n2 took it: x went back to 1."

expect violated no node goes back
