scenario "I'm not dead!"
protocol detector
nodes 5
seed 1
latency 30ms
disk 1ms
set verdict majority
set heartbeat 75ms
set timeout 250ms

at 500ms cut n1->n2
at 500ms cut n1->n3
at 500ms cut n1->n4
at 500ms cut n1->n5
at 1500ms heal
end 2100ms

when cut say "What n1 sends gets lost from now on. It still hears all the others."
when silent say "{node} has heard nothing of {to} for too long. Dead, or only not heard?" "From the silence alone it cannot tell. So it says what it finds, and counts what others find."
when dead say "More than half find {to} silent: it counts as dead." "It lives, it works, and it hears every word."
when step-down say "{node} hears that it is dead. It has to act as if it were." "What is true is what a majority says, even where that is wrong."
when heal say "The links carry again."
when return of n1 say "{node} is heard, and counts among the living."

expect n1 outvoted yes at 1400ms
expect n2 dead n1 at 1400ms
expect n5 dead n1 at 1400ms
expect n1 outvoted no
expect n2 dead none
expect a majority decides who is dead
expect violated nobody who lives is suspected
