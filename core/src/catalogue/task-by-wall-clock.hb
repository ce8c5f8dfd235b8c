scenario "Less than no time"
protocol ntp with bug duration-by-wall-clock
nodes 2
seed 1
latency 20ms
client c1 at n2

at 100ms c1 task 50ms
at 140ms step n2 by -1s
end 250ms

when begin of n2 say "c1 wants something done that takes 50 ms. n2 looks at its wall clock."
when step of n2 say "Meanwhile the wall clock goes back by a second: a leap second, say."
when answer of c1 say "Done, and n2 looks again. How long did it take? {value}." "On 1 January 2017 a leap second did that to DNS servers of Cloudflare: a number was negative that never is."

expect n2 took-by-wall -950ms
expect n2 took-by-monotonic 50ms
expect violated a duration is what has passed
