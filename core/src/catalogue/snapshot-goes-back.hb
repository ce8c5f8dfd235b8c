scenario "The snapshot from before"
protocol raft with bug snapshot-goes-back
nodes 3
seed 1
latency 20ms..40ms
set heartbeat 200ms
set election-timeout 30s..60s
set client-timeout 60s
client c1 at n1

delay n1->n3 snapshot #1 by 1200ms
at 10ms timeout n1
at 200ms cut n1--n3
at 210ms c1 put x 1
at 450ms tell n1 snapshot
at 500ms heal
at 1300ms c1 put x 2
end 2500ms

when commit of n1 say "n1 and n2 commit a write. n3 is cut off." "n1 writes its state down and forgets the entry."
when send-snapshot say "n3 is back and needs what n1 has forgotten: a snapshot." "The message takes its time, so n1 sends it again."
when install say "n3 has the snapshot, and soon one more write." "The first message is still under way."
at 1800ms say "The first message arrives, older than what n3 has." "n3 takes it, and is back where it was."

expect n3 x 2 at 1700ms
expect n3 commit 2 at 1700ms
expect violated terms and votes never go back
