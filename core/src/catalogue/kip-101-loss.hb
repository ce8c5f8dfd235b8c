scenario "Cut at the high-water mark"
protocol kafka with bug truncate-to-high-water-mark
nodes 3
seed 1
latency 30ms
disk 2ms
client c1 at n2

at 300ms c1 append log a
at 600ms c1 append log b
at 725ms kill n3
at 727ms restart n3
at 812ms crash n2
at 1500ms c1 get log
at 2100ms restart n2
end 2600ms

when leader of n2 say "n1 is the controller. It has named n2 the leader; n3 fetches from it." "A record is done when all in-sync replicas have it: then the high-water mark moves."
when answer of c1 say "a is done. That the mark has moved, n3 hears one round trip later." "So a follower's high-water mark is always late."
when kill say "b is done: both have it on disk. But n3 has not heard so, and dies." "Its own high-water mark still stands before b."
when truncate of n3 say "n3 is back and cuts its log at its own high-water mark." "So did Kafka before KIP-101. It means to fetch b again."
when crash say "Before n3 has fetched b again, n2 loses power." "Who has b now?"
when leader of n3 say "n3 is in sync, says the controller. It leads, without b." "b was acknowledged, on two disks, and nobody's disk has failed."
when truncate of n2 say "n2 is back, and b goes there, too."

expect n3 log 1 1 at 724ms
expect n3 commit 1 at 724ms
expect n2 commit 2 at 724ms
expect answered 2 at 800ms
expect leader n3 at 1400ms
expect n3 log 1 at 1400ms
expect n2 log 1
expect violated acknowledged is not lost
expect violated linearizable
