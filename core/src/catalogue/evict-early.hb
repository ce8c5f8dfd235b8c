scenario "A table too small"
protocol rpc with bug evict-early
nodes 1
seed 1
latency 30ms
disk 2ms
set retry until-answered
set keys on
set client-timeout 200ms
client c1
client c2

drop n1->c1 reply #1
at 100ms c1 add 1
at 200ms c2 add 1
end 600ms

when execute say "n1 adds 1 for c1. The answer gets lost."
when answer of c2 say "n1 adds 1 for c2. Its table has room for one key: c1's has to go."
when retry say "c1 asks again, with its key. Nobody remembers it."
when answer of c1 say "The counter says 3. A key must stay while its client may ask again." "How long is that? Only the client knows: when it begins something new, it has done with this."

expect n1 counter 3
expect answered 2
expect violated no operation takes effect twice
