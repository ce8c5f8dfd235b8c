scenario "Cut in two: rather two answers"
protocol dynamo
nodes 5
seed 2
latency 20ms..40ms
disk 1ms
set quorum sloppy
client c1 at n1
client c2 at n4

at 100ms partition n1 n2 n3 c1 | n4 n5 c2
at 200ms c1 put x 1
at 400ms c2 put x 2
at 1s c1 get x
at 1100ms c2 get x
at 1700ms heal
at 2600ms c1 get x
at 2700ms c2 get x
end 3s

when partition say "The network is cut in two. c2 is left with n4 and n5." "x belongs to n1, n2 and n3. Two of them must store a write: W = 2."
when written of n1 say "c1 writes 1: two of x's servers have it. Done."
when hint say "c2 writes 2. x's servers are silent: {node} stands in for {to}." "A sloppy quorum: the first that answer. That is the A of CAP."
when written of n4 say "n4 and n5 have 2, each on behalf of another. Done."
when read of n1 say "c1 reads what it wrote: 1. But 2 was acknowledged before."
when read of n4 say "c2 reads what it wrote: 2. Both sides answer." "No single copy could have given both answers."
when heal say "The network is whole again. Who stood in hands over what it has."
when delivered say "{node} has handed over to {to}, where 1 and 2 stand side by side." "Neither writer knew of the other: neither may be dropped. Siblings."
at 2900ms say "Both clients now read 1 | 2." "What the two mean together, only the application can decide."

expect c1 answer ok at 390ms
expect c2 answer ok at 990ms
expect n5 hints x for n2 at 1690ms
expect c1 answer 1 at 1690ms
expect c2 answer 2 at 1690ms
expect answered 4 at 1690ms
expect n1 x 1 | 2
expect n2 x 1 | 2
expect n3 x 1 | 2
expect n4 hints none
expect c1 answer 1 | 2
expect c2 answer 1 | 2
expect acknowledged is not lost
expect replicas that compared agree
expect violated reads see acknowledged writes
expect violated linearizable
