scenario "Cut in two: rather two answers"
protocol dynamo
nodes 5
seed 2
latency 20ms..40ms
disk 1ms
set quorum sloppy
client c1 at n1
client c2 at n4

at 100ms partition n1 n2 c1 | n3 n4 n5 c2
at 200ms c1 put x 1
at 400ms c2 put x 2
at 700ms c1 get x
at 900ms c2 get x
at 1300ms heal
at 2100ms c2 get x
end 2600ms

when partition say "The network is cut in two. c1 is left with n1 and n2." "x belongs to n1, n2 and n3. Two of them must store a write: W = 2."
when written of n1 say "c1 writes 1: n1 and n2 have it. Done."
when hint say "c2 writes 2. n1 is silent, so {node} stands in for {to}." "A sloppy quorum: the first that answer. That is the A of CAP."
when read of n1 say "c1 reads what it wrote: 1."
when read of n4 say "c2 reads what it wrote: 2. Both sides answer." "No single copy could have given both answers."
when heal say "The network is whole again. Who stood in hands over what it has."
when delivered say "{node} has handed over to {to}: 1 and 2 now stand side by side." "Neither writer knew of the other: neither may be dropped. Siblings."

expect answered 4 at 1290ms
expect n1 x 1 at 1290ms
expect n3 x 2 at 1290ms
expect answered 5
expect n1 x 1 | 2
expect n2 x 1 | 2
expect n3 x 1 | 2
expect n4 hints none
expect acknowledged is not lost
expect replicas that compared agree
expect violated linearizable
