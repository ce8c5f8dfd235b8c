scenario "The new disk"
protocol raft
nodes 3
seed 4
latency 20ms..40ms
client c1 at n1

at 50ms timeout n1
at 300ms partition n1 n2 | n3
at 400ms c1 put x 1
at 700ms wipe n2
at 800ms crash n1
at 850ms restart n2
at 900ms heal
at 950ms timeout n3
end 1500ms

when partition say "n3 is cut off. n1 and n2 go on: two of three are enough."
when answer say "The write is committed: n1 and n2 have it on disk." "Raft keeps that promise as long as what is on a disk stays there."
when wipe say "{node} gets a new, empty disk." "This is outside what Raft tolerates: who forgets what it acknowledged must not vote."
when restart of n2 say "{node} starts again, as if it had never been there." "Its vote and its log are gone, and nobody knows."
when leader of n3 say "{node} leads term {term}, with the vote of n2. Neither has the write."

expect answered 1 at 600ms
expect committed 1 at 600ms
expect n2 log 1 at 690ms
expect leader n3 at 1200ms
expect violated committed stays committed
