scenario "Registered in one step"
protocol lock
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 5s
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 claim ann first
at 210ms c2 claim ann second
end 1s

when leader say "n1 to n3 keep names. Each name is for one."
when request of c1 say "c1 asks for ann: if nobody has it, it is mine." "Looking and taking are one command, in one place of the log. c2 asks the same."
when claim of n1 say "The first in the log has won. The second finds the name taken."
when answer of c2 say "c2 is told: {value}."
when answer of c1 say "c1 is told: {value}." "A lock would not have helped more: compare-and-set is all that it takes."

expect answered 2
expect linearizable
