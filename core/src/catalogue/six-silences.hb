scenario "Six silences"
protocol rpc
nodes 6
seed 1
latency 30ms
disk 2ms
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
end 1s

when request of c1 say "Six clients ask six servers to add 1. Each has a server to itself."
at 200ms say "A request is lost, one waits in a queue, n3 is dead, n4 stands still." "n5 and n6 have added 1. One answer is lost, the other will be late."
at 300ms say "No client has an answer. Should it ask again?"
when timeout of c1 say "All six stop waiting, at the same moment. They have seen the same." "A wish, a clock, and no answer: nothing in it says which of the six it was."
when execute of n4 say "n4 wakes up and adds 1. c2's request leaves its queue. Nobody waits." "What a client has given up may still happen."
at 800ms say "The counters say 0, 1, 0, 1, 1 and 1. None of the clients knows its own."

expect answered 0
expect n5 counter 1 at 200ms
expect n6 counter 1 at 200ms
expect n4 counter 0 at 399ms
expect n1 counter 0
expect n2 counter 1
expect n4 counter 1
expect n5 counter 1
expect n6 counter 1
expect no operation takes effect twice
