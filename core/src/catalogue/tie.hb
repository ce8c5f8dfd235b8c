scenario "Two with the same number"
protocol mutex with bug ignore-ties
nodes 3
seed 1
latency 20ms..40ms
set algorithm ricart-agrawala

at 100ms tell n1 n2 enter
end 400ms

when ask of n1 say "n1 and n2 ask at the same time, with the same number."
when reply of n1 say "n1's number is not lower than n2's: it permits." "And n2 permits n1, for the same reason."
when enter say "{node} enters."
at 390ms say "Both were inside at once." "Of equal numbers one must win: that is what the names are for."

expect violated one inside at a time
