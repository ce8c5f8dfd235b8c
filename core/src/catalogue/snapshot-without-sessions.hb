scenario "The forgotten session"
protocol raft with bug snapshot-without-sessions
nodes 3
seed 1
latency 20ms..40ms
set heartbeat 400ms
set election-timeout 30s..60s
set client-timeout 1500ms
client c1 at n1

drop n1->c1 reply #1
at 10ms timeout n1
at 200ms c1 append x a
at 700ms tell n1 snapshot
at 750ms tell n2 snapshot
at 900ms crash n2
at 1s restart n2
at 1100ms crash n1
at 1150ms timeout n2
at 2500ms c1 get x
end 3s

when commit say "c1 appends “a” to x. It is committed, and the answer is lost." "c1 will ask again. The session knows that this was done."
when snapshot say "{node} writes its state down, without the clients' sessions." "x = a is there. Who asked for it is not."
when restart say "n2 starts from its snapshot." "The log before it is gone."
when append of n2 say "c1 asks n2, the new leader, again: nobody remembers." "The same command is taken for a new one."
at 2500ms say "What does x say?"

expect n2 x a at 1500ms
expect n2 x aa
expect n3 x a at 2s
expect violated everyone applies the same
expect violated linearizable
