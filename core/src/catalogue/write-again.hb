scenario "Stamped again, done again"
protocol commit-wait with bug write-again
nodes 1
seed 1
latency 500us
disk 100us
set uncertainty 4ms
set client-timeout 15ms
client c1
client c2
client c3

drop n1->c1 done #1
at 1ms c1 put x 1
at 9ms c2 put x 2
at 26ms c3 get x
end 36ms

when stamp say "c1's write gets {index} µs."
when lost say "The answer is lost. c1 waits; it asks again after 15 ms."
when answer of c2 say "Meanwhile c2 writes x = 2: {value}." "c1 has asked again meanwhile. n1 could know the write by its number; it gives it a second timestamp."
when answer of c1 say "c1: {value}"
when answer of c3 say "c3: {value}" "c1 wrote once. c2's write lies between its two, and is gone."

expect c2 stamp 13.500ms
expect c1 stamp 20.500ms
expect c3 x 1
expect violated a write is done once
