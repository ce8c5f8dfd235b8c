scenario "Cut in two: the same register waits"
protocol dynamo
nodes 5
seed 2
latency 20ms..40ms
disk 1ms
set quorum strict
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
when put of n4 say "c2 writes 2 through n4, which reaches none of x's servers." "The quorum is strict: nobody may stand in for them."
when give-up of c2 say "c2 has no answer, and so no wrong one. That is the C of CAP." "It does not know whether its write will ever be read."
when read of n1 say "c1 reads 1. On its side everything goes on."
when heal say "The network is whole again."
when read of n4 say "c2 reads what c1 wrote: 1." "Its own 2 has reached none of x's servers: it lies at n4, where no read looks."

expect c1 answer ok at 390ms
expect c2 answer none at 1690ms
expect c1 answer 1 at 1690ms
expect answered 2 at 1690ms
expect n4 hints none at 1690ms
expect n3 x 1
expect n4 x 2
expect c1 answer 1
expect c2 answer 1
expect reads see acknowledged writes
expect linearizable
