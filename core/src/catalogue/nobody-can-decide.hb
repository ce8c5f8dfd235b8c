scenario "Nobody can decide"
protocol paxos
nodes 3
seed 1
latency 20ms..40ms
set client-timeout 30s
client c1 at n1
client c2 at n2

at 0s adversary
at 20ms c1 propose X
at 40ms c2 propose Y
at 2600ms adversary within 45ms
end 4s

when prepare of n1 say "Two want to be heard: n1 wants X, n2 wants Y. Two of three must accept." "Who delivers the messages here wants nothing to be decided, and sees everything."
when propose say "{node} may propose. One “accepted” more, and its value would be chosen." "Just that message is held back, until it decides nothing any more. Nothing is ever lost."
when abandon say "{node} hears of a higher ballot, waits a random while, and outbids." "The random wait does not help: this scheduler sees it, and picks who goes next."
at 2600ms say "From now on every message arrives within 45 ms." "What has been held back for longer must be let in, whatever it decides."
when chosen say "Chosen in ballot {term}, after a score of them. Nothing was ever unsafe." "Without any bound on time no protocol that survives a crash can promise to decide (Fischer, Lynch and Paterson). Hence timeouts."

expect answered 0 at 2600ms
expect n1 chosen unknown at 2600ms
expect n2 chosen unknown at 2600ms
expect answered 2
expect one value is chosen
expect promises are kept
