scenario "Deleted, and back again"
protocol gossip with bug no-tombstone
nodes 3
seed 1
latency 40ms
disk 1ms
set exchange push
client c1 at n1

at 30ms c1 tell x 1
at 850ms c1 delete x
end 1500ms

when tell say "{node} tells x = 1. In a few rounds all three have it."
when delete say "{node} deletes x: it removes it from its disk."
when learn of n1 say "{node} is told x = 1 by {from}, and takes it for news." "That something is not there does not spread. It has to be said."

expect n2 x 1 at 800ms
expect n3 x 1 at 800ms
expect violated what is dead stays dead
