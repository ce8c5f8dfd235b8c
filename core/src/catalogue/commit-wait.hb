scenario "Commit wait"
protocol commit-wait
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
at 11ms c2 put y 2
at 12ms c3 snapshot x y
end 25ms

when step of n1 say "n1's clock is 3 ms fast." "No clock here is more than 4 ms off. That is promised, and everybody counts on it."
when step of n2 say "n2's clock is 3 ms slow. Nobody knows which of the two is right."
when stamp of n1 say "n1 gives c1's write a timestamp: {index} µs, the latest that it may be." "It is now 1.5 ms. n1's clock shows 4.5 ms, and may be 4 ms slow."
when commit of n1 say "{value} µs later n1 knows that {index} µs are over everywhere." "Its clock shows 12.501 ms now. Less 4 ms, that is past the timestamp. Now c1 may hear of it."
when answer of c1 say "c1: {value}"
when stamp of n2 say "Then c2 writes y. The slow n2 gives {index} µs: more than 8500." "It must be so: the time was past 8500 µs when c1 was answered, and n2's latest is no earlier than now."
when choose of c3 say "c3 reads both at one timestamp, {index} µs." "It locks nothing. Each server waits until no write can get that timestamp or an earlier one."
when answer of c3 say "c3: {value}" "What ended before something else began has the smaller timestamp. No server asked another."

expect c1 stamp 8.500ms
expect n1 waited 8.001ms
expect c1 took 9.001ms
expect c2 stamp 12.500ms
expect c3 x 1
expect c3 y 2
expect timestamps follow real time
