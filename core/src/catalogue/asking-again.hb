scenario "Asking again"
protocol rpc
nodes 6
seed 1
latency 30ms
disk 2ms
set retry until-answered
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

when request of c1 say "The same six silences. But now a client that hears nothing asks again."
when retry of c1 say "All six ask again, in the same words: add 1."
when execute of n5 again say "{node} adds 1."
when answer of c5 say "c5 has an answer: 2. It asked for 1." "n5 had done it, and only the answer got lost. It cannot tell a retry from a new wish."
when execute of n4 say "n4 wakes up, and finds both requests. So does n2."
at 1100ms say "The counters: 1, 2, 1, 2, 2, 2. All have an answer, four too much." "Asking until there is an answer means: at least once."

expect answered 6
expect n1 counter 1
expect n2 counter 2
expect n3 counter 1
expect n4 counter 2
expect n5 counter 2
expect n6 counter 2
expect violated no operation takes effect twice
expect what is answered has taken effect
