scenario "One majority for two"
protocol raft with bug joint-by-one-majority
nodes 5
seed 1
latency 20ms..40ms
set heartbeat 400ms
set election-timeout 30s..60s
set client-timeout 60s
set members 3
client c1 at n3

at 10ms timeout n3
at 200ms c1 put x 1
at 700ms tell n3 members n3 n4 n5
when joint: partition n1 n2 | n3 n4 n5
at 1500ms c1 put x 2
at 2s timeout n1
end 2500ms

when joint say "n3 goes over from n1, n2, n3 to n3, n4, n5. n1 and n2 are cut off." "Until that is done both trios must agree: two of the old and two of the new."
at 900ms say "n3 counts three of all five, and takes the change for committed." "Of the old trio it has only itself."
when leader of n1 say "n1 and n2 know nothing of it: two of three, and n1 leads term {term}." "It lacks what n3 has told a client."

expect n3 members n3 n4 n5 at 1400ms
expect n1 members n1 n2 n3
expect n3 commit 4 at 1900ms
expect leader n1
expect violated acknowledged is on disk
expect violated committed stays committed
