scenario "The earliest that it may be"
protocol commit-wait with bug stamp-earliest
nodes 3
seed 1
latency 500us
disk 100us
set uncertainty 4ms
client c1
client c2

at 0s step n2 by -4ms
at 10ms c1 put x 1
at 12ms c2 put y 2
end 15ms

when step say "n2's clock is 4 ms slow, within its bound."
when stamp of n1 say "n1 takes the earliest that it may be: {index} µs. It is 10.5 ms." "Such a timestamp has passed at once. Nobody has to wait for anything."
when answer of c1 say "c1: {value}, 1.1 ms after it asked."
when stamp of n2 say "c2 asks after that. The earliest that it may be at n2: {index} µs." "Only a time that cannot be over yet lies above all that is over."

expect c1 took 1.100ms
expect c1 stamp 6.500ms
expect c2 stamp 4.500ms
expect violated timestamps follow real time
