scenario "Less than no time"
protocol ntp with bug duration-by-wall-clock
nodes 2
seed 1
latency 20ms
set poll 100ms
client c1 at n2

at 0s step n2 by 1s
at 100ms c1 task 50ms
end 250ms

when step of n2 say "n2's wall clock is one second fast."
when begin of n2 say "c1 wants something done that takes 50 ms. n2 looks at its wall clock."
when sample of n2 say "n2 hears what time it is, and sets its wall clock back by a second."
when answer of c1 say "Done, and n2 looks again. How long did it take? {value}." "On 1 January 2017 a leap second did that to DNS servers of Cloudflare: a number was negative that never is."

expect n2 took-by-wall -950ms
expect n2 took-by-monotonic 50ms
expect violated a duration is what has passed
expect violated a wall clock never goes back
