scenario "A no-op too many"
protocol multipaxos with bug no-op-over
nodes 3
seed 1
latency 30ms
disk 1ms
client c1 at n1
client c2 at n3

drop n1->n3 accept #1
at 20ms timeout n1
at 160ms c1 put x 1
at 300ms crash n1
at 400ms timeout n3
at 600ms c2 get x
end 900ms

when leader of n1 say "{node} leads ballot {term}."
when chosen of n1 say "Slot {index} is chosen: n1 and n2 have it. The message to n3 got lost." "The client is told."
when crash say "{node} dies. n3 has nothing in slot 1."
when leader of n3 say "{node} leads ballot {term}. n2 reports slot 1; n3 looks at its own log." "It takes the slot for a gap. A no-op belongs only where nobody of a quorum reports anything."
when chosen of n3 say "A no-op is chosen in slot {index}, where a command was chosen before."

expect answered 1 at 299ms
expect n1 x 1 at 299ms
expect violated above what is chosen the same value
expect violated one value per slot
expect violated everyone applies the same
expect violated linearizable
