scenario "Told too soon"
protocol rpc with bug answer-before-sync
nodes 1
seed 3
latency 30ms
disk 40ms
set retry until-answered
set keys on
set client-timeout 200ms
client c1

at 100ms c1 add 1
at 165ms crash n1
at 200ms restart n1
end 500ms

when execute say "n1 adds 1 in memory, and answers while the disk is still busy."
when answer say "c1 is told that it is done."
when crash say "The power fails before the disk has it."
when restart say "n1 is back, and its counter says 0." "No retry will mend that: c1 has its answer."

expect n1 counter 0
expect answered 1
expect violated what is answered has taken effect
