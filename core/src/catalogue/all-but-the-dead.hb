scenario "All but the dead"
protocol primary-backup
nodes 2
seed 3
latency 20ms..40ms
set mode sync
client c1 at n1

at 10ms timeout n1
at 400ms cut n1--n2
at 500ms c1 put x 1
at 1s heal
at 1500ms c1 get x
end 2s

when leader of n1 say "{node} is the primary. A write is done when every backup has it." "That is the mode sync. Every backup, but for those that n1 takes for dead."
when cut say "The line between the two is cut. Each hears nothing of the other."
when exclude of n1 say "n1 takes n2 for dead and goes on alone, acknowledging c1's write." "It has to: else one dead backup would stop all writes."
when leader of n2 say "n2 takes n1 for dead and takes over. It has never seen that write." "Sync keeps its promise as long as whoever is taken for dead is dead."
when truncate of n1 say "The line is back. n1 is told of epoch {term}; its entry is removed."

expect answered 1 at 900ms
expect leader n2 at 900ms
expect answered 2
expect violated one primary at a time
expect violated acknowledged is not lost
expect violated linearizable
