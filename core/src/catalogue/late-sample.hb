scenario "A sample that took too long"
protocol ntp with bug no-filter
nodes 2
seed 1
latency 20ms
set poll 150ms
set slew-rate 500000

delay n1->n2 stamps #2 by 60ms
end 480ms

when sample of n2 say "n2's clock is right: 20 ms there, 20 back, the offset is 0."
when slew of n2 say "The second answer is 60 ms late. n2 takes that for an error of 30 ms." "The first took 40 ms and was wrong by 20 at most; this one took 100, and counts just as much."

expect n2 offset 0s at 200ms
expect n2 delay 40ms at 200ms
expect n2 offset -30ms at 410ms
expect n2 delay 100ms at 410ms
expect n2 correction slew -30ms at 410ms
expect violated after an exchange clocks agree
