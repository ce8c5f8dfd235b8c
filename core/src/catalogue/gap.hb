scenario "A gap in the log"
protocol multipaxos
nodes 3
seed 1
latency 20ms..40ms
client c1 at n1
client c2 at n1
client c3 at n1

drop n1->n2 accept #2
drop n1->n3 accept #2
at 20ms timeout n1
at 200ms c1 put x 1
at 320ms c2 put y 2
at 330ms c3 put z 3
at 440ms crash n1
at 520ms timeout n2
end 1800ms

when leader of n1 say "{node} leads ballot {term}. Phase 1 was done once, for all slots to come." "From now on a command costs one round trip: accept, accepted."
when chosen of n1 say "Slot {index} is chosen: a majority has it on disk."
when gap say "Slot {index} is chosen, too, but slot 2 is not: its messages got lost." "n1 may not execute slot 3 before slot 2. c3 waits."
when crash say "{node} dies before it can ask again for slot 2."
when prepare of n2 say "{node} asks, in ballot {term}, what was accepted from slot {index} on."
when no-op say "Nobody reports anything for slot {index}: a no-op goes there." "A majority knows nothing of it, so it was not chosen, and c2 was never told that it was."
when take-over of n2 say "Slot {index} is reported: its value is proposed again." "It may have been chosen. Choosing it again does no harm."
at 1750ms say "c3's command stands in its slot. c2 asks again and gets another one." "Executed once, however often it is asked for: a client's commands are numbered."

expect n1 applied 1 at 439ms
expect n1 chosen 1 at 439ms
expect answered 1 at 439ms
expect n2 z 3
expect n2 y 2
expect answered 3
expect everyone applies the same
expect linearizable
