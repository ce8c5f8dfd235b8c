scenario "Two clocks in one machine"
protocol ntp
nodes 2
seed 1
latency 20ms
set poll 100ms
client c1 at n2

at 0s step n2 by 5s
at 100ms c1 task 50ms
end 250ms

when step of n2 say "n2's wall clock is 5 s fast. n2 does not know that yet."
when begin of n2 say "c1 wants something done that takes 50 ms. n2 reads both of its clocks."
when sample of n2 say "Meanwhile n2 hears from n1 what time it is. It sets its wall clock back."
when finish of n2 say "Done. By the wall clock it took -4950 ms, by the monotonic one 50." "Nobody sets a monotonic clock: what it shows means nothing, the difference of two readings does."
when answer of c1 say "n2 says: {value}."

expect n2 correction step -5s
expect n2 took-by-wall -4950ms
expect n2 took-by-monotonic 50ms
expect answered 1
expect violated a wall clock never goes back
