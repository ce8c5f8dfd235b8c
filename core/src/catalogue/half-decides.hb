scenario "Half is not most"
protocol detector with bug half-decides
nodes 4
seed 1
latency 30ms
disk 1ms
timing asynchronous
set verdict majority
set heartbeat 75ms
set timeout 250ms

at 500ms partition n1 n2 | n3 n4
end 1500ms

when partition say "The network falls into halves."
when silent say "{node} has heard nothing of {to} for too long."
when dead of n1 say "n1 and n2 find {to} silent. Two of four: that must be enough, they think."
when dead of n3 say "So do n3 and n4. Now each half holds the other for dead." "Of two majorities one member would be in both. Two halves have nobody in common."

expect violated a majority decides who is dead
expect violated nobody who lives is suspected
