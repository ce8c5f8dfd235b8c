scenario "Vectors compared by their sums"
protocol clocks with bug compare-by-sum
nodes 2
seed 1
latency 20ms
set clock vector

at 40ms tell n2 event
at 60ms tell n1 event
at 80ms tell n1 event
at 100ms tell n1 send n2
end 180ms

when send say "n1 sends [4 0]. n2 has [0 2]: neither knows of the other."
when follows say "n2 adds up: 2 is less than 4, so its own event must have come before." "A sum is a Lamport number again: it grows with causes, and orders what is not ordered."

expect violated stamps tell order from concurrency
