scenario "Everybody at noon"
protocol snapshot with bug by-wall-clock
nodes 3
seed 1
latency 30ms

at 50ms step n2 by -100ms
at 100ms tell n1 snapshot
at 210ms tell n1 transfer n2 10
end 500ms

when step say "n2's clock is a tenth of a second behind. Nobody knows."
when snapshot say "n1 appoints a time: everybody records when its clock shows it."
when record of n1 say "By n1's clock it is time: n1 records {value}."
when transfer say "Then n1 sends {value} to n2."
when receive say "They arrive. By n2's clock it is not time yet."
when record of n2 say "Now n2 records: {value}." "The 10 stand in both accounts: a time of day is no cut."

expect n1 total 310
expect violated the cut is consistent
expect violated no money is made or lost
