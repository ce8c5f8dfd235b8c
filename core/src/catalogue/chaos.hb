scenario "Let chaos in"
protocol raft
nodes 5
seed 5
latency 20ms..40ms
client c1 every 120ms put x or get x
client c2 every 170ms append x or get x

chaos intensity=8 keep-majority from 400ms until 3s
end 4400ms

when leader say "{node} leads. From now on, chaos strikes." "Crashes, partitions, pauses, clocks, disks, links: drawn from the seed, inside what Raft tolerates."
when partition say "The network falls apart, and heals again." "More than half are always left together: so it was asked for."
when crash say "{node} loses power. What it had not synced may be gone."
when exit say "{node} ends itself: its disk cannot be trusted."
at 3600ms say "Chaos ends. A majority is up and connected." "Within two elections the clients are served again."

expect linearizable
expect leader
always one leader per term
