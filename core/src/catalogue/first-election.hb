scenario "The first election"
protocol raft
nodes 5
seed 12
latency 20ms..40ms

at 0s say "Five equals, no leader. Each waits a time of its own." "The rings show how long. Each time is drawn at random between 150 ms and 300 ms."
when election say "{node} runs out first and asks the others for votes." "It begins term {term} and votes for itself: one of five. Each machine votes once in a term, and writes its vote down first."
when leader say "Three of five: {node} leads term {term}." "There can be no second majority in the same term: one machine would have to vote twice."
at 450ms say "A leader's heartbeats wind up the rings." "As long as they come, nobody else asks. But what if two run out together?"
end 900ms

expect no leader at 150ms
expect leader within 100ms of election
expect leader at 900ms
expect n1 term 1
expect n2 term 1
expect n3 term 1
expect n4 term 1
expect n5 term 1
always one leader per term
