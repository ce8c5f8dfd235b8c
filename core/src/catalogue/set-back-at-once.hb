scenario "Set back at once"
protocol ntp
nodes 2
seed 1
latency 20ms
set correction step
set poll 100ms
set slew-rate 500000
client c1 at n2

at 0s step n2 by 300ms
at 110ms c1 time
at 180ms c1 time
at 820ms c1 time
at 225ms say "The clock is right at once, and shows 300 ms for the second time." "c1 has asked twice. The second answer is earlier than the first."
end 900ms

when step of n2 say "n2's clock is 300 ms fast."
when sample of n2 say "n2 has asked n1: 300 ms. More than 128 is set at once."
when answer of c1 again say "n2 says that it is {value}."

expect n2 offset -300ms at 150ms
expect n2 correction step -300ms at 150ms
expect n2 offset 0s at 250ms
expect answered 2 at 225ms
expect answered 3
expect violated a wall clock never goes back
