scenario "Answers from before the pause"
protocol redlock with bug ignore-elapsed
nodes 5
seed 6
latency 20ms..40ms
set client-timeout 2s
set ttl 500ms
set work 300ms
client c1
client c2

at 50ms c1 edit file one
at 60ms pause c1 for 900ms
at 700ms c2 edit file two
end 2s

when request of c1 say "c1 asks all five for the lock."
when pause of c1 say "The answers are under way. c1 stands still, and they wait for it."
when hold of c2 say "At all five the lock has run out. c2 has it."
when resume of c1 say "c1 wakes up and finds five times yes."
when hold of c1 say "It counts its half second from now on: two holders." "The answers are as old as the pause was long. That time has to be taken off."

expect violated one holder at a time
expect violated no update is lost
expect violated linearizable
