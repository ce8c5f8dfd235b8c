scenario "The store that forgot"
protocol lock with bug forget-highest
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 200ms
set lease 600ms
set first-token 33
set look off
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 200ms c1 edit file one
at 300ms c2 edit file two
end 2s

when work of c1: pause c1 for 900ms
when answer of c2: kill s1
when kill of s1: restart s1
when hold of c1 say "c1 has token 33. It will stand still for longer than its lease."
when answer of c2 say "c2 has written with token 34. s1 has seen it."
when kill say "s1's process dies, and is started again." "The file is on its disk. The highest token was only in its memory."
when resume of c1 say "c1 wakes up and writes, with token 33."
when answer of c1 say "s1 has forgotten that there was a 34. c2's line is gone." "What a store has seen is a promise. It has to survive a restart like the file itself."

expect answered 2
expect violated no older holder writes after a newer
expect violated no update is lost
expect violated the highest token never goes back
expect violated linearizable
