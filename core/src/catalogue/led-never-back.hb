scenario "Led, never back"
protocol ntp
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
at 820ms c1 time
at 225ms say "The second answer is the later one, though by less than has passed." "A clock that is led is wrong for longer, and never goes back."
at 870ms say "After 600 ms it is right."
end 900ms

when step of n2 say "n2's clock is 300 ms fast."
when slew of n2 say "n2 has asked n1. It lets its clock run at half speed for 600 ms." "Kernels lead by 500 ppm: that would take ten minutes here, and nobody would notice anything."
when answer of c1 again say "n2 says that it is {value}."

expect n2 offset -300ms at 150ms
expect n2 correction slew -300ms at 150ms
expect n2 offset -250ms at 250ms
expect answered 2 at 225ms
expect n2 offset 0s at 870ms
expect answered 3
