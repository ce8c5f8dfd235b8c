scenario "A clock beyond its bound"
protocol commit-wait
nodes 3
seed 1
latency 500us
disk 100us
set uncertainty 4ms
client c1
client c2
client c3

at 0s step n1 by 10ms
at 1ms c1 put x 1
at 10.5ms c2 put y 2
at 11.2ms c3 snapshot x y
end 21ms

when step say "n1's clock is 10 ms fast. It was promised to be 4 ms off at most." "n1 has no way to know. Its interval does not hold the true time any more."
when stamp of n1 say "n1 gives c1's write {index} µs, and waits as the rule says."
when commit of n1 say "{value} µs later it believes that this time is over. It is 9.501 ms." "The wait is right. The promise was wrong."
when stamp of n2 say "c1 has its answer. c2 writes y: n2, which is right, gives {index} µs." "It is 11 ms. By n2's clock 15500 µs have not come, and what n1 gave it cannot know."
when answer of c3 say "c3: {value}" "The later write without the earlier. Of Spanner's machines, bad processors were 6 times as likely as bad clocks."

expect n1 waited 8.001ms
expect c1 stamp 15.500ms
expect c2 stamp 15.000ms
expect c3 x nothing
expect c3 y 2
expect violated the interval holds the true time
expect violated timestamps follow real time
