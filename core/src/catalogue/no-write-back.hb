scenario "The reader that kept it to itself"
protocol abd with bug no-write-back
nodes 3
seed 1
latency 20ms..40ms
disk 1ms
set client-timeout 30s
client c1
client c2
client c3

hold c1->n2 update #1
hold c1->n3 update #1
drop c2->n3 query #1
drop c3->n1 query #1
at 20ms c1 put x 1
at 300ms c2 get x
at 500ms c3 get x
end 800ms

when choose say "c1 writes x = 1. The network is slow: only n1 hears of it."
when answer of c2 say "c2 asks n1 and n2, returns 1, and tells nobody."
when answer of c3 say "c3 asks n2 and n3, later, and finds nothing written." "Had c2 told a majority what it returned, n2 would have known."

expect answered 2
expect violated answered is on a majority of disks
expect violated linearizable
