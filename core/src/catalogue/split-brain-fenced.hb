scenario "Split brain, fenced"
protocol primary-backup
nodes 3
seed 3
latency 20ms..40ms
set mode async
set epochs on
client c1 at n1
client c2 at n2

at 10ms timeout n1
at 500ms partition n1 c1 | n2 n3 c2
at 600ms c1 put x 1
at 1200ms c2 put y 2
at 1500ms heal
at 2s c1 get y
at 2200ms c2 get x
end 2800ms

when leader of n1 say "{node} is the primary. n2 and n3 keep copies of its log."
when partition say "The network falls in two. n1 has one client on its side." "n1 notices nothing. n2 and n3 hear no more heartbeats."
when answer of c1 say "c1's write is done, says n1." "In the mode async it waits for no backup."
when leader of n2 say "n2 takes n1 for dead. Now there are two primaries." "A timeout cannot tell a dead primary from a distant one."
when answer of c2 say "c2's write is done, says n2. Each side has an entry 1, not the same." "Both were acknowledged."

when step-down of n1 say "The network is whole again. n1 hears of epoch {term} and steps down." "Its epoch 1 is over. Whatever it still sends is refused: it is fenced off."
when truncate of n1 say "n1 follows n2, and its entry is removed. The logs agree again." "c1 was told that this entry was written. Epochs did not save it."
at 2350ms say "c1 reads y: 2. c2 reads x: nothing." "An epoch says who came later. That a write stays, only a majority could have promised."

expect leader n1 at 400ms
expect n2 state primary at 1s
expect n1 state primary at 1s
expect n1 epoch 1 at 1s
expect n2 epoch 2 at 1s
expect leader n2
expect n1 state backup
expect n1 log 2 2 2
expect violated one primary at a time
expect violated acknowledged is not lost
expect violated linearizable
