scenario "A reply put off"
protocol mutex
nodes 5
seed 1
latency 20ms..40ms
set algorithm ricart-agrawala
set stay 80ms

at 100ms tell n4 enter
at 110ms tell n2 enter
end 700ms

when ask of n4 say "n4 asks all others. A reply is a permission."
when ask of n2 say "n2 asks, 10 ms later. It has not heard of n4's request." "Both took the number 1: of these two n2 goes first."
when defer of n2 say "n2 wants the resource itself, and comes first: {to} has to wait."
when enter of n2 say "n2 has everybody's permission, n4's too."
when leave of n2 say "n2 leaves, and sends the reply that it had put off." "That reply is release and permission in one."
when enter of n4 say "Now n4 enters." "An entry costs 2(N-1) messages, 8 of five; Lamport's algorithm takes 12."

expect n2 deferred n4 at 160ms
expect n2 entered 1
expect n4 entered 1
expect one inside at a time
expect granted in the order of the stamps
