scenario "Set instead of led"
protocol ntp with bug step-back
nodes 2
seed 1
latency 20ms
set correction slew
set poll 100ms
set slew-rate 500000
client c1 at n2

at 0s step n2 by 300ms
at 110ms c1 time
at 180ms c1 time
at 225ms say "Whoever sorts by such times has the second answer before the first."
end 250ms

when step of n2 say "n2's clock is 300 ms fast. The text asks that it only be led."
when sample of n2 say "n2 hears from n1 that it is fast, and sets its clock back all the same."
when answer of c1 again say "n2 says that it is {value}."

expect n2 correction step -300ms at 150ms
expect answered 2 at 225ms
expect violated a wall clock never goes back
