scenario "Five independent locks, and a clock"
protocol redlock
nodes 5
seed 6
latency 20ms..40ms
set client-timeout 150ms
set ttl 2s
set work 600ms
client c1
client c2

drop c1->n4 set #1
drop c1->n5 set #1
drop c2->n1 set #1
drop c2->n2 set #1
at 50ms c1 edit file one
at 400ms step n3 by 10s
at 450ms c2 edit file two
end 1500ms

when request of c1 say "Five machines that know nothing of each other. A majority is the lock." "c1 asks all of them. What it sends to n4 and n5 gets lost."
when hold of c1 say "n1, n2 and n3 said yes: c1 has the lock, for two seconds."
when step of n3 say "n3's wall clock leaps ahead: a wrong server, or somebody set it."
when request of c2 say "c2 asks, too. What it sends to n1 and n2 gets lost."
when expire of n3 say "For n3 the two seconds are over. It says yes to c2."
when hold of c2 say "c2 has n3, n4 and n5: a majority. c1 has n1, n2 and n3." "Two holders, no machine crashed, nobody slow. One clock was set."
when answer of c1 say "c1 writes: {value}."
when answer of c2 say "c2 writes what it made of the file as it was: {value}."

expect answered 2
expect violated one holder at a time
expect violated no update is lost
expect violated linearizable
