scenario "All, dead or alive"
protocol primary-backup
nodes 2
seed 3
latency 20ms..40ms
set mode sync
set exclude off
client c1 at n1

at 10ms timeout n1
at 400ms cut n1--n2
at 500ms c1 put x 1
at 1s heal
at 1500ms c1 get x
end 2s


when leader of n1 say "{node} is the primary. A write is done when every backup has it." "Every backup, dead or alive: exclude is off."
when cut say "The line between the two is cut. Each hears nothing of the other."
when leader of n2 say "n2 takes n1 for dead and takes over. Two believe, and neither can act." "Each needs the other's disk for every write. c1 waits."
when heal say "The line is back." "n1 hears of a later epoch and steps down; c1 asks n2."
when answer of c1 say "c1's write is done, once and for all." "Nothing was lost. The price: with one server of two away, nobody could write."

expect answered 0 at 1s
expect n1 state primary at 900ms
expect n2 state primary at 900ms
expect answered 2
expect linearizable
expect violated one primary at a time
