scenario "A holder with a slow clock"
protocol lock with bug lease-without-margin
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 600ms
set work 600ms
set clock-drift-bound 1000000
set first-token 33
client c1 at n1
client c2 at n1

at 1ms drift c1 -500000ppm
at 10ms timeout n1
at 200ms c1 edit file one
at 300ms c2 edit file two
end 2s

when drift say "c1's clock runs at half speed." "The text allows for it: of two clocks one may be twice as fast."
when hold of c1 say "c1 counts 600 ms by its clock. For n1 that is more than a second."
when expire say "n1's 600 ms are over. c1 has counted less than 400."
when hold of c2 say "Two clients rely on one lock." "A holder has to stop earlier, by as much as the other clock may be faster."

expect violated one holder at a time
