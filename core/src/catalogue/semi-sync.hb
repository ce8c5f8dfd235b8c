scenario "Enough for one failure"
protocol primary-backup
nodes 3
seed 3
latency 20ms..40ms
set mode semi-sync
set acks 1
client c1 at n1

drop n1->n3 append #1
drop n2->n3 append #4
at 10ms timeout n1
at 300ms c1 put x 1
at 420ms crash n1
at 430ms timeout n3
at 900ms c1 get x
at 1100ms restart n1
at 1800ms c1 put x 2
at 1920ms crash n1 n2
at 2700ms restart n1
at 3300ms c1 get x
end 3700ms

when leader of n1 say "{node} is the primary. A write is done when one backup has it." "That is the mode semi-sync. n3 does not get the write; n2 does."
when answer of c1 say "c1's write is done: it is on two disks of three."
when crash say "n1 loses power. n3 is the first to lose patience." "It has missed the write. May it take over?"
when leader of n2 say "n3 asked around: n2 has more. So n2 takes over, with the write." "One failure, and nothing is lost."
when restart say "n1 is back as a backup. Next, c1 writes x = 2; n3 misses that, too."
when crash of n2 say "Now n1 and n2 lose power, the two that have it."
when leader of n3 say "Nobody is left who has more. {node} takes over without the write." "It had waited for one backup: enough for one failure, not for two."
at 3690ms say "c1 reads x: 1." "To ask for more backups, set acks 2."

expect answered 1 at 419ms
expect n3 commit 0 at 429ms
expect leader n2 at 800ms
expect answered 3 at 1915ms
expect n1 log 1 2 2 at 1919ms
expect n3 log 1 2 at 1919ms
expect leader n3
expect violated acknowledged is not lost
expect violated linearizable
