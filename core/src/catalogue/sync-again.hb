scenario "The second sync"
protocol raft with bug sync-again
nodes 3
seed 4
latency 20ms..40ms
client c1 at n1

at 50ms timeout n1
at 300ms partition n1 n2 | n3
at 350ms disk n2 fails for 110ms
at 400ms c1 put x 1
at 700ms crash n2
at 750ms restart n2
end 1s

when disk say "The disk of {node} fails for a moment." "fsync returns an error. What it should have stored is gone from the disk."
at 455ms say "n2 has taken the write, and its sync has failed. It just syncs again." "It should end, and read its disk anew. That rule is switched off."
when answer say "The second sync went well, so n2 said: stored." "But the system had marked the lost record as clean: the second sync passed over it."
when exit say "{node} finds a hole where the record should be, and will not start."

expect answered 1 at 650ms
expect violated acknowledged is on disk
