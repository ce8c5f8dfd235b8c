scenario "The disk that lies"
protocol raft
nodes 3
seed 4
latency 20ms..40ms
client c1 at n1

at 50ms timeout n1
at 300ms partition n1 n2 | n3
at 350ms disk n2 lies
at 400ms c1 put x 1
at 700ms crash n1 n2
at 850ms restart n2
at 900ms heal
at 950ms timeout n3
end 1500ms

when partition say "n3 is cut off. n1 and n2 go on: two of three are enough."
when disk say "From now on the disk of {node} says “synced” and keeps all in a cache." "Drives without power-loss protection do that, and hosts that ignore flushes."
when answer say "The client is told that its write is done." "Two disks have said that they hold it. One of them does."
when crash of n2 say "Power is cut: the cache of n2 is empty."
when leader of n3 say "{node} leads term {term}, with the vote of n2. Neither has the write."

expect answered 1 at 600ms
expect n2 log 1 at 690ms
expect leader n3 at 1200ms
expect violated acknowledged is on disk
expect violated committed stays committed
