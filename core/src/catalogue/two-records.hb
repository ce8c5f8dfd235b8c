scenario "Between two records"
protocol rpc with bug two-records
nodes 1
seed 10
latency 30ms
disk 40ms
set retry until-answered
set keys on
set client-timeout 200ms
client c1

at 100ms c1 add 1
at 150ms crash n1
at 200ms restart n1
end 700ms

when execute say "n1 writes two records: the counter is 1, and the key of who wanted it."
when crash say "The power fails between the one and the other."
when restart say "n1 is back. The effect is on its disk, the key is not."
when retry say "c1 asks again."
when answer say "The counter says 2. An effect and its key have to be one record."

expect n1 counter 2
expect answered 1
expect violated no operation takes effect twice
