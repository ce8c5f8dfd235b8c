scenario "Replaced unseen"
protocol lww with bug replace-everything
nodes 2
seed 1
latency 200us
disk 100us
set stamps vector
client c1 at n1
client c2 at n2

at 1ms c1 put x 1
at 2ms c2 put x 2
end 4ms

when take of n2 say "n2 has x = 1 from n1."
when write of n2 say "c2, which has never read x, writes 2. n2 throws 1 away." "c1 was told that 1 is stored. c2 never meant to replace it."

expect n2 x 2
expect violated only what was seen is replaced
