scenario "A clock set back"
protocol lww
nodes 1
seed 1
latency 200us
disk 100us
client c1

at 1ms c1 put x 1
at 2ms step n1 by -5s
at 2.5ms c1 put x 2
at 3.5ms c1 get x
end 5ms

when answer say "One replica, one client. x = 1 is written."
when step say "NTP finds the clock 5 s fast and sets it back, at once." "A slew would have led it there slowly, and never backwards."
when drop say "c1 writes x = 2. By the clock that was 5 s ago: dropped." "For 5 s whatever c1 writes is thanked for and thrown away."

expect n1 x 1
expect answered 3
expect violated a write stands above what its client saw
expect violated a later write is not dropped
