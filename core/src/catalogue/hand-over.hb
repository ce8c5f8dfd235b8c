scenario "Handing over"
protocol raft
nodes 5
seed 1
latency 20ms..40ms
client c1 at n1 every 120ms put x

at 20ms timeout n1
at 640ms tell n1 transfer n4
end 1500ms

when leader of n1 say "{node} leads term {term}, and has to go: its machine needs a new kernel." "It could just stop. Then nobody would lead until an election timeout has passed."
when transfer say "{node} takes no more commands and brings {to}'s log up to date." "Who has all of its log can win any election."
when timeout-now say "{to} has everything. {node} tells it to start an election now." "As if its timeout had run out, only that nobody had to wait for it."
when leader of n4 say "{node} leads term {term}. Hardly a moment without a leader." "If n4 had not made it, n1 would have gone on after an election timeout."

expect leader n1 at 630ms
expect leader n4
expect n4 term 2
expect n1 state follower
expect linearizable
