scenario "Five processes and one printer"
protocol mutex
nodes 5
seed 1
latency 20ms..40ms
set stay 80ms

at 100ms tell all enter
end 1s

when ask of n1 say "Five processes want the printer at once. Each asks all others." "A request carries the time of its sender's clock, here 1 five times. Then the name decides."
when reply of n1 say "Each keeps the queue for itself, and acknowledges."
when enter of n1 say "n1 prints: it is first in its queue, and has heard from all since." "Nothing earlier can come any more: channels keep the order."
when leave of n1 say "n1 is done, and tells all. They strike its request."
when enter of n2 say "n2 is next. Nobody told it so: its queue did."
when enter of n5 say "n5 is the last, in the order of the requests." "An entry costs 3(N-1) messages, 12 of five: request, acknowledgement, release."

expect n1 state inside at 150ms
expect n1 entered 1
expect n2 entered 1
expect n3 entered 1
expect n4 entered 1
expect n5 entered 1
expect one inside at a time
expect granted in the order of the stamps
