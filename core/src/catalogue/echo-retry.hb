scenario "No answer"
protocol echo
nodes 1
seed 1
latency 20ms..40ms
client c1

drop n1->c1 back #1
at 100ms c1 echo hello
end 600ms

when request say "c1 asks n1, and waits." "All that it can ever know is: an answer came, or none did."
when lost say "n1 has answered, but the answer gets lost." "To c1 this looks as if n1 had never heard it. Or as if n1 were dead, or slow."
when answer say "c1 asked again and has its answer. n1 did the work twice." "For an echo that is harmless. For a payment it is not: then n1 must know a retry when it sees one."

expect answered 0 at 250ms
expect n1 echoes 1 at 250ms
expect answered 1
expect n1 echoes 2
expect linearizable
