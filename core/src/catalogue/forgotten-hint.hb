scenario "The hint that was sent into the void"
protocol dynamo with bug forget-hint
nodes 4
seed 1
latency 20ms..40ms
disk 1ms
set w 3
set quorum sloppy
set anti-entropy off
client c1 at n1

at 20ms crash n3
at 50ms c1 put x 1
at 700ms restart n3
end 1200ms

when hint say "n3 is down. {node} stands in for {to}, and keeps a hint."
when hand-off say "{node} sends it to {to}, and takes that for delivered." "n3 is still down."
when restart say "n3 is back. Nobody remembers that something is for it."

expect n4 hints none at 690ms
expect violated hints are kept until delivered
