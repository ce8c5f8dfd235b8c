scenario "The same pause, and a store that compares"
protocol redlock
nodes 5
seed 6
latency 20ms..40ms
set client-timeout 150ms
set ttl 500ms
set store versions
client c1
client c2

at 50ms c1 edit file one
at 800ms c2 edit file two
end 3s

when check of c1: pause c1 for 1200ms
when hold of c1 say "c1 has the lock for half a second."
when pause of c1 say "c1 has looked at its time, and stands still before it writes."
when answer of c2 say "c2 has had the lock since, and has written: {value}."
when resume of c1 say "c1 goes on and writes."
when conflict of s1 say "The file is not as c1 had read it: s1 refuses." "Redlock's values are random, so s1 can't tell older from newer. But it can compare the file."
when answer of c1 say "c1 starts over, and both lines are there: {value}." "Then the lock only saved work. What kept the file whole was compare-and-set."

expect answered 2
expect s1 file two one
expect one holder at a time
expect no update is lost
expect linearizable
