scenario "Removed, wiped, and asked again"
protocol raft
nodes 5
seed 1
latency 20ms..40ms
set heartbeat 200ms
set election-timeout 30s..60s
set client-timeout 60s
set no-op on
client c1 at n1
client c2 at n2

at 10ms timeout n1
at 200ms c1 put x 1
at 500ms partition n1 | n2 n3 n4 n5
at 550ms timeout n2
at 800ms tell n2 members n1 n2 n3
at 1300ms c2 put x 2
at 1700ms wipe n4 n5
at 1800ms restart n4 n5
at 1900ms partition n1 n4 n5 | n2 n3
at 1950ms crash n1
at 2s restart n1
at 2050ms timeout n1
at 2300ms c1 put x 3
end 3s

when partition say "n1 leads five, and is cut off."
when leader of n2 say "The other four choose n2, for term {term}." "They know more than n1 from here on."
when joint say "n2 takes n4 and n5 out of the cluster: n1, n2 and n3 are to stay." "A majority of the five and one of the three have to agree."
when wipe say "n4 and n5 are members no more, so their disks are wiped." "With the data goes what they promised: not to listen to term 1 again."
at 1900ms say "Started anew they meet n1, who has heard of nothing." "For n1 they are two of five. With itself that makes three."
at 2160ms say "n4 and n5 voted in term 2 before, for n2. Now they vote for n1." "Two leaders of one term, and a second history."

expect n2 members n1 n2 n3 at 1600ms
expect n1 members n1 n2 n3 n4 n5 at 1600ms
expect leader n2 at 1600ms
expect n2 x 2 at 1600ms
expect n1 x 3
expect violated one leader per term
expect violated same index same term same log
expect violated everyone applies the same
