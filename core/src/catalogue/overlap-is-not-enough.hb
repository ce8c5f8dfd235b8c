scenario "R + W > N is not enough"
protocol dynamo
nodes 3
seed 1
latency 20ms..40ms
disk 1ms
set r 2
set w 3
set silence 5s
set client-timeout 30s
set anti-entropy off
client c1 at n1
client c2 at n1
client c3 at n3

hold n1->n2 store #2
hold n1->n3 store #2
drop n1->n3 fetch #1
drop n3->n1 fetch #1
at 20ms c1 put x 0
at 300ms c1 put x 1
at 500ms c2 get x
at 700ms c3 get x
at 900ms deliver n1->n2 store #2
at 900ms deliver n1->n3 store #2
end 1200ms

when put say "c1 writes x = 0. All three must store it: W = 3." "A read asks two: R = 2. Any two and any three of three have one in common."
when written say "x = 0 is on three disks. Then c1 writes 1, and the network is slow."
when read of n1 say "c2 reads. n1 has 1, n2 still has 0: the newer one counts."
when read of n3 say "c3 reads later. n3 and n2 both have 0." "It asked two of three, as it must. The write is on its way to both."
when answer of c3 say "First 1, then 0: no single copy could have answered that." "Overlap makes a read see writes that are done. This one is not done yet."

expect answered 1 at 400ms
expect answered 3 at 890ms
expect answered 4
expect reads see acknowledged writes
expect violated linearizable by 990ms
