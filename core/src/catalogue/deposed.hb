scenario "Deposed again and again"
protocol raft
nodes 5
seed 1
latency 20ms..40ms
client c1 at n1 every 100ms put x

at 20ms timeout n1
at 400ms cut n4--n1
at 401ms cut n4--n3
at 402ms cut n4--n5
at 403ms cut n5--n1
at 404ms cut n5--n2
when leader of n1 say "{node} leads term {term}. Then links fail: n4 reaches only n2, n5 only n3." "n1, n2 and n3 still reach each other. That is a majority, and enough to go on."
when election of n4 say "{node} hears no leader and asks for votes. Only n2 hears it." "It cannot win. But its higher term infects n2, and through n2 the leader."
when step-down say "{node} sees a higher term and steps down. It was a good leader." "Someone is elected, and soon the next higher term arrives."
at 2500ms say "It never ends. With pre-vote, who cannot win only asks." "Add a line to the text: set pre-vote on. Then n1 stays the leader."
end 4s

never n4 state leader
expect linearizable
expect answered 6
