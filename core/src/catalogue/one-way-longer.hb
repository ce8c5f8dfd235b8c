scenario "One way is longer"
protocol ntp
nodes 2
seed 1
latency 20ms
latency n1->n2 100ms
set poll 200ms
set slew-rate 500000

at 560ms say "Now both ways look alike, 60 ms each. Nothing tells n2 that it is wrong." "Only the delay tells how wrong it can be: 120 ms, so 60 at most. The ways differ by 80: it is 40."
end 600ms

when sample of n2 say "n2's clock is right. 20 ms there, 100 back: it reckons 40 too fast." "An exchange cannot see which way took longer. It takes them for equal."
when slew of n2 say "So n2 leads a clock that was right 40 ms astray."

expect n2 there +20ms at 350ms
expect n2 back +100ms at 350ms
expect n2 offset -40ms at 350ms
expect n2 delay 120ms at 350ms
expect n2 error 60ms at 350ms
expect n2 correction slew -40ms at 350ms
expect n2 there +60ms
expect n2 back +60ms
expect n2 offset 0s
