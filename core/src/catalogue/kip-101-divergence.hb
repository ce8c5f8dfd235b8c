scenario "Two logs, one offset"
protocol kafka with bug truncate-to-high-water-mark
nodes 3
seed 1
latency 30ms
disk 2ms
set flush async
client c1 at n2
client c2 at n3

at 300ms c1 append log a
at 550ms disk n3 slow by 2s
at 600ms c1 append log b
at 1100ms crash n2 n3
at 1150ms disk n3 sound
at 1200ms restart n3
at 1700ms c2 append log c
at 1900ms restart n2
at 2300ms c2 append log d
end 2700ms

when leader of n2 say "n2 leads, n3 fetches. A record counts when it is in memory." "Disks follow later: so Kafka is run, and so it is fast."
when disk of n3 say "n3's disk gets slow. Its memory is not."
when crash say "Power fails at both. n2 has a and b on disk, n3 has only a."
when leader of n3 say "n3 is back first, and leads epoch {term}. b is not in its log." "Two machines lost power at once: that b is lost then, Kafka allows."
when append of n3 say "c takes the place that b had." "On n3, that is. n2 has b there still."
when restart of n2 say "n2 is back. It cuts at its own high-water mark, which is behind b." "It keeps b, and asks n3 for what comes after its two entries."
at 2550ms say "d follows c on n3, and b on n2. Nobody has noticed." "Who reads after the next failover reads another log. KIP-101 asks for epochs instead."

expect n2 log 1 1 at 1099ms
expect n3 log 1 at 1300ms
expect n2 commit 2 at 1099ms
expect n3 log 1 2 2
expect n2 log 1 1 2
expect violated same index same epoch same log
expect violated replicas agree below the mark
expect violated acknowledged is not lost
