scenario "Three timestamps"
protocol ntp with bug ignore-processing
nodes 2
seed 1
latency 20ms
set poll 200ms
set processing 60ms
set slew-rate 500000

end 400ms

when work of n1 say "n2's clock is right. n1 has its question, and takes 60 ms over it." "n1 only says when the answer left, not when the question came."
when slew of n2 say "100 ms in all: the answer must have been 50 on its way, thinks n2." "It was 20. What n1 spent is no part of the way: n2 leads its clock 30 ms astray."

expect n2 offset +30ms at 310ms
expect n2 delay 40ms at 310ms
expect violated an offset is wrong by half the delay at most
