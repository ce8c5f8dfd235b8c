scenario "Applied, says the index"
protocol raft with bug index-before-state
nodes 3
seed 1
latency 20ms..40ms
set heartbeat 400ms
set election-timeout 30s..60s
set client-timeout 60s
set snapshot-every 2
client c1 at n1

at 10ms timeout n1
at 200ms c1 put x 1
at 500ms c1 put x 2
at 1s crash n1
at 1100ms restart n1
at 1200ms timeout n2
at 1400ms timeout n1
at 1700ms c1 get x
end 2500ms

at 200ms say "n1 leads and writes its state down after every second entry." "With the state goes the index of the last entry applied."
when snapshot say "{node} writes down: applied up to {index}. That entry is not in it yet." "As long as n1 runs nobody can tell."
when restart say "n1 starts from what it wrote: entry 2 is applied, it reads." "So it is not applied again."
at 1700ms say "n1 leads once more. What does x say?" "c1 was told that 2 is written."

expect n1 x 2 at 900ms
expect n1 x 1 at 1150ms
expect n1 commit 2 at 1150ms
expect n2 x 2
expect violated everyone applies the same
expect violated linearizable
