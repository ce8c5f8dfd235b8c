scenario "The rotten record"
protocol raft with bug rot-is-torn
nodes 3
seed 4
latency 20ms..40ms
client c1 at n1

at 50ms timeout n1
at 300ms partition n1 n2 | n3
at 400ms c1 put x 1
at 700ms disk n2 corrupts last
at 750ms crash n1 n2
at 850ms restart n2
at 900ms heal
at 950ms timeout n3
end 1500ms

when partition say "n3 is cut off. n1 and n2 go on: two of three are enough."
when answer say "The write is committed: n1 and n2 have it on disk."
when disk say "A record rots on the disk of {node}. Nobody notices yet." "A bad cell, a misdirected write: the checksum will tell, when somebody reads."
when restart of n2 say "{node} takes a wrong checksum for the torn end of its log." "It should refuse to start: what stood there may have been acknowledged. That rule is off."
when leader of n3 say "{node} leads term {term}, with the vote of n2. Neither has the write."

expect answered 1 at 600ms
expect n2 log 1 at 690ms
expect leader n3 at 1200ms
expect violated committed stays committed
