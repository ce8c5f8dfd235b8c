scenario "One order for all"
protocol broadcast
nodes 3
seed 1
latency 20ms..40ms
set order total
client c1 at n1
client c2 at n2

at 100ms c1 post red
at 100ms c2 post blue
end 700ms

when post of n1 say "c1 says red, and c2 says blue, at the same time." "Each message carries Lamport's time, here 1 and 1. Of equal times the lower name is first."
when wait of n3 say "{node} has a message, and does not deliver it yet." "An earlier one could still come. It waits until it has heard a later time from everybody."
when deliver of n1 say "n1 has heard from all: nothing earlier can come any more."
at 650ms say "Everywhere red comes before blue." "Each message cost a stamp from everybody to everybody."

expect n1 delivered red blue
expect n2 delivered red blue
expect n3 delivered red blue
expect the same order everywhere
