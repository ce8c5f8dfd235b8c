scenario "Cut in two: rather no answer"
protocol abd
nodes 5
seed 2
latency 20ms..40ms
disk 1ms
client c1 at n1
client c2 at n4

at 100ms partition n1 n2 c1 | n3 n4 n5 c2
at 200ms c1 put x 1
at 400ms c2 put x 2
at 700ms c1 get x
at 900ms c2 get x
at 1300ms heal
at 2100ms c2 get x
end 2600ms

when partition say "The network is cut in two. c1 is left with n1 and n2." "c2 reaches the other three. Both will write x."
when ask-again of c1 say "c1 wants to write 1. Two of five are no majority: it asks again." "It gets no answer, and so no wrong one. That is the C of CAP."
when choose of c2 say "c2 has heard three of five, and writes 2."
when answer of c2 say "A majority has it. c2 will read 2, and that is the only truth there is."
when heal say "The network is whole again. c1's next try hears a majority."
when choose of c1 say "c1 hears of tag 1 and chooses {term}: its write comes after c2's."

expect answered 2 at 1290ms
expect n1 tag 0.0 at 1290ms
expect n4 x 2 at 1290ms
expect answered 5
expect n1 x 1
expect n4 x 1
expect linearizable
