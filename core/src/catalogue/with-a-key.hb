scenario "With a key"
protocol rpc
nodes 6
seed 1
latency 30ms
disk 2ms
set retry until-answered
set keys on
set client-timeout 300ms
client c1 at n1
client c2 at n2
client c3 at n3
client c4 at n4
client c5 at n5
client c6 at n6

drop c1->n1 request #1
drop n5->c5 reply #1
delay n6->c6 reply #1 by 400ms
at 90ms clog c2->n2 for 560ms
at 90ms crash n3
at 90ms pause n4 for 560ms
at 100ms c1 add 1
at 100ms c2 add 1
at 100ms c3 add 1
at 100ms c4 add 1
at 100ms c5 add 1
at 100ms c6 add 1
at 600ms restart n3
end 1200ms

when request of c1 say "The same again, but each wish has a key, and a retry has the same one."
when retry of c1 say "All six ask again, each with the key of its first try."
when repeat of n5 say "{node} knows the key. It adds nothing, and repeats its first answer." "Beside the counter its disk holds, for each client, the last key and its answer."
when execute of n3 say "n3 is back. It finds no such key on its disk, so this is new to it."
at 1100ms say "All counters say 1, and every client knows it." "Messages are still lost and sent twice. Only the effect is had exactly once."

expect answered 6
expect n1 counter 1
expect n2 counter 1
expect n3 counter 1
expect n4 counter 1
expect n5 counter 1
expect n6 counter 1
expect no operation takes effect twice
expect what is answered has taken effect
