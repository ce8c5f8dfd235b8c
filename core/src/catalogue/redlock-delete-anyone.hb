scenario "Deleted in good faith"
protocol redlock with bug delete-anyone
nodes 5
seed 6
latency 20ms..40ms
set client-timeout 150ms
set ttl 500ms
set work 250ms
client c1
client c2
client c3

at 50ms c1 edit file one
at 800ms c2 edit file two
at 905ms c3 edit file three
end 2s

when work of c1: pause c1 for 700ms
when hold of c1 say "c1 has the lock and stands still."
when hold of c2 say "The lock has run out. c2 has it."
when resume of c1 say "c1 wakes up, sees that it is late, and deletes its lock." "On every instance, whatever stands there by now."
when hold of c3 say "c3 finds the lock free, and c2 relies on it." "The random value is there for this: delete the key only if it is one's own."

expect violated one holder at a time
expect violated no update is lost
expect violated linearizable
