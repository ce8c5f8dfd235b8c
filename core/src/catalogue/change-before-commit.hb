scenario "The change that came too early"
protocol raft with bug change-before-commit
nodes 5
seed 1
latency 20ms..40ms
set heartbeat 400ms
set election-timeout 30s..60s
set client-timeout 60s
set members 4
client c1 at n1
client c2 at n2

at 10ms timeout n1
at 200ms c1 put x 1
at 900ms tell n1 add n5
when change of n1: cut n1--n2
when change of n1: cut n1--n3
when change of n1: cut n1--n4
at 1400ms timeout n2
when leader of n2: cut n2--n4
at 1700ms tell n2 remove n1
at 2100ms c2 put x 2
at 2600ms crash n2
at 2700ms heal
at 3300ms timeout n1
end 4s

when change of n1 say "n1 leads four machines and adds n5. Then the network splits." "Only n1 and n5 know of the five. Nothing of it is committed."
when leader of n2 say "n2 leads term {term} of the four; n3 and n4 voted for it." "It has committed nothing in its term. Is it safe to change the members now?"
when change of n2 say "n2 removes n1: two of the three that are left make it so." "n2 and n3 have it. n4 has not heard of it."
when crash say "n2 dies, the network is whole again." "n1 counts five members. n4 and n5 know of nothing newer than n1 does."
at 3370ms say "n4, n5 and itself are three of five: n1 leads term 3." "What n2 and n3 have committed is overwritten."

expect n1 members n1 n2 n3 n4 n5 at 1300ms
expect n5 members n1 n2 n3 n4 n5 at 1300ms
expect n2 members n2 n3 n4 at 2500ms
expect n3 members n2 n3 n4 at 2500ms
expect n4 members n1 n2 n3 n4 at 2500ms
expect n2 commit 3 at 2590ms
expect leader n1
expect violated committed stays committed
expect violated everyone applies the same
