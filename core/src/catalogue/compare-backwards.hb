scenario "Compared the wrong way round"
protocol lock with bug compare-backwards
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 600ms
set work 300ms
set first-token 33
set look off
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 1s c2 edit file two
end 2s

when hold of c1 say "c1 has token 33."
when answer of c1 say "s1 has written for 33."
when hold of c2 say "c2 is next, with token 34."
when fence say "s1 refuses 34, because it is not lower than 33." "The comparison stands the wrong way round: the old come in, the new stay out."

expect violated the newest holder is not refused
