scenario "The last messenger"
protocol two-generals
nodes 2
seed 1
latency 20ms..40ms
set acknowledgements 3
set dawn 600ms

drop n2->n1 acknowledgement #2
end 700ms

when hear of n2 say "n1 has sent: attack at dawn. n2 hears it." "Who attacks alone is lost. n2 sends a messenger back: it knows."
when hear of n1 say "n1 knows that n2 knows. Does n2 know that?" "So n1 acknowledges the acknowledgement; that is messenger 2."
when lost say "n2 acknowledges that, too. This last messenger is caught." "n2 cannot tell: nobody would answer to the last one."
when attack say "Dawn. Everyone whom {node} expected has come: it attacks."
when stay say "{node} still waits for the last messenger: it stays." "One more acknowledgement only makes another messenger the last. Set as many as you like."

expect n1 decision none at 590ms
expect n2 sure yes at 590ms
expect n1 sure no at 590ms
expect n2 decision attack
expect n1 decision stay
expect violated both attack or neither
