scenario "The late confirmation"
protocol raft with bug late-confirmation
nodes 3
seed 1
latency 20ms..40ms
set reads index
set client-timeout 5s
client c1 at n1
client c2 at n3
client c3 at n1

hold n2->n1 beat #4
at 20ms timeout n1
at 200ms c1 put x old
at 330ms c3 get x
when answer of c3: cut n1->n2
when answer of c3: cut n1--n3
at 480ms timeout n3
at 650ms c2 put x new
at 800ms c3 get x
at 900ms deliver n2->n1 beat #4
end 1200ms
when read of n1 say "n1 asked n2 and n3 whether it still leads. n3 was the first to say yes." "n2's answer to that round of heartbeats gets stuck in the network."
when leader of n3 say "{node} leads term {term}. n1, cut off, has not noticed." "c2 writes through n3. Then c3 asks n1 again."
at 945ms say "The stuck answer arrives, and n1 takes it for one to its new question." "It was given before n3 led. Rounds of heartbeats need numbers."
expect n1 state leader
expect leader n3 at 600ms
expect violated linearizable
