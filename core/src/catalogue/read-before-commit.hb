scenario "A leader that reads too soon"
protocol raft with bug read-before-commit
nodes 3
seed 1
latency 20ms..40ms
set reads index
set client-timeout 5s
client c1 at n1
client c2 at n2

delay n3->n2 stored #1 by 300ms
at 20ms timeout n1
at 250ms c1 put x new
when answer of c1: crash n1
at 400ms timeout n2
at 450ms c2 get x
end 1s
when answer of c1 say "c1 is told that its write is done. Then n1 dies." "n2 has the entry on its disk, but nobody has told it yet that it is committed."
when leader of n2 say "{node} leads term {term} and asks n3 whether it may answer a read." "n3's heartbeat is back before its disk has stored n2's first entry."
when read of n2 say "n3 said yes, and {node} answers, from a state without c1's write." "It must first commit an entry of its own term: only then does it know what is committed."
expect leader n2 at 500ms
expect n2 commit 1 at 500ms
expect n2 log 1 1 2 at 500ms
expect violated linearizable
