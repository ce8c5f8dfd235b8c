scenario "The past is quick to read"
protocol commit-wait
nodes 3
seed 1
latency 500us
disk 100us
set uncertainty 4ms
set staleness 10ms
client c1
client c2

at 1ms c1 put x 1
at 11ms c1 put x 2
at 17ms c2 snapshot x y
end 24ms

when stamp again say "{node} gives c1's write {index} µs."
when choose say "c2 does not want the present. It reads as of {index} µs, 10 ms earlier."
when serve of n1 say "For n1 that is long past: it answers after {value} µs." "No write can get such a timestamp any more. Nothing waits, nothing is locked."
when answer of c2 say "c2: {value}" "x = 2 is younger than what it asked for, and not even done. What it sees is how things were then."

expect c2 took 1.000ms
expect c2 stamp 11.000ms
expect c2 x 1
expect c2 y nothing
expect n1 x 2
expect timestamps follow real time
