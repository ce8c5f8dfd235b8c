# Rebuilds etcd-io/raft testdata/async_storage_writes_append_aba_race.txt: n1's slow disk still
# writes an entry of term 1 while leaders of terms 2 and 3 put theirs in its place; what is
# acknowledged is what stands there in the end.
scenario "etcd: async_storage_writes_append_aba_race.txt"
protocol raft
nodes 7
seed 1
latency 5ms
disk 1ms
set no-op on
set election-timeout 2s..3s
set client-timeout 10s
client c1 at n2

at 10ms timeout n2
at 100ms disk n1 slow by 400ms
at 101ms partition n1 n2 | n3 n4 n5 n6 n7
at 110ms c1 put x 1
at 130ms partition n2 n7 | n1 n3 n4 n5 n6
at 140ms timeout n3
when leader of n3: partition n1 n3 | n2 n4 n5 n6 n7
at 180ms crash n3
at 181ms heal
at 190ms timeout n4
end 2s

expect leader n2 at 90ms
expect n1 log 1 1 at 125ms
expect n3 term 2 at 170ms
expect n1 log 1 2 at 175ms
expect n1 commit 1 at 175ms
expect leader n4 at 300ms
expect n4 term 3 at 300ms
expect n1 log 1 3
expect n2 log 1 3
expect committed 2
