scenario "The counter that was forgotten"
protocol clocks with bug forget-counter
nodes 2
seed 1
latency 20ms
disk 1ms
set storage on

at 40ms tell n1 event
at 60ms tell n1 event
at 80ms tell n1 send n2
at 140ms kill n1
at 160ms restart n1
end 220ms

when send say "n1 has counted to {index}, and n2 will know it." "Every number is on the disk before a message leaves with it."
when kill say "n1's process dies."
when restart say "It starts again, does not read its disk, and counts from 1." "What happens now has smaller numbers than what happened before."

expect violated a cause has the smaller stamp
