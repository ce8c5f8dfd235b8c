scenario "The suspicion that came home"
protocol detector with bug suspicion-of-anyone
nodes 3
seed 1
latency 30ms
disk 1ms
set verdict refutable
set heartbeat 75ms
set timeout 250ms

at 500ms kill n3
at 900ms restart n3
end 2s

when kill say "n3's process dies. Its incarnation, 1, is on its disk."
when suspect say "{node} suspects {to}. If nobody refutes that within 500 ms, it is dead."
when restart say "n3 is back, in incarnation 2."
when alive say "{node} knows: n3 lives, in incarnation {index}. But the old timer still runs."
when dead say "{node} holds n3 for dead, in a life in which nobody has suspected it."

expect violated only a suspect is held for dead
