scenario "Somebody stands in"
protocol dynamo
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

when crash say "x belongs to n1, n2 and n3. n3 is down, and W is 3."
when hint say "n3 stays silent, so {node} stands in for {to}, with a hint for whom it is."
when written say "Three disks have it: the write is acknowledged."
when restart say "n3 is back and knows nothing of x. n4 tries again and again."
when delivered say "{node} has handed it over. Only now it may forget the hint."

expect answered 1 at 400ms
expect n4 hints x for n3 at 690ms
expect n4 hints none
expect n3 x 1
expect acknowledged is on w disks
expect hints are kept until delivered
