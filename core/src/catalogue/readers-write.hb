scenario "Readers write"
protocol abd
nodes 3
seed 1
latency 20ms..40ms
disk 1ms
set client-timeout 30s
client c1
client c2
client c3

hold c1->n2 update #2
hold c1->n3 update #2
drop c2->n3 query #1
drop c2->n3 update #1
drop c3->n1 query #1
at 20ms c1 put x 0
at 300ms c1 put x 1
at 500ms c2 get x
at 800ms c3 get x
at 1200ms deliver c1->n2 update #2
at 1200ms deliver c1->n3 update #2
end 1500ms

when choose of c1 say "c1 has asked a majority and chooses tag {term} for x = 0."
when complete of c1 say "A majority has it: done. Its next write, 1, reaches n1 alone."
when write-back of c2 say "c2 has heard 1 from n1 and 0 from n2. It does not return yet." "First it tells a majority what it is about to return. Readers write."
when answer of c2 say "Now n1 and n2 have 1, and c2 returns it."
when write-back of c3 say "c3 asks n2 and n3: one of them was told by c2. It sees 1." "Whatever majority it had asked, one of it would have been."

expect answered 2 at 750ms
expect n3 x 0 at 750ms
expect n2 x 1 at 750ms
expect answered 4
expect linearizable
expect answered is on a majority of disks
