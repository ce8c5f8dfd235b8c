scenario "Set in between"
protocol ntp with bug exchange-across-step
nodes 2
seed 1
latency 20ms
set correction slew
set poll 100ms

at 110ms step n2 by 200ms
end 180ms

when step of n2 say "n2 has asked, and its clock is set 200 ms ahead: by hand, by a script."
when sample of n2 say "t1 was read off one clock, so to speak, and t4 off another." "It is 200 ms fast and reckons 100. The exchange shows a delay of 240 ms; in truth it was 40."
when slew of n2 say "n2 corrects half of it. Its monotonic clock would have shown it all."

expect n2 offset -100ms at 145ms
expect n2 delay 240ms at 145ms
expect violated an offset is wrong by half the delay at most
