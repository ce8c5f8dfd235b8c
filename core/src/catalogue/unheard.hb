scenario "Delivered before the others were heard"
protocol broadcast with bug deliver-unheard
nodes 3
seed 1
latency 20ms..40ms
set order total
client c1 at n1
client c2 at n2

at 100ms c1 post red
at 100ms c2 post blue
end 500ms

when post of n1 say "c1 says red, and c2 says blue, at the same time."
when deliver of n1 say "n1 delivers the earliest message that it knows: its own."
when deliver of n2 say "n2 does the same with blue. That red is earlier it could not know." "It could have waited until it had heard a later time from everybody."

expect violated the same order everywhere
