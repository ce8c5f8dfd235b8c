scenario "The nearest one is wrong"
protocol ntp with bug trust-one
nodes 4
seed 1
latency 20ms
latency n3->n4 5ms
latency n4->n3 5ms
set sources 3
set poll 100ms

at 0s step n3 by 5s
end 200ms

when step of n3 say "Three sources. n3, the nearest to n4, is 5 s fast; n4 is right."
when step of n4 say "n3 answers first, with the least delay. n4 follows it, 5 s ahead." "A short way says that n3 was heard well. It does not say that n3 is right."

expect n4 offset +5s at 120ms
expect n4 correction step +5s
expect violated after an exchange clocks agree
