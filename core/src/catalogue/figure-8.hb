scenario "Figure 8"
protocol raft with bug commit-earlier-term
nodes 5
seed 2
latency 20ms..40ms
set client-timeout 5s
log n1 1
log n2 1
log n3 1
log n4 1
log n5 1
client c1 at n1
client c2 at n5

at 20ms timeout n1
at 280ms c1 put x 1
when append of n1: partition n1 n2 | n3 n4 n5
at 380ms crash n1
at 385ms heal
at 390ms timeout n5
at 560ms c2 put x 2
when append of n5: partition n5 | n1 n2 n3 n4
at 620ms crash n5
at 625ms heal
at 630ms restart n1
at 635ms timeout n1
at 710ms timeout n1
at 775ms partition n1 n2 n3 | n4 n5
at 790ms restart n5
at 800ms timeout n5
at 980ms crash n1
at 985ms heal
at 990ms timeout n5
end 1400ms

when append of n1 say "(a) {node} leads term {term}. Its entry {index} reaches only n2." "The others do not hear of it: they are cut off."
when leader of n5 say "(b) n1 is dead. {node} leads term {term} with the votes of n3 and n4." "n2 refused: its log ends with a later term than n5's."
when append of n5 say "{node} writes another entry {index}, and nobody else gets it." "Next, its power fails and n1 comes back."
when answer of c1 say "(c) n1 copied its old entry 2. Three of five have it. Committed?" "With the rule of §5.4.2 switched off n1 says yes, and c1 is told that its write is done."
when truncate of n2 say "(d) n5 overwrites it. The write that c1 was told of is gone." "n5 could win, because its entry 2 has a later term than the copies on n2 and n3."

expect n1 term 2 at 200ms
expect n1 log 1 2 at 379ms
expect n2 log 1 2 at 379ms
expect n3 log 1 at 379ms
expect leader n5 at 500ms
expect n5 term 3 at 500ms
expect n5 log 1 3 at 619ms
expect n4 log 1 at 619ms
expect n1 term 4 at 979ms
expect leader n1 at 979ms
expect n3 log 1 2 at 979ms
expect n4 log 1 at 979ms
expect leader n5
expect n5 term 5
expect violated committed stays committed
expect violated everyone applies the same
