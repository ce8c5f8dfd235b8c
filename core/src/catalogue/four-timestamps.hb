scenario "Four timestamps"
protocol ntp
nodes 2
seed 1
latency 20ms
set poll 100ms
set processing 10ms

at 0s step n2 by -250ms
at 260ms say "The second exchange finds nothing left to mend: 20 ms there, 20 back."
end 300ms

when step of n2 say "n2's clock is 250 ms slow. n1 has the time, and will be asked for it." "Nobody can simply read the answer off: it was some time on its way."
when work of n1 say "n2's question bears t1, when it left. n1 notes t2 when it came." "n1 takes 10 ms over it, and notes t3 when the answer leaves. That is no part of the way."
when sample of n2 say "t2 - t1 is 270 ms; t4 - t3 is -230. Half the difference: 250." "Their sum, 40 ms, was spent on the way. So the offset is wrong by 20 ms at most, and n2 sets its clock."

expect n2 there +270ms at 160ms
expect n2 back -230ms at 160ms
expect n2 offset +250ms at 160ms
expect n2 delay 40ms at 160ms
expect n2 error 20ms at 160ms
expect n2 correction step +250ms at 160ms
expect n2 there +20ms
expect n2 back +20ms
expect n2 offset 0s
