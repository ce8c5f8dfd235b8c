scenario "One is dead, and all wait"
protocol mutex
nodes 3
seed 1
latency 20ms..40ms

at 100ms crash n3
at 200ms tell n1 enter
at 1s restart n3
end 1500ms

when crash say "n3 is dead. It never wanted the printer."
when ask of n1 say "n1 asks. n2 acknowledges; n3 does not."
at 900ms say "n1 still waits, and it has to." "n3's silence might be an earlier request on its way. Neither paper's algorithm outlives a crash."
when exit say "n3 starts, sees that it has forgotten who waits, and stays away." "To live with crashes takes a lease, or a quorum, or both."

expect n1 state waiting at 900ms
expect n1 heard 1 of 2
expect n1 entered 0
expect n3 status down
expect one inside at a time
