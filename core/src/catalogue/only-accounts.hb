scenario "Only the accounts"
protocol snapshot with bug forget-channels
nodes 3
seed 1
latency 30ms

at 100ms tell n2 transfer n1 10
at 110ms tell n1 snapshot
end 400ms

when transfer say "n2 sends {value} to {to}."
when snapshot say "n1 records its account, and sends its markers."
when receive say "The {value} arrive, sent before the cut and received after it."
when total say "The snapshot shows {value} of 300." "What was on its way is in no account. The state of a system is that of its channels, too."

expect n1 total 290
expect violated what is recorded was there
expect violated no money is made or lost
