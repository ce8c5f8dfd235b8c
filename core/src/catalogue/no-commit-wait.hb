scenario "The same without the wait"
protocol commit-wait with bug no-commit-wait
nodes 3
seed 1
latency 500us
disk 100us
set uncertainty 4ms
client c1
client c2
client c3

at 0s step n1 by 3ms
at 0s step n2 by -3ms
at 1ms c1 put x 1
at 3ms c2 put y 2
at 4.2ms c3 snapshot x y
end 17ms

when step of n1 say "n1's clock is 3 ms fast, n2's 3 ms slow. Both are within their 4 ms."
when stamp of n1 say "n1 gives c1's write the timestamp {index} µs, and does not wait."
when answer of c1 say "c1 has its answer 1.1 ms after it asked: {value}." "It is 2.1 ms. That time has not come, not even by n1's clock."
when stamp of n2 say "c2 begins after that, and its write gets {index} µs. Less than 8500." "Real time says x first, then y. The timestamps say y first."
when choose of c3 say "c3 reads both as of {index} µs, between the two."
when answer of c3 say "c3: {value}" "It sees the later write and not the earlier one, which had been acknowledged."

expect c1 took 1.100ms
expect c1 stamp 8.500ms
expect c2 stamp 4.500ms
expect c3 x nothing
expect c3 y 2
expect violated timestamps follow real time
