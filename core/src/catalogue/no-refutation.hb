scenario "Nobody heard it protest"
protocol detector with bug no-refutation
nodes 3
seed 1
latency 30ms
disk 1ms
timing asynchronous
set verdict refutable
set heartbeat 75ms
set timeout 250ms

at 500ms cut n3->n1
at 900ms heal
end 2s

when cut say "What n3 sends to n1 gets lost for a while."
when suspect say "{node} suspects {to}, and says so. All three hear of it, n3 too."
when heal say "The link carries again, and n3 sends its heartbeats as before."
when dead say "{node} holds {to} for dead, and hears it all the time." "A suspicion that goes round can only be overridden by something newer: a number has to go up."

expect n1 dead n3
expect n2 dead n3
expect violated nobody who lives is held for dead
expect violated nobody who lives is suspected
