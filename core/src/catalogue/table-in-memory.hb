scenario "The table in memory"
protocol rpc with bug table-in-memory
nodes 1
seed 1
latency 30ms
disk 2ms
set retry until-answered
set keys on
set client-timeout 200ms
client c1

drop n1->c1 reply #1
at 100ms c1 add 1
at 200ms crash n1
at 250ms restart n1
end 600ms

when execute say "n1 adds 1 on its disk, and notes the key in memory."
when crash say "Its answer is lost, and then n1 loses power."
when restart say "n1 is back: the counter is on disk, the keys are gone."
when retry say "c1 asks again, with the key of its first try."
when answer say "The counter says 2. The table must last as long as what it protects."

expect n1 counter 2
expect answered 1
expect violated no operation takes effect twice
