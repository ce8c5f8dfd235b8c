scenario "Failover loses a write"
protocol primary-backup
nodes 3
seed 3
latency 20ms..40ms
set mode async
client c1 at n1

drop n1->n2 append #1
drop n1->n3 append #1
at 10ms timeout n1
at 300ms c1 put x 1
at 400ms crash n1
at 1400ms restart n1
at 2s c1 get x
end 2500ms

when leader of n1 say "{node} is the primary. A write is done when its own disk has it." "That is the mode async: the backups get a copy, and nobody waits for it."
when append of n1 say "{node} takes the write. Both copies get lost on the way." "It would send them again, after two heartbeats without an answer."
when answer of c1 say "c1 is told that its write is done."
when crash say "{node} loses power. To the others it is silence." "When their patience runs out they ask each other who has the most."
when leader of n2 say "{node} takes over, in epoch {term}. Its log is empty." "Nobody who is up has ever seen the write."
when truncate of n1 say "{node} is back. Its entry is of an epoch that is over: it is removed." "It was acknowledged, it was on a disk, and now it is gone."

expect answered 1 at 390ms
expect n1 log 1 at 390ms
expect leader n2 at 1300ms
expect n2 commit 0 at 1300ms
expect answered 2
expect violated acknowledged is not lost
expect violated linearizable
