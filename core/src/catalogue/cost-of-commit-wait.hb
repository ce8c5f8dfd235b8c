scenario "What certainty costs"
protocol commit-wait
nodes 1
seed 1
latency 500us
disk 100us
set uncertainty 4ms
client c1
client c2
client c3

at 1ms c1 put x 1
at 1ms c2 put x 2
at 1ms c3 put x 3
at 12ms c1 get x
end 23ms

when stamp say "Three writes at once, each above the one before: {index} µs, ..." "The disk has all three 0.1 ms later. That is not what they wait for."
when commit say "{value} µs: twice the uncertainty, and one more." "From the latest that it may be to the moment when that is surely over: up 4 ms, and down 4 ms."
when answer of c3 say "c3: {value}" "They waited side by side. The wait costs time, not throughput."
when hold say "A read of the present, {index} µs, has to wait as well." "A write could still get an earlier timestamp. Better clocks make both quicker: 1 ms off is 2 ms to wait."
when serve say "After {value} µs its timestamp is safe, and n1 answers."

expect c1 took 9.001ms at 11ms
expect c2 took 9.002ms at 11ms
expect c3 took 9.003ms at 11ms
expect n1 waited 8.003ms at 11ms
expect c3 stamp 5.502ms
expect c1 took 8.501ms
expect c1 x 3
