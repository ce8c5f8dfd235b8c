scenario "One silent process, and the order stops"
protocol broadcast
nodes 3
seed 1
latency 20ms..40ms
set order total
client c1 at n1

at 100ms crash n3
at 200ms c1 post red
at 1200ms restart n3
end 1900ms

when crash say "n3 is down."
when post of n1 say "c1 says red. n2 sends its stamp; n3 does not."
when resend of n1 say "n1 sends it again and again." "Silence may be an earlier message on its way. Nobody may deliver red."
when restart say "n3 is back, with its disk. What it missed is sent again."
when deliver of n1 say "n3's stamp has come: now red is delivered." "FIFO and causal order need nobody's stamp, and go on without n3."

expect n1 count 0 at 1199ms
expect n2 count 0 at 1199ms
expect n1 delivered red
expect n3 delivered red
expect answered 1
