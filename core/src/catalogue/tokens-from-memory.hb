scenario "A counter that begins anew"
protocol lock with bug tokens-from-memory
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 400ms
set first-token 33
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 900ms crash n1
at 910ms timeout n2
at 1200ms c2 edit file two
end 2500ms

when hold of c1 say "c1 has token {index}. n1 counts tokens in its memory." "The lock itself stands in the replicated log. The counter does not."
when answer of c1 say "c1 is done, and has given the lock back."
when crash of n1 say "n1 dies, and its counter with it."
when leader of n2 say "n2 leads now. It knows who has which lock, and counts from 33."
when hold of c2 say "c2 has token {index}, too: one number for two holders." "Whoever comes late with the first 33 could no longer be told from c2."

expect answered 2
expect violated no token twice
expect violated tokens rise
