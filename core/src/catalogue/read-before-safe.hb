scenario "Read before it is safe"
protocol commit-wait with bug read-before-safe
nodes 3
seed 1
latency 500us
disk 100us
set uncertainty 4ms
client c1
client c2

at 0s step c2 by 4ms
at 1ms c2 snapshot x y
at 3ms c1 put x 1
end 13ms

when step say "c2's clock is 4 ms fast: as far as it may be."
when choose of c2 say "c2 reads x and y as of {index} µs: the latest that it may be now."
when serve of n1 say "n1 answers at once with what it has." "But the time that was asked for has not come. What will be written until then?"
when answer of c2 say "c2: {value}"
when stamp of n1 say "Now c1 writes x, and the write gets {index} µs. That is before 9000." "A read as of 9000 µs would find x now. What was at a time must not change; here it has."

expect c2 took 1.000ms
expect c2 x nothing
expect c1 stamp 7.500ms
expect violated a snapshot is exact
expect violated timestamps follow real time
