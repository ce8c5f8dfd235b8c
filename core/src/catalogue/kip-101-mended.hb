scenario "Cut where the epoch ends"
protocol kafka
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

when kill say "b is done: both have it on disk. But n3 has not heard so, and dies."
when restart of n3 say "n3 is back. Where does its log have to end? It asks the leader." "Its last entry is of epoch 1: where does epoch 1 end? Until it knows, it removes nothing."
when crash say "n2 loses power before it can answer. n3 keeps all that it has."
when leader of n3 say "n3 leads epoch {term}, and it has b."

expect n3 log 1 1 at 724ms
expect n3 commit 1 at 724ms
expect answered 2 at 800ms
expect leader n3 at 1400ms
expect n3 log 1 1 at 1400ms
expect answered 3
expect linearizable
