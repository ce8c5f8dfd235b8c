scenario "Two of five"
protocol redlock with bug two-suffice
nodes 5
seed 6
latency 20ms..40ms
set client-timeout 150ms
set ttl 2s
set work 600ms
client c1
client c2

drop c1->n3 set #1
drop c1->n4 set #1
drop c1->n5 set #1
drop c2->n1 set #1
drop c2->n2 set #1
at 50ms c1 edit file one
at 100ms c2 edit file two
end 1500ms

when hold of c1 say "c1 reaches two of five, and takes that for the lock."
when hold of c2 say "c2 reaches the other three. Nobody has said no to anybody." "Two majorities have a machine in common. Two minorities need not."

expect violated one holder at a time
expect violated no update is lost
expect violated linearizable
