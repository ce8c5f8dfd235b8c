scenario "The marker comes second"
protocol snapshot with bug marker-late
nodes 2
seed 1
latency 30ms

at 100ms tell n1 snapshot
at 110ms tell n1 transfer n2 10
end 400ms

when record of n1 say "n1 records {value}. Its marker it means to send in a moment."
when transfer say "First it sends {value} to n2."
when record of n2 say "The marker comes after the money: n2 records {value}."
when total say "The snapshot shows {value} of 200." "The 10 are counted twice: received before the cut, sent after it. No such state can ever be."

expect n1 total 210
expect violated the cut is consistent
expect violated no money is made or lost
