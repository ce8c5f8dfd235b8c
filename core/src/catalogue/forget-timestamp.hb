scenario "A timestamp forgotten"
protocol commit-wait with bug forget-timestamp
nodes 1
seed 1
latency 500us
disk 100us
set uncertainty 4ms
client c1
client c2
client c3

at 0s step n1 by 4ms
at 1ms c1 put x 1
at 2ms kill n1
at 3ms step n1 by -8ms
at 4ms restart n1
at 5ms c2 put x 2
at 15ms c3 get x
end 30ms

when stamp say "n1's clock is 4 ms fast. c1's write gets {index} µs."
when kill say "The write is on the disk when the process dies. c1 has no answer yet."
when restart say "n1 is back, with a clock that is 4 ms slow now. That may be." "It reads the values from its disk. It does not look for the highest timestamp that it has given."
when answer of c2 say "c2 writes x = 2: {value}. Less than 9500." "Its write came later, and counts as earlier."
when answer of c3 say "c3: {value}" "c2 was told that x = 2 is done. Whoever reads finds what was there before."

expect c2 stamp 5.500ms
expect c3 x 1
expect violated a server's timestamps only rise
