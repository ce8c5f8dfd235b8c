scenario "Equal times"
protocol lww with bug tie-by-arrival
nodes 2
seed 1
latency 200us
disk 100us
client c1 at n1
client c2 at n2

at 1ms c1 put x 1
at 1ms c2 put x 2
end 4ms

when request of c1 say "Two writes at one instant, at two replicas. Their times are equal."
when drop say "A write with an equal time comes in, and {node} keeps what it had first." "The other replica does the same with its own. Both know both writes."

expect n1 x 1
expect n2 x 2
expect violated equal knowledge gives equal values
