scenario "Answered from memory"
protocol commit-wait with bug answer-before-sync
nodes 1
seed 1
latency 500us
disk 20ms
set uncertainty 4ms
client c1
client c2

at 1ms c1 put x 1
at 12ms crash n1
at 13ms restart n1
at 14ms c2 get x
end 25ms

when stamp say "c1's write gets {index} µs. The disk is slow today: a sync takes 20 ms."
when commit say "After {value} µs the timestamp has passed, and n1 answers." "It waited for the clocks. Nobody waited for the disk."
when crash say "Power fails. c1 was told that its write is done."
when answer of c2 say "c2: {value}"

expect c2 x nothing
expect violated what was answered stays
