scenario "Not yet on disk"
protocol raft with bug ack-before-sync
nodes 3
seed 1
latency 20ms..40ms
disk 150ms..200ms
client c1 at n1

drop n1->n3 append #1
at 20ms timeout n1
at 250ms c1 put x 1
at 405ms crash n1 n2
at 430ms restart n1 n2
at 800ms c1 get x
end 1500ms

when leader of n1 say "{node} leads term {term}. The disks are slow today." "A sync takes 150 ms to 200 ms. Nobody waits for it: that rule is off."
when append of n1 say "{node} takes a write, and asks the others to keep it." "The message to n3 gets lost. The one to n2 arrives."
when answer say "The client is told that its write is done." "Two of three have it: in memory. Dashed cells are not on disk."
when crash of n1 say "The power fails at n1 and n2." "What was not on disk is gone. How many machines have the write now?"
when leader of n3 say "{node} leads term {term}. It never had the write."

expect answered 1 at 400ms
expect n1 log 1 at 404ms
expect n2 log 1 at 404ms
expect violated acknowledged is on disk
expect violated committed stays committed
expect violated everyone applies the same
expect violated linearizable
