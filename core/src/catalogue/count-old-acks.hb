scenario "An answer from an earlier term"
protocol raft with bug count-old-acks
nodes 5
seed 17
latency 20ms..40ms
set client-timeout 5s
log n1 1 1
client c1 at n5
client c2 at n1

hold n2->n1 stored #1
at 20ms timeout n1
when leader of n1: partition n1 n2 | n3 n4 n5
at 250ms timeout n5
at 400ms c1 put x 1
at 620ms heal
at 800ms timeout n1
at 950ms c2 put x 2
when append of n1: cut n1->n2
when append of n1: cut n1->n4
when append of n1: cut n1->n5
at 1010ms deliver n2->n1 stored #1
end 1200ms

when leader of n1 say "{node} leads term {term} and reaches only n2, which stores two entries." "n2's answer, “stored up to 2”, gets stuck in the network."
when leader of n5 say "{node} leads term {term} on the other side of the cut." "Three of five are on its side, so its writes count."
when truncate of n2 say "The network is whole: what n1 and n2 had is overwritten." "n2 keeps one entry, of term 3. Its old answer is still under way."
when append of n1 say "n1 leads term 4 and takes a write, entry 2. It reaches only n3." "Now the old answer arrives: n2 has stored up to 2. That was true in term 2."

expect n1 term 2 at 240ms
expect n2 log 1 1 at 240ms
expect leader n5 at 600ms
expect n1 log 3 at 790ms
expect n2 log 3 at 790ms
expect n1 term 4 at 940ms
expect leader n1 at 940ms
expect n2 log 3
expect n1 log 3 4
expect violated acknowledged is on disk
