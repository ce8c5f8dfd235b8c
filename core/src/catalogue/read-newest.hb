scenario "The newest of each"
protocol commit-wait with bug read-newest
nodes 3
seed 1
latency 500us
disk 100us
set uncertainty 4ms
client c1
client c2

at 1ms c2 snapshot x y
at 6ms c1 put x 1
end 17ms

when choose of c2 say "c2 reads x and y as of {index} µs."
when stamp of n1 say "While it waits, c1 writes x with the timestamp {index} µs."
when serve of n1 say "c2's time is over for sure. n1 answers with the newest that it has." "Each server answers when it can, and with what it happens to have by then: no two of the same moment."
when answer of c2 say "c2: {value}" "That x is 5.5 ms younger than what was asked for, and not even done."

expect c2 stamp 5.000ms
expect c2 x 1
expect c1 stamp 10.500ms
expect violated a snapshot is exact
