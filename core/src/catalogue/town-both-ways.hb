scenario "Telling and asking"
protocol gossip
nodes 1000
seed 1
latency 25ms..50ms
disk 1us
set exchange push-pull
client c1 at n1

at 30ms c1 tell x 1
end 1200ms

when tell say "The same town. But now each asks the one whom it meets, too."
at 450ms say "Four rounds: each who knows has told one and been asked by one." "So they treble, more or less."
at 850ms say "By telling alone, over a third of the rest would miss a round's news." "By asking, nearly each of them meets one who knows: the end comes at once."
at 1100ms say "All of a thousand know, after ten rounds and not seventeen."

expect committed 1
