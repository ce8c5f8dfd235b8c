scenario "The forgotten members"
protocol raft with bug snapshot-without-members
nodes 3
seed 1
latency 20ms..40ms
set heartbeat 400ms
set election-timeout 30s..60s
set client-timeout 60s
set members 1
client c1 at n2

at 10ms timeout n1
at 200ms tell n1 add n2
at 600ms tell n1 add n3
at 1250ms tell n1 snapshot
at 1300ms crash n1
at 1350ms restart n1
at 1400ms timeout n2
at 1550ms c1 put x 2
at 1500ms cut n1--n2
at 1500ms cut n1--n3
at 1900ms timeout n1
end 2500ms

at 10ms say "n1 was alone. It adds n2, then n3." "Each change is an entry of the log."
when snapshot say "n1 writes its state down, without the members." "The entries that added n2 and n3 are gone from its disk."
when restart say "n1 starts again and believes that it is alone." "Meanwhile n2 and n3 go on: two of three."
at 1905ms say "A majority of one: n1 leads, and needs nobody." "It lacks what the others have committed."

expect n1 members n1 n2 n3 at 1240ms
expect n1 members n1 at 1399ms
expect n2 members n1 n2 n3
expect leader n2 at 1800ms
expect leader n1
expect violated everyone applies the same
expect violated committed stays committed
