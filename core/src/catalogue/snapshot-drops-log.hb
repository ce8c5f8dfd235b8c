scenario "The snapshot that came too late"
protocol raft with bug snapshot-drops-log
nodes 3
seed 1
latency 20ms..40ms
set heartbeat 200ms
set election-timeout 30s..60s
set client-timeout 60s
client c1 at n1
client c2 at n1

hold n1->n3 append #1
hold n1->n3 append #2
hold n1->n3 append #3
hold n1->n3 snapshot #1
drop n1->n2 append #3
at 10ms timeout n1
at 200ms c1 put x 1
at 350ms c1 put x 2
at 390ms c2 put x 3
at 600ms cut n1--n2
at 620ms tell n1 snapshot
at 1100ms deliver n1->n3 append #1
at 1105ms deliver n1->n3 append #2
at 1110ms deliver n1->n3 append #3
at 1113ms deliver n1->n3 snapshot #1
at 1120ms cut n1->n3
at 1290ms crash n1
at 1300ms heal
at 1310ms timeout n2
at 1500ms timeout n3
end 2s

at 200ms say "n1 leads. What it sends n3 gets stuck in the network." "n1 and n2 commit two entries. The third one reaches nobody."
when send-snapshot say "n1 has forgotten the first two entries: n3 gets a snapshot." "It gets stuck as well."
when install say "Now all arrives: three entries, then the snapshot of the first two." "n3 has just acknowledged the third. It throws it away with the log."
at 1150ms say "n1 hears of it, counts two of three, and answers the client."
when crash say "n1 dies. The third entry was on two disks, n3 said." "Who has it now?"

expect n3 log 1 1 1 at 1112ms
expect n1 commit 3 at 1280ms
expect leader n2 at 1450ms
expect violated acknowledged is on disk
expect violated committed stays committed
