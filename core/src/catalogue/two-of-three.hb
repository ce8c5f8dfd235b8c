scenario "Two of three"
protocol ntp
nodes 4
seed 1
latency 20ms
latency n3->n4 5ms
latency n4->n3 5ms
set sources 3
set poll 100ms

at 0s step n3 by 5s
at 0s step n4 by -200ms
end 200ms

when step of n3 say "Three sources. n3, the nearest to n4, is 5 s fast. n4 is 200 ms slow."
when undecided of n4 say "n3 answers first. One of three is no majority: n4 leaves its clock be." "Each answer gives a span in which the right time must lie, if that source is right."
when agree of n4 say "n1 and n2 agree, and n3 does not: it is outvoted. n4 is set." "With two sources n4 could see that one of them is wrong, and not which."

expect n4 offset +5200ms at 120ms
expect n4 correction step +200ms
