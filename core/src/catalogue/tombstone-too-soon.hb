scenario "The tombstone that went too soon"
protocol gossip with bug tombstone-too-soon
nodes 3
seed 1
latency 40ms
disk 1ms
set exchange push
set tombstone-life 800ms
client c1 at n1

at 30ms c1 tell x 1
at 850ms partition n1 n2 | n3
at 900ms c1 delete x
at 2300ms heal
end 3s

when tell say "{node} tells x = 1. In a few rounds all three have it."
when partition say "n3 is away for a while."
when delete say "x is deleted. A tombstone says so, and spreads as x did."
when drop say "{node} throws its tombstone away: it is old enough." "How old is old enough? Until everybody has seen it, and n3 has not."
when heal say "n3 is back. It still has x."
when learn of n1 say "{node} is told x = 1, and knows nothing against it."

expect n3 x 1 at 2200ms
expect violated what is dead stays dead
