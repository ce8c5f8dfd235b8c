scenario "A receipt is an event"
protocol clocks with bug receipt-not-counted
nodes 2
seed 1
latency 20ms
set clock vector

at 60ms tell n1 send n2
at 120ms tell n2 send n1
end 200ms

when send of n1 say "n1 sends [2 0]."
when receive of n2 say "n2 has [0 1], takes the greater of each, and does not count: [2 1]." "Still greater than the sending: for now nobody sees a difference."
when receive of n1 say "n2 sent [2 2] back; n1 has learnt it, and has the very same stamp." "Sending and receipt cannot be told apart: the cause is not smaller than what it caused."

expect violated a cause has the smaller stamp
