scenario "A vote for anyone"
protocol raft with bug vote-for-anyone
nodes 3
seed 1
latency 20ms..40ms
client c1 at n1 every 150ms put x

at 20ms timeout n1
at 440ms partition n3 | n1 n2
at 595ms crash n1
at 597ms heal
at 600ms timeout n3
end 800ms

when leader of n1 say "{node} leads term {term}. Any machine votes for anyone here." "A voter should refuse a candidate whose log is behind its own. That rule is switched off."
when partition say "n3 is cut off. n1 and n2 go on: two of three are enough." "The next write is committed without n3."
when crash say "{node} dies. n3 can be reached again, and asks n2 for its vote." "n2 has a committed entry that n3 lacks. It should refuse."

expect leader n1 at 590ms
expect committed 3 at 590ms
expect n2 log 1 1 1 at 590ms
expect n3 log 1 1 at 590ms
expect leader n3
expect violated committed stays committed
