//! The scenarios that come with the crate: one text file each, listed here. They are stories
//! for people and tests at the same time: what a caption claims, an `expect` line of the same
//! text checks. Never code, only texts.

#[cfg(test)]
mod tests;

use crate::declare::Declaration;
use crate::protocols::DECLARATIONS;
use crate::run::Run;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// One scenario of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Entry {
    /// Under which heading it is offered.
    pub tab: &'static str,
    /// In links and on command lines; also the name of its file.
    pub name: &'static str,
    /// What a person reads first.
    pub title: &'static str,
    /// What one understands after it, in one sentence.
    pub about: &'static str,
    /// The scenario.
    pub text: &'static str,
    /// The one that plays when nothing was asked for; there is exactly one.
    pub hero: bool,
}

/// Where the texts stand, seen from the root of the repository.
pub const FOLDER: &str = "core/src/catalogue";

macro_rules! entry {
    ($tab:literal, $name:literal, $title:literal, $about:literal) => {
        Entry {
            tab: $tab,
            name: $name,
            title: $title,
            about: $about,
            text: include_str!(concat!($name, ".hb")),
            hero: false,
        }
    };
}

/// All of them, in the order in which they are offered.
pub const CATALOGUE: &[Entry] = &[
    Entry {
        hero: true,
        ..entry!(
            "Consensus",
            "leader-dies",
            "The leader dies",
            "How four machines notice that their leader is dead, choose another, and lose nothing."
        )
    },
    entry!(
        "Consensus",
        "first-election",
        "The first election",
        "How five equals get one leader, with no one to appoint it."
    ),
    entry!(
        "Consensus",
        "split-vote",
        "Split votes",
        "Why Raft draws its timeouts at random, and what happens when they lie too close together."
    ),
    entry!(
        "Consensus",
        "minority-leader",
        "The minority's leader",
        "Why a leader can be wrong about being the leader, and why that costs no committed write."
    ),
    entry!(
        "Consensus",
        "old-leader-returns",
        "The old leader returns",
        "What becomes of a leader that slept through its own replacement, and of its last write."
    ),
    entry!(
        "Consensus",
        "figure-8-rule",
        "Figure 8, with the rule",
        "Why an entry of an earlier term is not committed when a majority has it."
    ),
    entry!(
        "Consensus",
        "server-joins",
        "A server joins",
        "How a new machine gets what the others have, before it may decide with them."
    ),
    entry!(
        "Consensus",
        "three-for-three",
        "Three for three: joint consensus",
        "How a cluster changes all its machines at once without ever having two majorities."
    ),
    entry!(
        "Without consensus",
        "failover-loses",
        "Failover loses a write",
        "Why a write that only the primary has is not a write, whatever the client was told."
    ),
    entry!(
        "Without consensus",
        "split-brain",
        "Split brain",
        "How a timeout makes two primaries of one, and each acknowledges."
    ),
    entry!(
        "Without consensus",
        "split-brain-fenced",
        "Split brain, fenced",
        "What epochs give when there is no quorum: one history in the end, and a write less."
    ),
    entry!(
        "Without consensus",
        "semi-sync",
        "Enough for one failure",
        "How many failures a write survives that was acknowledged when one backup had it."
    ),
    entry!(
        "Without consensus",
        "all-but-the-dead",
        "All but the dead",
        "Why waiting for all backups but the dead keeps its promise only if the dead are dead."
    ),
    entry!(
        "Without consensus",
        "all-dead-or-alive",
        "All, dead or alive",
        "What it costs to wait for every backup: nothing is lost, and one failure stops all writes."
    ),
    entry!(
        "Consensus",
        "hand-over",
        "Handing over",
        "How a leader that has to go names its successor, and nobody waits for a timeout."
    ),
    entry!(
        "Consensus",
        "asking-first",
        "Asking first",
        "How a machine that was cut off comes back without deposing a good leader."
    ),
    entry!(
        "Consensus",
        "deposed",
        "Deposed again and again",
        "Why machines that reach only some of the others can keep all of them from working."
    ),
    entry!(
        "Without consensus",
        "last-messenger",
        "The last messenger",
        "Why two generals never agree on an attack over a line that may lose, however often they ask."
    ),
    entry!(
        "Without consensus",
        "kip-101-mended",
        "Cut where the epoch ends",
        "How a Kafka replica that was started anew finds out where its log has to end."
    ),
    entry!(
        "Broken on purpose",
        "kip-101-loss",
        "Cut at the high-water mark",
        "How Kafka lost acknowledged records before KIP-101: a follower cut its log too early."
    ),
    entry!(
        "Broken on purpose",
        "kip-101-divergence",
        "Two logs, one offset",
        "How two Kafka replicas came to hold different records at one offset, and did not notice."
    ),
    entry!(
        "Consensus",
        "nobody-can-decide",
        "Nobody can decide",
        "Why there are timeouts in every consensus system: without a bound on time nobody can promise a decision."
    ),
    entry!(
        "Consensus",
        "duel",
        "Two proposers duel",
        "Why somebody has to wait: two proposers that never do outbid each other for ever."
    ),
    entry!(
        "Consensus",
        "chosen-again",
        "Choosing again what was chosen",
        "Why a proposer of Paxos may have to propose what another one wanted."
    ),
    entry!(
        "Consensus",
        "gap",
        "A gap in the log",
        "How a new leader of Multi-Paxos finds out what it must not overwrite, and what it may fill."
    ),
    entry!(
        "Consensus",
        "flexible",
        "Two of five are enough",
        "What quorums have to have in common, and what small ones for commands cost when a leader dies."
    ),
    entry!(
        "Broken on purpose",
        "forgotten-vote",
        "The forgotten vote",
        "Why a vote must be on disk before it is sent: else two leaders share a term."
    ),
    entry!(
        "Broken on purpose",
        "figure-8",
        "Figure 8",
        "How counting copies of old entries loses a write that a client was told of."
    ),
    entry!(
        "Broken on purpose",
        "not-yet-on-disk",
        "Not yet on disk",
        "Why an acknowledgement is a promise that has to survive a power cut."
    ),
    entry!(
        "Broken on purpose",
        "forgotten-term",
        "The forgotten term",
        "Why the term must be on disk, too: who forgets it votes twice in it."
    ),
    entry!(
        "Broken on purpose",
        "vote-for-anyone",
        "A vote for anyone",
        "Why voters compare logs: else a machine that missed a committed write can lead."
    ),
    entry!(
        "Broken on purpose",
        "truncate-always",
        "The late message",
        "Why a follower removes entries only where they conflict: messages arrive late."
    ),
    entry!(
        "Broken on purpose",
        "count-old-acks",
        "An answer from an earlier term",
        "Why a leader counts only the acknowledgements of its own term."
    ),
    entry!(
        "Broken on purpose",
        "rotten-record",
        "The rotten record",
        "Why a corrupt record is not a torn one: what stood there may have been promised."
    ),
    entry!(
        "Broken on purpose",
        "sync-again",
        "The second sync",
        "Why a process ends when fsync fails, and does not try once more."
    ),
    entry!(
        "Broken on purpose",
        "read-locally",
        "A read on the wrong side",
        "Why a leader must not answer reads from its own memory: it may lead no longer."
    ),
    entry!(
        "Broken on purpose",
        "read-before-commit",
        "A leader that reads too soon",
        "Why a new leader commits an entry of its own before it answers a read."
    ),
    entry!(
        "Broken on purpose",
        "late-confirmation",
        "The late confirmation",
        "Why rounds of heartbeats are numbered: an old “yes” must not answer a new question."
    ),
    entry!(
        "Broken on purpose",
        "lease-without-bound",
        "A lease by a slow clock",
        "Why a lease is shorter than an election timeout by as much as clocks may differ."
    ),
    entry!(
        "Broken on purpose",
        "lease-from-answer",
        "A lease from the answer on",
        "Why a lease counts from when the question left, not from when the answer came."
    ),
    entry!(
        "Broken on purpose",
        "lease-after-transfer",
        "Handed over, and still reading",
        "Why a leader that hands over gives up its lease the same moment."
    ),
    entry!(
        "Broken on purpose",
        "forget-promise",
        "The forgotten promise",
        "Why a machine that restarts must wait before it votes, where leaders read by lease."
    ),
    entry!(
        "Broken on purpose",
        "change-before-commit",
        "The change that came too early",
        "Why a new leader commits an entry of its own before it changes the members."
    ),
    entry!(
        "Broken on purpose",
        "two-changes-at-once",
        "Two changes at once",
        "Why members are changed one at a time: else two majorities have nobody in common."
    ),
    entry!(
        "Broken on purpose",
        "joint-by-one-majority",
        "One majority for two",
        "Why two configurations that are joint must both agree."
    ),
    entry!(
        "Broken on purpose",
        "snapshot-without-sessions",
        "The forgotten session",
        "Why a snapshot holds what clients have had applied: else a retry counts twice."
    ),
    entry!(
        "Broken on purpose",
        "snapshot-without-members",
        "The forgotten members",
        "Why a snapshot holds the members: else a machine believes that it is alone."
    ),
    entry!(
        "Broken on purpose",
        "snapshot-drops-log",
        "The snapshot that came too late",
        "Why a follower keeps what lies behind a snapshot that its log agrees with."
    ),
    entry!(
        "Broken on purpose",
        "snapshot-goes-back",
        "The snapshot from before",
        "Why a snapshot that is older than one's own state changes nothing."
    ),
    entry!(
        "Broken on purpose",
        "index-before-state",
        "Applied, says the index",
        "Why the index of the last applied entry is stored together with what it did."
    ),
    entry!(
        "Broken on purpose",
        "forgotten-promise",
        "The forgotten promise",
        "Why an acceptor of Paxos keeps its promise on disk: else two values are chosen."
    ),
    entry!(
        "Broken on purpose",
        "no-op-over",
        "A no-op too many",
        "Why a new leader asks a quorum what a slot holds, and not its own log."
    ),
    entry!(
        "Broken on purpose",
        "slow-lease",
        "A lease by a slow clock",
        "Why a leader has to end its lease before those who granted it do."
    ),
    entry!(
        "Without consensus",
        "overlap-is-not-enough",
        "R + W > N is not enough",
        "Why a read after a read may see an older value, although every read asks somebody who knows."
    ),
    entry!(
        "Without consensus",
        "found-by-search",
        "Found by search: new, then old",
        "How little it takes: one writer, one reader, no fault at all, and a seed that a search found."
    ),
    entry!(
        "Without consensus",
        "readers-write",
        "Readers write",
        "How a register becomes one copy without a leader: whoever reads writes back what it read."
    ),
    entry!(
        "Without consensus",
        "cap-refuse",
        "Cut in two: rather no answer",
        "What it means to choose consistency: the smaller side of a cut network gets no answer."
    ),
    entry!(
        "Without consensus",
        "cap-wait",
        "Cut in two: the same register waits",
        "How one word, whose answers count, makes the register of the next story refuse to answer."
    ),
    entry!(
        "Without consensus",
        "cap-answer",
        "Cut in two: rather two answers",
        "What it means to choose availability: both sides answer, and both answers must be kept."
    ),
    entry!(
        "Without consensus",
        "stand-in",
        "Somebody stands in",
        "How a write finds enough disks while a server is down, and how that server gets it later."
    ),
    entry!(
        "Without consensus",
        "nobody-knows",
        "Neither done nor undone",
        "Why a write that was not acknowledged is not a write that failed."
    ),
    entry!(
        "Broken on purpose",
        "no-write-back",
        "The reader that kept it to itself",
        "Why a reader of a register has to write."
    ),
    entry!(
        "Broken on purpose",
        "reused-tag",
        "The tag that was given twice",
        "Why a writer needs a disk, though all that it writes is kept elsewhere."
    ),
    entry!(
        "No answer",
        "six-silences",
        "Six silences",
        "Why no answer tells a client nothing: six different things look the same to it."
    ),
    entry!(
        "No answer",
        "asking-again",
        "Asking again",
        "What it costs to ask until there is an answer: something is done twice."
    ),
    entry!(
        "No answer",
        "with-a-key",
        "With a key",
        "How a retry is known when it is seen, so that an effect is had exactly once."
    ),
    entry!(
        "Broken on purpose",
        "key-per-try",
        "A key for each try",
        "Why a key belongs to a wish and not to a message."
    ),
    entry!(
        "Broken on purpose",
        "table-in-memory",
        "The table in memory",
        "Why what knows a retry must survive whatever its effects survive."
    ),
    entry!(
        "Broken on purpose",
        "two-records",
        "Between two records",
        "Why an effect and the key that guards it are stored together or not at all."
    ),
    entry!(
        "Broken on purpose",
        "evict-early",
        "A table too small",
        "Why a key may only go when its client has done with it."
    ),
    entry!(
        "Broken on purpose",
        "key-without-client",
        "Somebody else's answer",
        "Why a key says whose it is."
    ),
    entry!(
        "Broken on purpose",
        "answer-before-sync",
        "Told too soon",
        "Why no retry mends an answer that came before the disk."
    ),
    entry!(
        "Gossip",
        "town",
        "A rumour in a town of a thousand",
        "Why some seventeen rounds are enough for a thousand, and what the last few cost."
    ),
    entry!(
        "Gossip",
        "town-both-ways",
        "Telling and asking",
        "How asking as well as telling makes the end quick."
    ),
    entry!(
        "Gossip",
        "town-loses-a-third",
        "A third is lost",
        "Why gossip hardly minds lost messages: none of them matters."
    ),
    entry!(
        "Gossip",
        "town-in-two",
        "A town in two",
        "What becomes of a rumour that was told out before everybody could hear it."
    ),
    entry!(
        "No answer",
        "not-dead",
        "I'm not dead!",
        "Why a majority decides who is dead, and why one has to abide by it."
    ),
    entry!(
        "No answer",
        "refuted",
        "Not dead yet",
        "How a member that was only slow says that it lives, and is believed."
    ),
    entry!(
        "Broken on purpose",
        "no-tombstone",
        "Deleted, and back again",
        "Why a deletion has to be told like any other news."
    ),
    entry!(
        "Broken on purpose",
        "tombstone-too-soon",
        "The tombstone that went too soon",
        "Why a tombstone may go only when everybody has seen it."
    ),
    entry!(
        "Broken on purpose",
        "old-over-new",
        "The rumour that came late",
        "Why news carry a stamp: messages arrive late."
    ),
    entry!(
        "Broken on purpose",
        "forget-stamps",
        "One stamp, two rumours",
        "Why a count that orders news must survive a restart."
    ),
    entry!(
        "Broken on purpose",
        "no-refutation",
        "Nobody heard it protest",
        "Why who is suspected by mistake answers with a higher number."
    ),
    entry!(
        "Broken on purpose",
        "suspect-revives",
        "Back on the list",
        "Why an old suspicion must not put a dead member back on the list."
    ),
    entry!(
        "Broken on purpose",
        "suspicion-of-anyone",
        "The suspicion that came home",
        "Why a suspicion is of one life of a member and not of its name."
    ),
    entry!(
        "Broken on purpose",
        "half-decides",
        "Half is not most",
        "Why half of all must not decide who is dead."
    ),
    entry!(
        "Broken on purpose",
        "forgotten-hint",
        "The hint that was sent into the void",
        "Why what is kept on behalf of another is kept until the other has it."
    ),
    entry!(
        "Broken on purpose",
        "both-at-once",
        "The write that nobody had seen",
        "Why a write may replace only what its writer has seen."
    ),
    entry!(
        "Beyond the model",
        "lost-disk",
        "The new disk",
        "Why a server that lost its disk must not come back as if nothing had happened."
    ),
    entry!(
        "Beyond the model",
        "removed-and-wiped",
        "Removed, wiped, and asked again",
        "Why a machine that left a cluster must not come back empty under its old name."
    ),
    entry!(
        "Beyond the model",
        "lying-disk",
        "The disk that lies",
        "What a committed write is worth when a disk says “synced” and means its cache."
    ),
    entry!(
        "Beyond the model",
        "slow-clock",
        "A clock slower than thought",
        "What a lease is worth when a clock is slower than all relied on."
    ),
    entry!(
        "Beyond the model",
        "stopped-clock",
        "The machine that stood still",
        "Why a leader that reads by lease must not stand on a machine that is suspended."
    ),
    entry!(
        "Ordering",
        "reply-before-question",
        "A reply before its question",
        "What FIFO order keeps in order, and what it does not."
    ),
    entry!(
        "Ordering",
        "answer-waits",
        "The answer waits for its question",
        "How a message says what it has to wait for, in a number for each process."
    ),
    entry!(
        "Ordering",
        "answer-first",
        "Delivered as it came",
        "What becomes of a conversation when nobody looks at what caused what."
    ),
    entry!(
        "Ordering",
        "two-orders",
        "Two orders of the same messages",
        "Why causal order is not enough for copies that must stay the same."
    ),
    entry!(
        "Ordering",
        "one-order",
        "One order for all",
        "How stamps and patience give everybody the same sequence."
    ),
    entry!(
        "Ordering",
        "unheard",
        "Delivered before the others were heard",
        "Why the earliest message that one knows need not be the earliest."
    ),
    entry!(
        "Ordering",
        "order-stops",
        "One silent process, and the order stops",
        "What it costs that everybody must be heard."
    ),
    entry!(
        "Ordering",
        "numbers-again",
        "The same numbers again",
        "Why a sender must remember how far it has counted."
    ),
    entry!(
        "Ordering",
        "five-and-a-printer",
        "Five processes and one printer",
        "How a queue is kept that nobody keeps."
    ),
    entry!("Ordering", "put-off", "A reply put off", "How one message does the work of two."),
    entry!(
        "Ordering",
        "one-dead-all-wait",
        "One is dead, and all wait",
        "Why mutual exclusion by unanimity does not outlive a crash."
    ),
    entry!(
        "Ordering",
        "tie",
        "Two with the same number",
        "Why a clock orders events only together with names."
    ),
    entry!(
        "Ordering",
        "overtaken-request",
        "A request overtaken",
        "What Lamport's algorithm takes from channels that keep the order."
    ),
    entry!(
        "Snapshots",
        "money-in-flight",
        "Money in flight",
        "How to photograph a bank that does not stand still."
    ),
    entry!(
        "Snapshots",
        "only-accounts",
        "Only the accounts",
        "Why the state of a system is more than the states of its processes."
    ),
    entry!(
        "Snapshots",
        "late-marker",
        "The marker comes second",
        "How a cut comes about in which something arrives that was never sent."
    ),
    entry!("Snapshots", "by-the-clock", "Everybody at noon", "Why clocks do not make a snapshot."),
    entry!(
        "Basics",
        "chaos",
        "Let chaos in",
        "What a cluster goes through in four seconds of everything that can go wrong, unharmed."
    ),
    entry!(
        "Basics",
        "echo-retry",
        "No answer",
        "Why a client that hears nothing cannot know what happened, and what asking again costs."
    ),
    entry!(
        "Locks and leases",
        "two-holders",
        "Two holders of one lock",
        "Why a lock that ends by itself is not enough: its holder may not notice the end."
    ),
    entry!(
        "Locks and leases",
        "fencing-tokens",
        "Tokens 33 and 34",
        "How a number that rises with every grant keeps late writes out."
    ),
    entry!(
        "Locks and leases",
        "look-before-write",
        "A look at the lease",
        "Why looking at the lease just before writing does not help."
    ),
    entry!(
        "Locks and leases",
        "lock-of-the-dead",
        "The lock of a dead client",
        "Why locks have leases: a dead client gives nothing back."
    ),
    entry!(
        "Locks and leases",
        "deadlock",
        "Two locks, two orders",
        "How a lock service finds out that two clients wait for each other."
    ),
    entry!(
        "Locks and leases",
        "cas-without-locks",
        "Nobody waits, somebody starts over",
        "What compare-and-set does instead of a lock: nobody waits, and somebody works twice."
    ),
    entry!(
        "Locks and leases",
        "two-registrations",
        "Looked, then registered",
        "Why looking whether a name is free and then taking it gives it to two."
    ),
    entry!(
        "Locks and leases",
        "one-registration",
        "Registered in one step",
        "How one command of a replicated log gives a name to one of all who ask."
    ),
    entry!(
        "Locks and leases",
        "redlock-clock",
        "Five independent locks, and a clock",
        "How a clock that is set gives one lock of five machines to two clients."
    ),
    entry!(
        "Locks and leases",
        "redlock-pause",
        "Five independent locks, and a pause",
        "Why a pause at the wrong moment passes every check that a client can make."
    ),
    entry!(
        "Locks and leases",
        "redlock-compared",
        "The same pause, and a store that compares",
        "What a store can do when its clients' locks come without tokens."
    ),
    entry!(
        "Broken on purpose",
        "store-forgets",
        "The store that forgot",
        "Why a store must remember the highest token over a restart."
    ),
    entry!(
        "Broken on purpose",
        "unfenced-read",
        "Fenced when writing, not when reading",
        "Why a token must be shown when reading, too, where one reads to write."
    ),
    entry!(
        "Broken on purpose",
        "reject-equal",
        "One comparison too strict",
        "Why a store refuses lower tokens, and only lower ones."
    ),
    entry!(
        "Broken on purpose",
        "compare-backwards",
        "Compared the wrong way round",
        "What a comparison the wrong way round lets in and keeps out."
    ),
    entry!(
        "Broken on purpose",
        "tokens-from-memory",
        "A counter that begins anew",
        "Why tokens come out of the replicated log: a counter in memory begins anew."
    ),
    entry!(
        "Broken on purpose",
        "wall-clock-lease",
        "A lease by a clock that is set",
        "Why leases are counted by a clock that nobody sets."
    ),
    entry!(
        "Broken on purpose",
        "lease-from-grant",
        "A lease counted from the answer",
        "Why a holder counts its lease from when it asked."
    ),
    entry!(
        "Broken on purpose",
        "lease-without-margin",
        "A holder with a slow clock",
        "Why a holder has to stop earlier than its lease says."
    ),
    entry!(
        "Broken on purpose",
        "release-anyone",
        "Somebody else's lock, given back",
        "Why who gives a lock back has to say which grant it means."
    ),
    entry!(
        "Broken on purpose",
        "renew-unconfirmed",
        "Renewed by an old leader",
        "Why a leader asks a majority before it renews a lease."
    ),
    entry!(
        "Broken on purpose",
        "expire-at-failover",
        "Leases that died with their leader",
        "Why a new leader lets all leases run their full length."
    ),
    entry!(
        "Broken on purpose",
        "phantom-deadlock",
        "A deadlock that was none",
        "Why a wait-for graph must forget waits that are over."
    ),
    entry!(
        "Broken on purpose",
        "redlock-late-answers",
        "Answers from before the pause",
        "Why the time that it took to get a lock has to be taken off it."
    ),
    entry!(
        "Broken on purpose",
        "redlock-restart",
        "An instance that comes back empty",
        "Why a lock of a majority must survive the restart of each machine."
    ),
    entry!(
        "Broken on purpose",
        "redlock-delete-anyone",
        "Deleted in good faith",
        "Why every client sets a value of its own, and deletes only that."
    ),
    entry!(
        "Broken on purpose",
        "redlock-two-suffice",
        "Two of five",
        "Why less than a majority is no lock."
    ),
    entry!(
        "Time",
        "before-after",
        "Before, after, or neither",
        "What happened before means when nobody's clock is right, and what a Lamport number tells."
    ),
    entry!(
        "Time",
        "vectors-tell",
        "Vectors tell",
        "How a count for each process tells what came before from what is concurrent."
    ),
    entry!(
        "Time",
        "wall-clocks-lie",
        "Clocks on the wall lie",
        "Why a message can be received before it was sent."
    ),
    entry!(
        "Time",
        "no-max",
        "Without the greater number",
        "What goes wrong when a receipt does not take over the number of the message."
    ),
    entry!(
        "Time",
        "receipt-not-counted",
        "A receipt is an event",
        "Why a process counts when it receives, too."
    ),
    entry!(
        "Time",
        "counter-forgotten",
        "The counter that was forgotten",
        "Why a logical clock belongs on the disk."
    ),
    entry!(
        "Time",
        "compare-by-sum",
        "Vectors compared by their sums",
        "Why vectors are compared place by place."
    ),
    entry!(
        "Time",
        "one-fast-clock",
        "One fast clock",
        "How one wrong clock becomes everybody's, and what a bound on it is for."
    ),
    entry!(
        "Time",
        "commit-wait",
        "Commit wait",
        "How servers that never speak to each other give timestamps that real time does not contradict."
    ),
    entry!(
        "Time",
        "no-commit-wait",
        "The same without the wait",
        "Why a write must not be acknowledged before its timestamp is over everywhere."
    ),
    entry!(
        "Time",
        "cost-of-commit-wait",
        "What certainty costs",
        "Why a write takes twice the uncertainty of the clocks, and what better clocks are worth."
    ),
    entry!(
        "Time",
        "read-the-past",
        "The past is quick to read",
        "How a read at an old timestamp needs no lock and no wait, and still sees one moment."
    ),
    entry!(
        "Beyond the model",
        "clock-beyond-its-bound",
        "A clock beyond its bound",
        "What becomes of an order that hangs on clocks when one of them is further off than it says."
    ),
    entry!(
        "Broken on purpose",
        "wait-by-midpoint",
        "Half the wait",
        "Why a server must count on its own clock being fast."
    ),
    entry!(
        "Broken on purpose",
        "stamp-earliest",
        "The earliest that it may be",
        "Why a timestamp is the latest that it may be now."
    ),
    entry!(
        "Broken on purpose",
        "read-before-safe",
        "Read before it is safe",
        "Why a read at a timestamp waits until no write can get an earlier one."
    ),
    entry!(
        "Broken on purpose",
        "read-newest",
        "The newest of each",
        "Why servers keep old versions: what is newest here and there was never so at one time."
    ),
    entry!(
        "Broken on purpose",
        "forget-timestamp",
        "A timestamp forgotten",
        "Why a server looks for its highest timestamp before it gives another one."
    ),
    entry!(
        "Broken on purpose",
        "answered-from-memory",
        "Answered from memory",
        "Why waiting for the clocks is not waiting for the disk."
    ),
    entry!(
        "Broken on purpose",
        "write-again",
        "Stamped again, done again",
        "Why a write that is asked for again keeps its timestamp."
    ),
    entry!(
        "Time",
        "clock-ate-my-write",
        "The clock ate my write",
        "How the last write wins by its time, loses by the truth, and nobody is told."
    ),
    entry!(
        "Time",
        "logical-clock-keeps",
        "What a logical clock changes",
        "Why a hybrid clock keeps a write that follows another, whatever the clocks show."
    ),
    entry!(
        "Time",
        "later-but-unknown",
        "Later, but nobody knows",
        "What a logical clock cannot know, and why a later write may still lose."
    ),
    entry!(
        "Time",
        "both-survive",
        "Both survive",
        "How version vectors keep both of two writes that do not know of each other."
    ),
    entry!(
        "Time",
        "clock-set-back",
        "A clock set back",
        "What a step backwards does to the writes of the seconds that come twice."
    ),
    entry!(
        "Time",
        "equal-times",
        "Equal times",
        "Why ties must be broken the same way everywhere."
    ),
    entry!(
        "Time",
        "carried-time-ignored",
        "A time that is not taken over",
        "Why a hybrid clock must move on when a later time comes in."
    ),
    entry!(
        "Time",
        "replaced-unseen",
        "Replaced unseen",
        "What a write may replace, and what it must leave beside itself."
    ),
    entry!(
        "Time",
        "four-timestamps",
        "Four timestamps",
        "How a machine finds out over a network how wrong its clock is, and how wrong that may be."
    ),
    entry!(
        "Time",
        "set-back-at-once",
        "Set back at once",
        "What it means to set a clock: it is right at once, and shows some times twice."
    ),
    entry!(
        "Time",
        "led-never-back",
        "Led, never back",
        "What it means to lead a clock: it is right later, and never goes back."
    ),
    entry!(
        "Time",
        "two-clocks",
        "Two clocks in one machine",
        "Why durations are measured by the monotonic clock, and the time of day by the other."
    ),
    entry!(
        "Time",
        "one-way-longer",
        "One way is longer",
        "What no exchange can see, and what bounds the harm."
    ),
    entry!(
        "Time",
        "two-of-three",
        "Two of three",
        "How a machine finds out which of its time servers is wrong."
    ),
    entry!(
        "Broken on purpose",
        "task-by-wall-clock",
        "Less than no time",
        "Why a duration is never measured by the time of day."
    ),
    entry!(
        "Broken on purpose",
        "set-instead-of-led",
        "Set instead of led",
        "Why a clock that others order things by must not be set back."
    ),
    entry!(
        "Broken on purpose",
        "late-sample",
        "A sample that took too long",
        "Why of several answers the one counts that took the least time."
    ),
    entry!(
        "Broken on purpose",
        "three-timestamps",
        "Three timestamps",
        "Why a time server says when it was asked, and not only when it answered."
    ),
    entry!(
        "Broken on purpose",
        "answer-to-another",
        "The answer to another question",
        "Why an answer must say which question it is for."
    ),
    entry!(
        "Broken on purpose",
        "nearest-liar",
        "The nearest one is wrong",
        "Why one asks several time servers, and believes no single one."
    ),
    entry!(
        "Broken on purpose",
        "set-in-between",
        "Set in between",
        "Why a round trip is measured by a clock that nobody sets."
    ),
];

/// The scenario of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.name == name)
}

/// The digest of every scenario, as `digests.txt` keeps them: a change there is a change of
/// what links mean, and wants a higher version of the world or of that protocol.
pub fn digests() -> String {
    let version = |protocol: &&Declaration| format!("{} {}", protocol.name, protocol.version);
    let versions: Vec<String> = DECLARATIONS.iter().map(version).collect();
    let mut out = format!("# world {}, {}\n", crate::world::VERSION, versions.join(", "));
    for entry in CATALOGUE {
        if let Ok(mut run) = Run::new(entry.text) {
            run.finish();
            out += &format!("{} {}\n", entry.name, run.digest());
        }
    }
    out
}
