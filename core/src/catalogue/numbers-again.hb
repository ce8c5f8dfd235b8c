scenario "The same numbers again"
protocol broadcast with bug sequence-restarts
nodes 3
seed 1
latency 20ms..40ms
set order fifo

at 100ms tell n1 broadcast 7
at 300ms kill n1
at 310ms restart n1
at 400ms tell n1 broadcast 8
end 700ms

when post of n1 say "n1 broadcasts 7, as its message number 1."
when restart say "n1 is back. It has not written down how far it had counted."
when duplicate of n2 say "8 reaches n2 as message number 1: that one it has." "It drops it, and says that it has it. Nobody will send 8 again."

expect n2 delivered 7
expect n3 delivered 7
expect violated whoever lacks it gets it again
expect violated delivered once and only if broadcast
