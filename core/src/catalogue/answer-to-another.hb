scenario "The answer to another question"
protocol ntp with bug any-origin
nodes 2
seed 1
latency 20ms
set poll 100ms
set slew-rate 500000

delay n1->n2 stamps #1 by 90ms
end 239ms

when sample of n2 say "n2 asks again, and gets the late answer to its first question." "It reckons with when the second one left: the source seems to be 95 ms slow."
when slew of n2 say "So n2 leads a clock that was right 95 ms astray." "An answer says which question it is for: it bears t1, as it was asked. Whoever checks throws it away."

expect n2 offset -95ms at 235ms
expect violated an offset is wrong by half the delay at most
