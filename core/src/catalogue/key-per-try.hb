scenario "A key for each try"
protocol rpc with bug key-per-try
nodes 1
seed 1
latency 30ms
disk 2ms
set retry until-answered
set keys on
set client-timeout 200ms
client c1

drop n1->c1 reply #1
at 100ms c1 add 1
end 600ms

when execute say "n1 adds 1, and notes the key that came with it."
when lost say "Its answer gets lost."
when retry say "c1 asks again. But its library makes a new key for every try."
when answer say "The counter says 2. A key has to belong to the wish, not to the message."

expect n1 counter 2
expect answered 1
expect violated no operation takes effect twice
