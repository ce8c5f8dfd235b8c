scenario "The leader dies"
protocol raft
nodes 5
seed 2045
latency 20ms..40ms
client c1 at n5 every 100ms put x

at 900ms crash leader
at 1600ms restart all

when leader again say "{node} leads term {term}. Nothing committed was lost." "A voter refuses a log that is behind its own, so the winner has every committed write."
when leader say "Five machines keep one log. {node} leads." "This is Raft itself, compiled from Rust, not a cartoon of it. Break it: what you do becomes a line of the text."
when answer say "A write counts once three of five have it on disk." "At the next write, follow a square from the leader to the others, and its tick back."
when crash again say "{node} is dead. Nobody knows yet." "To the others it is silence. The rings are their patience; who runs out first asks for votes."
when election again say "{node} asks for votes in term {term}." "It votes for itself and needs two more. Each machine votes once in a term."
when restart of n3 say "{node} is back, one term behind." "The first heartbeat tells it the term. What it missed is sent to it."
at 1925ms say "Your turn." "Crash, pause, cut. Undo takes it back. Share sends exactly this run."

expect one leader per term
expect linearizable
