scenario "Nobody waits, somebody starts over"
protocol lock
nodes 3
seed 6
latency 20ms..40ms
set client-timeout 500ms
set store versions
set locks off
client c1 at n1
client c2 at n1

at 200ms c1 edit file one
at 210ms c2 edit file two
end 2s

when request of c1 say "No locks here. c1 reads the file, and so does c2." "Each will write only if the file is still as it has read it: compare-and-set."
when write of s1 say "The file was as it had been read: s1 writes."
when conflict of s1 say "For the other it has changed: s1 refuses." "With a lock it would have waited before the work. Now the work was for nothing."
when rejected say "{node} starts over with the file as it is now."
when answer of c2 say "c2 is told: {value}."
when answer of c1 say "c1 is told: {value}."

expect answered 2
expect s1 token 0
expect no update is lost
expect linearizable
