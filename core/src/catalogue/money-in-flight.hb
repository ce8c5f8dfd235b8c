scenario "Money in flight"
protocol snapshot
nodes 3
seed 1
latency 30ms

at 100ms tell n2 transfer n1 10
at 110ms tell n1 snapshot
at 115ms tell n3 transfer n2 20
end 400ms

when transfer of n2 say "Each has 100. n2 sends {value} to {to}: they are in no account now."
when snapshot say "n1 records what it has, and sends a marker along each channel." "It goes on working. Nobody stops for a snapshot."
when transfer of n3 say "n3 sends {value} to n2. No marker has reached it."
when receive of n1 say "n2's 10 arrive. n1 has recorded; n2's marker has not come." "So they were on their way: n1 records them as the state of that channel."
when record of n2 say "The marker reaches n2. It records {value}, and sends markers on."
when total say "Accounts and channels together: {value}." "100, 90 and 80 in the branches, 10 and 20 on their way. Nothing is missing or counted twice."

expect n1 recorded 100 and 10
expect n2 recorded 90 and 20
expect n3 recorded 80
expect n1 total 300
expect the cut is consistent
expect no money is made or lost
