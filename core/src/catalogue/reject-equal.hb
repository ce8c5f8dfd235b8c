scenario "One comparison too strict"
protocol lock with bug reject-equal
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 300ms
set client-tries 2
set first-token 33
client c1 at n1

at 10ms timeout n1
at 200ms c1 edit file one
end 2s

when hold of c1 say "c1 has the lock, and token {index}."
when work of c1 say "It reads with its token. Now s1 has seen {index}."
when fence say "It writes with {index}, and is refused." "s1 wants a higher one. But the token of a holder stays the same for as long as it holds."
when give-up of c1 say "Nobody will ever write here. Refuse what is lower, and only that."

expect answered 0
expect violated the newest holder is not refused
