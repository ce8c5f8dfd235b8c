scenario "Half the wait"
protocol commit-wait with bug wait-by-midpoint
nodes 3
seed 1
latency 500us
disk 100us
set uncertainty 4ms
client c1
client c2

at 0s step n1 by 4ms
at 0s step n2 by -4ms
at 1ms c1 put x 1
at 7ms c2 put y 2
end 17ms

when step of n1 say "n1's clock is 4 ms fast, n2's 4 ms slow: as far as they may be."
when stamp of n1 say "n1 gives c1's write {index} µs, and waits until its clock shows that."
when commit of n1 say "It has waited {value} µs. By its own clock the time is over." "A server that forgets that its clock may be fast waits half as long as it must."
when stamp of n2 say "c1 has its answer. c2's write gets {index} µs at the slow n2, not 9500." "What ended first has the later timestamp."

expect n1 waited 4.001ms
expect c1 stamp 9.500ms
expect c2 stamp 7.500ms
expect violated timestamps follow real time
