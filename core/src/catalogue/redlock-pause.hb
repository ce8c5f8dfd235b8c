scenario "Five independent locks, and a pause"
protocol redlock
nodes 5
seed 6
latency 20ms..40ms
set client-timeout 150ms
set ttl 500ms
client c1
client c2

at 50ms c1 edit file one
at 800ms c2 edit file two
end 2s

when check of c1: pause c1 for 1200ms
when hold of c1 say "c1 has asked all five, and has the lock for half a second." "It has taken off the time that this took. It is careful."
when pause of c1 say "c1 looks at its time: enough is left. And there it stands still."
when hold of c2 say "All five let the lock run out. c2 has it now, quite rightly."
when answer of c2 say "c2's write is done: {value}."
when resume of c1 say "c1 goes on and writes. It has looked, after all."
when answer of c1 say "c1's write is done: {value}. c2's is gone." "No clock was wrong. A lock that ends by itself can't keep late writes away; the store can."

expect answered 2
expect one holder at a time
expect violated no update is lost
expect violated linearizable
