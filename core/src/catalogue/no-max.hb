scenario "Without the greater number"
protocol clocks with bug no-max
nodes 2
seed 1
latency 20ms

at 40ms tell n1 event
at 60ms tell n1 event
at 80ms tell n1 send n2
end 160ms

when send say "n1 has been busy: it sends with number {index}."
when receive say "n2 counts on, from 1 to {index}, whatever came with the message." "The receipt has a smaller number than the sending that caused it. Sorted by numbers the answer comes before the question."

expect violated a cause has the smaller stamp
