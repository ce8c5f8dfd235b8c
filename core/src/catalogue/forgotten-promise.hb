scenario "The forgotten promise"
protocol paxos with bug forget-promise
nodes 3
seed 1
latency 30ms
disk 1ms
set back-off 10s
set round-timeout 5s
set client-timeout 30s
client c1 at n1
client c2 at n2

hold n1->n3 accept #1
at 1ms cut n1--n2
at 20ms c1 propose X
at 150ms c2 propose Y
at 245ms kill n3
at 250ms restart n3
at 255ms deliver n1->n3 accept #1
end 600ms

when propose of n1 say "{node} may propose X in ballot {term}: it has n3's promise and its own." "It accepts X itself. Its “accept” to n3 gets stuck in the network."
when propose of n2 say "{node} may propose Y in ballot {term}: n3 has promised to refuse less." "So n1's “accept” of ballot 1 can do no harm any more. If n3 remembers."
when restart say "{node} restarts. Its promise was in memory only." "The “accept” of ballot 1 arrives. What does n3 say?"
when chosen of n1 say "X is chosen in ballot 1, by n1 and n3."
when chosen of n2 say "And Y in ballot 2, by n2 and n3. The clients are told two things."

expect n3 promised 2 at 244ms
expect violated promises are kept
expect violated above what is chosen the same value
expect violated one value is chosen
expect violated linearizable
