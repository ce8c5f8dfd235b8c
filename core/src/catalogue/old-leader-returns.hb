scenario "The old leader returns"
protocol raft
nodes 5
seed 183
latency 20ms..40ms
client c1 at n3 every 700ms put x

when append of n3: pause n3 for 900ms
end 2500ms

when leader of n3 say "{node} leads term {term}." "Soon the client asks it to write something."
when pause say "In the middle of a write {node} stops: a long garbage collection." "The entry is in its log. The messages that would carry it have not left."
when election of n1 say "{node} asks for votes in term {term}." "To the others a pause looks just like a crash."
when leader of n1 say "{node} leads term {term}. The client finds it and asks again." "The same write now goes into another log, under another term."
when resume say "{node} goes on where it stopped, still sure that it leads term 1." "Its old messages leave, and nobody takes them. Its mail tells it of term 2: it follows, and its entry is overwritten."
at 2s say "A leader never knows that it still leads. A majority has to tell it." "That is why an entry counts only when a majority has answered."

expect leader n3 at 690ms
expect n3 log 1 at 1600ms
expect n3 term 1 at 1600ms
expect leader n1 at 1600ms
expect n1 log 2 2 at 1600ms
expect n3 log 2 2 at 2s
expect n3 state follower at 2s
expect n3 term 2 at 2s
expect linearizable
