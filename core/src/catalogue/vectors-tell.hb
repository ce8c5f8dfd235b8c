scenario "Vectors tell"
protocol clocks
nodes 3
seed 1
latency 20ms
set clock vector

at 60ms tell n1 event
at 100ms tell n1 send n2
at 160ms tell n2 send n3
at 170ms tell n3 event
end 260ms

when local of n1 say "The same four orders. Now each process counts the events of all." "n1 knows of two events of its own and of nothing else: [2 0 0]."
when send of n1 say "The message takes along all that n1 knows: [3 0 0]."
when receive of n2 say "n2 takes the greater count of each, and counts its receipt: [3 2 0]."
when send of n2 say "n2 sends [3 3 0] to n3."
when local of n3 say "n3 has [0 0 2]. Which of the two is smaller?"
when concurrent of n3 say "Neither is smaller in every place. Concurrent: no chain of messages." "A vector is smaller exactly if its event happened before. It costs one count for each process."

expect n3 last none at 175ms
expect n3 last concurrent
