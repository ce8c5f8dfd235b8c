scenario "Two proposers duel"
protocol paxos
nodes 3
seed 1
latency 30ms
disk 1ms
set back-off 0s
set round-timeout 5s
set client-timeout 30s
client c1 at n1
client c2 at n2

at 0s cut n1--n2
at 0s disk n3 slow by 20ms
at 20ms c1 propose X
at 90ms c2 propose Y
at 2300ms pause n2 for 300ms
end 3300ms

when prepare of n1 say "{node} wants X, and asks for promises in ballot {term}." "n1 and n2 do not hear each other. Each needs n3."
when prepare of n2 say "{node} wants Y, and asks in ballot {term}, which is higher." "n3 promises it, and with that it promises to refuse whatever is lower."
when refuse of n3 say "{node} refuses n1's “accept”: it has promised a higher ballot." "n1 does not wait. It asks again, in a ballot that is higher still."
when abandon of n2 say "Now {node} is refused, and outbids in turn. So it goes on." "Nobody is wrong, and nobody wins: each new “prepare” comes just before the other's “accept”."
when pause say "{node} stops for a moment." "That is all that a back-off is: one of them waits."
when chosen say "{node} has n3 to itself for one round: X is chosen in ballot {term}." "When each draws its wait at random, they fall out of step by themselves. A leader is a proposer that others leave alone."

expect answered 0 at 2299ms
expect n1 chosen unknown at 2299ms
expect answered 2
expect n1 chosen X
expect n2 chosen X
expect one value is chosen
