scenario "Clocks on the wall lie"
protocol clocks
nodes 2
seed 1
latency 20ms
set clock wall

at 10ms step n1 by 40ms
at 60ms tell n1 send n2
end 160ms

when step say "n1's clock is 40 ms ahead of n2's. Neither can know."
when send say "n1 sends. Its clock shows 10:00:00.100."
when receive say "n2 receives. Its clock shows 10:00:00.080." "By the stamps the message came before it was sent. A flight of 20 ms is shorter than the clocks are apart."

expect violated a cause has the smaller stamp
