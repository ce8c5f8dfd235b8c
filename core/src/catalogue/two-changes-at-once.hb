scenario "Two changes at once"
protocol raft with bug two-changes-at-once
nodes 5
seed 1
latency 20ms..40ms
set heartbeat 400ms
set election-timeout 30s..60s
set client-timeout 60s
set members 3
client c1 at n1

at 10ms timeout n1
at 200ms c1 put x 1
at 700ms cut n1--n2
at 700ms cut n1--n3
at 710ms tell n1 add n4
at 1100ms tell n1 add n5
at 1500ms c1 put x 2
at 2s timeout n2
end 2500ms

at 700ms say "n1 leads three machines, and the network cuts it off." "n4 and n5 are new, and still within its reach."
when change say "n1 adds n4. Of four members three must agree: it has two." "So this change waits. And then comes the next one."
at 1250ms say "n1 adds n5, too. Now three of five agree: n1, n4, n5." "No member of the old three but n1 knows of this."
when leader of n2 say "n2 has its majority as well: two of three." "The two majorities have nobody in common. What n1 has committed is missing here."

expect n1 members n1 n2 n3 n4 n5 at 1300ms
expect n2 members n1 n2 n3 at 1900ms
expect n1 commit 4 at 1900ms
expect leader n2 at 2200ms
expect violated committed stays committed
