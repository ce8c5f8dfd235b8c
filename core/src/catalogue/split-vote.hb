scenario "Split votes"
protocol raft
nodes 5
seed 9374
latency 20ms..40ms
set election-timeout 150ms..195ms

at 0s say "Five machines with almost the same patience." "The times are drawn so close together that a message takes about as long as they differ."
when election say "{node} asks for votes in term {term}, and before anyone hears it, others ask too." "Each candidate has voted for itself, and nobody may vote twice in a term."
when election of n5 say "Two votes, two, and one: nobody has three." "So term 1 passes without a leader. {node} runs out next and begins term {term}."
when leader say "{node} leads term {term}, by luck: two others were still waiting." "They could vote for it. A wider range makes such luck likely: set election-timeout 150ms..300ms, and play it again."
end 1200ms

expect no leader at 650ms
expect leader n2 at 800ms
expect n2 term 4 at 800ms
always one leader per term
