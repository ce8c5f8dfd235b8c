scenario "Looked, then registered"
protocol lock
nodes 3
seed 6
latency 20ms..40ms
set claims check-then-put
set client-timeout 5s
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 claim ann first
at 210ms c2 claim ann second
end 1s

when leader say "n1 to n3 keep names. Each name is for one."
when request of c1 say "c1 looks whether the name ann is free." "And so does c2, a moment later."
when claim of n1 say "It was free for both. So both take it." "Each of the four steps went through consensus. The pairs did not."
when answer of c2 say "c2 is told: {value}."
when answer of c1 say "c1 is told: {value}, as well." "One name, two owners. What was true when they looked was not when they wrote."

expect answered 2
expect violated linearizable
