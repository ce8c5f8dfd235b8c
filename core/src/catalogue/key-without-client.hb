scenario "Somebody else's answer"
protocol rpc with bug key-without-client
nodes 1
seed 1
latency 30ms
disk 2ms
set retry until-answered
set keys on
set client-timeout 200ms
client c1
client c2

at 100ms c1 add 10
at 250ms c2 add 5
end 500ms

when answer of c1 say "c1's first wish has the key 1. It is done: the counter says 10."
when request of c2 say "c2's first wish has the key 1, too. The key does not say whose it is."
when repeat say "{node} knows the key 1, and gives the answer that it has."
when answer of c2 say "c2 is told 10. Its 5 was never added, and it will never know."

expect n1 counter 10
expect answered 2
expect violated an answer is one's own
