scenario "The late message"
protocol raft with bug truncate-always
nodes 3
seed 21
latency 20ms..40ms
client c1 at n1

hold n1->n2 append #1
at 20ms timeout n1
at 120ms crash n3
at 250ms c1 put x 1
at 330ms c1 put x 2
at 700ms deliver n1->n2 append #1
end 900ms

when crash say "n3 is dead. n1 leads, and needs n2 for every write."
when append say "{node} sends its first entry to n2, and the network holds it back." "n1 will send it again when no answer comes."
when commit say "Sent again, and stored: two of three have the entry on disk." "The first message is still somewhere in the network."
at 690ms say "Now the late message arrives: “after nothing, entry 1”." "n2 has entries 1 and 2. It should see that nothing conflicts, and keep both."

expect answered 2 at 699ms
expect n2 log 1 1 at 699ms
expect n2 commit 2 at 699ms
expect n2 log 1
expect violated committed stays committed
