scenario "Before, after, or neither"
protocol clocks
nodes 3
seed 1
latency 20ms

at 60ms tell n1 event
at 100ms tell n1 send n2
at 160ms tell n2 send n3
at 170ms tell n3 event
end 260ms

when local of n1 say "Each process counts its events. This is n1's number {index}." "Number 1 was its start. No clock on any wall is asked."
when send of n1 say "n1 sends n2 a message. The number of the sending, {index}, goes along."
when receive of n2 say "n2 had counted to 1. It takes the greater number and goes on: {index}." "So a cause has always the smaller number. That is the clock condition."
when send of n2 say "n2 tells n3, with number {index}."
when local of n3 say "While that is on its way, something happens at n3: number {index}." "Nobody has told n3 anything yet. Does its event come before n2's sending?"
when follows of n3 say "2 is less than 5, and yet neither came before the other." "n3's event was even later, in time. Numbers order all events; what can have caused what they do not tell."

expect n2 stamp 4 at 130ms
expect n3 stamp 2 at 175ms
expect n3 stamp 6
expect n3 last later
