scenario "The tag that was given twice"
protocol abd with bug reuse-tag
nodes 3
seed 1
latency 20ms..40ms
disk 1ms
set client-timeout 30s
client c1
client c2

drop c1->n2 update #1
drop c1->n3 update #1
drop c1->n1 query #2
drop c1->n1 update #2
drop c2->n3 query #1
drop c2->n3 update #1
at 20ms c1 put x 1
at 200ms kill c1
at 250ms restart c1
at 300ms c1 put x 2
at 600ms c2 get x
end 900ms

when choose say "c1 chooses tag {term} for x = 1. Only n1 hears of it."
when kill say "c1 restarts, and with it goes what it knew of its own tags."
when complete of c1 say "n2 and n3 knew of no write: it chose tag {term} again, for x = 2." "x = 2 is on a majority of disks, and done."
when answer of c2 say "c2 hears tag 1 from n1 and from n2, with two values." "Equal tags, so it takes what it heard first. Nothing orders the two writes."

expect answered 2
expect violated one value per tag
