scenario "Back on the list"
protocol detector with bug suspect-revives
nodes 3
seed 1
latency 30ms
disk 1ms
set verdict refutable
set heartbeat 75ms
set timeout 250ms

delay n2->n1 heartbeat #13 by 900ms
at 500ms crash n3
end 2500ms

when crash say "{node} loses power, for good."
when suspect say "{node} suspects {to}. Everybody's heartbeat says so for a while."
when dead say "{node} takes {to} off its list. One of those heartbeats is still on its way."
at 2200ms say "It came late, and put n3 back: suspected, but on the list again."

expect violated who is dead stays dead
