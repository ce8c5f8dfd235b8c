scenario "Not dead yet"
protocol detector
nodes 4
seed 1
latency 30ms
disk 1ms
set verdict refutable
set heartbeat 75ms
set timeout 250ms

at 500ms pause n3 for 400ms
at 1500ms crash n2
end 2800ms

when pause say "{node} stands still: a long garbage collection, say."
when suspect say "{node} suspects {to}, and says so. It does not say “dead” yet."
when refute say "n3 wakes up and hears of it. It lives, it says, in incarnation {index}." "It suspected all the others, too, when it woke. They refute that in the same way."
when alive say "{node} hears of incarnation {index}. The suspicion is over."
when crash say "Now {node} loses power. It will be suspected, too, and will not answer."
when dead say "Nobody has refuted that: {node} takes {to} off its list."

expect n1 dead none at 1500ms
expect n4 dead none at 1500ms
expect n3 incarnation 2 at 1500ms
expect n1 dead n2
expect n3 dead n2
expect violated nobody who lives is suspected
expect nobody who lives is held for dead
