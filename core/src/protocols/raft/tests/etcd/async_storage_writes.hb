# Rebuilds etcd-io/raft testdata/async_storage_writes.txt: the leader goes on while its disk
# writes; entries are committed by the disks of others; nothing is acknowledged before it is on
# its own disk.
scenario "etcd: async_storage_writes.txt"
protocol raft
nodes 3
seed 1
latency 5ms
disk 1ms
set no-op on
set client-timeout 10s
client c1 at n1
client c2 at n1

at 10ms timeout n1
at 100ms disk n1 slow by 300ms
at 110ms c1 put x 1
at 111ms c2 put x 2
at 200ms disk n2 slow by 500ms
at 210ms c1 put x 3
end 1s

expect n1 match 1 1 1 at 100ms
expect n1 log 1 1 1 at 120ms
expect n1 match 1 3 3 at 130ms
expect n1 commit 3 at 130ms
expect answered 2 at 140ms
expect n2 log 1 1 1 1 at 230ms
expect n1 match 1 3 4 at 240ms
expect n1 commit 3 at 240ms
expect n1 match 4 4 4
expect n1 commit 4
