//! A scenario as data: one `Statement` for each line of its text, blank lines and comments
//! included, so that line numbers are positions and an edit touches one line. Never refers
//! to a protocol: names are checked by `check` against a declaration.

use alloc::string::String;
use alloc::vec::Vec;

/// A whole text. `statements[k]` is line `k + 1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// One for each line.
    pub statements: Vec<Statement>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What the line says.
    pub kind: Kind,
    /// Text after `#`, trimmed, without the `#`.
    pub comment: Option<String>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Blank, or only a comment.
    Blank,
    /// `scenario "TITLE"`
    Title(String),
    /// `protocol raft`, `protocol raft with bug forget-vote, double-vote`
    Protocol {
        /// Name of the protocol.
        name: String,
        /// Names of the bugs switched on.
        bugs: Vec<String>,
    },
    /// `nodes 5`
    Nodes(u16),
    /// `seed 42`
    Seed(u64),
    /// `latency 20ms..40ms`, `loss n1->n2 0.5%`: a law of the network from the start.
    Network {
        /// One direction of one link, or all links.
        link: Option<Link>,
        /// Which law.
        law: Law,
    },
    /// `disk 1ms..3ms`: how long one sync takes.
    Disk(Range),
    /// `timing partial 50ms gst 5s`: what the system promises about time.
    Timing(Timing),
    /// `failures crash-stop`: how processes fail.
    Failures(Failures),
    /// `set heartbeat 75ms`
    Set {
        /// Name of the parameter.
        name: String,
        /// A number or a range; durations in µs.
        value: Value,
    },
    /// `client c1 every 100ms put x`, `client c2 at n3 every 250ms put x or get x`
    Client {
        /// The client's name.
        name: Name,
        /// The node it speaks to first.
        at: Option<Name>,
        /// Time between its operations, µs; none: it acts only when a line says so.
        every_us: Option<u64>,
        /// What it does: one of these each time, drawn; none without `every`.
        operations: Vec<OperationCall>,
    },
    /// `log n1 1 1 4`: terms of the entries on its disk at the start.
    Log {
        /// The node.
        node: Name,
        /// Terms by index 1...
        terms: Vec<u64>,
    },
    /// `at 900ms crash leader`
    At {
        /// Virtual time, µs.
        time_us: u64,
        /// What happens.
        action: Action,
    },
    /// `drop n3->n1 append #4`: the fate of a message named before it is sent.
    Fate {
        /// What befalls it.
        fate: Fate,
        /// Which message.
        message: MessageName,
    },
    /// `when leader of n1: pause n1 for 300ms`, `when crash say "..."`
    When {
        /// Which event.
        event: EventName,
        /// Every time, not just the first.
        again: bool,
        /// Not after this time, µs.
        by_us: Option<u64>,
        /// What then.
        then: Action,
    },
    /// `chaos intensity=5 crash partition`: faults drawn from these kinds.
    Chaos(Chaos),
    /// `expect ...`
    Expect(Expectation),
    /// `always P`
    Always(Property),
    /// `never P`
    Never(Property),
    /// `end 4s`, µs
    End(u64),
}

/// What a system promises about time (Dwork, Lynch and Stockmeyer 1988; Cachin, Guerraoui and
/// Rodrigues 2011, §2.5). Ordered: what holds under one holds under those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timing {
    /// `asynchronous`: nothing. A message may take any time.
    Asynchronous,
    /// `partial 50ms gst 5s`: nothing before the global stabilisation time, then as below.
    Partial {
        /// Longest time on the way, µs.
        bound_us: u64,
        /// From when on, µs.
        gst_us: u64,
    },
    /// `synchronous 50ms`: what is sent arrives within the bound; processes and clocks run
    /// at full speed until they crash.
    Synchronous {
        /// Longest time on the way, µs.
        bound_us: u64,
    },
}

/// How processes fail. Ordered: what holds under one holds under those after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failures {
    /// `crash-recovery`: they may come back, with what their disk holds.
    #[default]
    CrashRecovery,
    /// `crash-stop`: who is down stays down.
    CrashStop,
}

/// Lowest and highest, both included; µs for durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// Lowest.
    pub low: u64,
    /// Highest.
    pub high: u64,
}

/// A law of the network: of all links, or of one direction of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Law {
    /// `latency 20ms..40ms heavy`: time on the way, µs, and how it is spread.
    Latency(Range, Spread),
    /// `loss 1%`, parts per million.
    Loss(u32),
    /// `duplicate 2%`, parts per million.
    Duplicate(u32),
    /// `reorder 5%`: parts per million that wait on the way while later ones overtake them.
    Reorder(u32),
    /// `bandwidth 100KB/s`: bytes a second; 0 is no limit.
    Bandwidth(u64),
    /// `order fifo`: what was sent first arrives first; else a message travels by itself.
    Fifo(bool),
}

/// How a latency is spread over its range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Spread {
    /// Each value as likely as the next.
    #[default]
    Uniform,
    /// Most near the middle: the mean of four uniform draws.
    Normal,
    /// Most in the range, some far beyond: each doubling of the excess is a quarter as likely.
    Heavy,
}

/// `chaos seed=7 intensity=5 crash pause keep-majority`: faults drawn ahead, from nothing but
/// this line, so that writing them out gives the same run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chaos {
    /// Where its draws come from; without it the text's seed.
    pub seed: Option<u64>,
    /// 1 (a fault now and then) to 10 (hardly a quiet moment).
    pub intensity: u8,
    /// Kinds of fault; none means all.
    pub kinds: Vec<ChaosKind>,
    /// More than half of the servers stay up and connected, as far as this line decides it.
    pub keep_majority: bool,
    /// Also what the protocol does not tolerate.
    pub beyond_model: bool,
    /// From when on, µs.
    pub from_us: u64,
    /// Until when, µs; without it the end of the run.
    pub until_us: Option<u64>,
}

/// A kind of fault that `chaos` draws from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChaosKind {
    /// Power cuts, deaths of processes, lost disks.
    Crash,
    /// The network falls apart.
    Partition,
    /// Processes stop, machines are suspended or slow.
    Pause,
    /// Clocks drift, step and are slewed.
    Clock,
    /// Disks are slow, full, fail, tear, rot, lie.
    Disk,
    /// Links are cut, clogged, lossy, slow.
    Link,
}

/// Value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A plain number.
    Count(u64),
    /// A span or a range of spans (a single span has `low == high`), µs.
    Duration(Range),
    /// One of the words that the parameter knows.
    Word(String),
}

/// The name of a node: role letter and number, `n3`, `c1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// Role letter.
    pub prefix: char,
    /// 1...
    pub number: u16,
}

/// One direction between two nodes, `n1->n2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// Sender.
    pub from: Name,
    /// Receiver.
    pub to: Name,
}

/// `put x 3`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationCall {
    /// `put`
    pub name: String,
    /// `x`, `3`; trailing values may be left out.
    pub arguments: Vec<String>,
}

/// `transfer n3`: what a server is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderCall {
    /// `transfer`
    pub name: String,
    /// `n3`
    pub arguments: Vec<OrderWord>,
}

/// An argument of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderWord {
    /// A node.
    Node(Name),
    /// A number.
    Number(u64),
}

/// Whom an action is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Named nodes, at least one.
    Names(Vec<Name>),
    /// The up node acting as leader in the highest epoch, ties by id.
    Leader,
    /// Any other node acting as leader.
    OldLeader,
    /// The up non-leader with the lowest id.
    Follower,
    /// The first floor(n/2)+1 ids.
    Majority,
    /// One up node, drawn.
    Random,
    /// Every node (not clients).
    All,
}

/// A message, named by link, kind and count from 1: `n3->n1 append #4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageName {
    /// From, to.
    pub link: Link,
    /// Kind, as the protocol declares it.
    pub kind: String,
    /// 1 is the first of that kind on that link.
    pub count: u32,
}

/// What befalls a named message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It never arrives.
    Drop,
    /// It waits in the network until `deliver`.
    Hold,
    /// It arrives twice.
    Duplicate,
    /// It takes this much longer, µs.
    Delay(u64),
}

/// What happens at a time or on an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `crash S`: power cut.
    Crash(Selector),
    /// `kill S`: process death.
    Kill(Selector),
    /// `restart S`
    Restart(Selector),
    /// `pause S for 300ms`, `pause S`
    Pause(Selector, Option<u64>),
    /// `suspend S for 300ms`, `suspend S`: the machine stops, its clocks too.
    Suspend(Selector, Option<u64>),
    /// `resume S`
    Resume(Selector),
    /// `slow S by 5ms for 2s`: handling one thing takes so much longer, µs; 0 ends it.
    Slow(Selector, u64, Option<u64>),
    /// `wipe S`: the disk is gone, and the process with it.
    Wipe(Selector),
    /// `disk S lies for 2s`
    Disk(Selector, DiskFault, Option<u64>),
    /// `clog n1->n2 for 2s`: what is sent waits in the network until that is over.
    Clog {
        /// One end.
        a: Name,
        /// Other end.
        b: Name,
        /// Both directions.
        both: bool,
        /// For so long, µs; else until `heal`.
        span_us: Option<u64>,
    },
    /// `loss 10%`, `latency n1->n2 200ms`: another law of the network from now on.
    Network(Option<Link>, Law),
    /// `cut n1->n2` (one way), `cut n1--n2` (both ways)
    Cut {
        /// One end.
        a: Name,
        /// Other end.
        b: Name,
        /// Both directions.
        both: bool,
    },
    /// `heal`: everything; `heal n1--n2`: that link.
    Heal(Option<(Name, Name)>),
    /// `heal core`: some servers that suffice are made whole for good, and the rest is left
    /// broken and cut off.
    HealCore,
    /// `partition n1 n2 | n3 n4 n5`, `partition leader | majority`: whom no group names is
    /// in the last group if it is a server, and reaches everyone if it is a client.
    Partition(Vec<Selector>),
    /// `drift n2 500ppm`, negative is slow
    Drift(Selector, i32),
    /// `step n2 by -5s`: the wall clock jumps, µs.
    Step(Selector, i64),
    /// `slew n2 by 20ms at 500ppm`: the wall clock is led there slowly; µs and rate.
    Slew(Selector, i64, u32),
    /// `timeout n3`: its election timer runs out now.
    Timeout(Selector),
    /// `tell leader transfer n3`: an operator's order.
    Tell(Selector, OrderCall),
    /// `adversary`, `adversary within 200ms`, `adversary off`: the network holds back what would
    /// decide something.
    Adversary(Adversary),
    /// `c1 put x 100`
    Request(Name, OperationCall),
    /// `drop n3->n1 append #4`: a message in flight (or one still to be sent).
    Fate(Fate, MessageName),
    /// `deliver n3->n1 append #4`: a held message goes on.
    Deliver(MessageName),
    /// `say "..." "..."`: caption and what stands under it.
    Say(String, Option<String>),
}

/// How long the network may hold a message back so that nothing is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Adversary {
    /// Not at all.
    Off,
    /// As long as it takes, though each message arrives in the end.
    Patient,
    /// Not longer than this after the sending, µs.
    Within(u64),
}

/// What is wrong with a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiskFault {
    /// `lies`: says that records are synced, and has them in a cache that a power cut empties.
    Lies,
    /// `fails`: syncs fail, and what they should have stored is gone.
    Fails,
    /// `full`: nothing more can be written.
    Full,
    /// `tears`: a power cut leaves the record that was being written half on the disk.
    Tears,
    /// `slow by 20ms`: each sync takes so much longer, µs.
    Slow(u64),
    /// `corrupts 3`: the third record on the disk rots; `corrupts last` is 0.
    Corrupts(u64),
    /// `sound`: all that is over.
    Sound,
}

/// An event, perhaps only at one node: `leader of n3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventName {
    /// As declared.
    pub name: String,
    /// Only at this node.
    pub of: Option<Name>,
}

/// What must hold of this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// `expect P`: at the end.
    Finally(Property),
    /// `expect P at T`, µs
    At(Property, u64),
    /// `expect P within D of EVENT`, µs: after each such event.
    Within(Property, u64, EventName),
    /// `expect violated CHECK [by T]`
    Violated(String, Option<u64>),
}

/// A statement about the cluster at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Property {
    /// `one leader per term`, `linearizable`: a check, by its plain name in lower case
    /// (`linearizable` is the word for the check of clients' histories).
    Check(String),
    /// `leader`, `leader n3`
    Leader(Option<Name>),
    /// `no leader`
    NoLeader,
    /// `committed 5`: at least so many indexes are really committed.
    Committed(u64),
    /// `progress`: an operation that began since then has been answered.
    Progress,
    /// `answered 10`: at least so many client operations have been answered.
    Answered(u64),
    /// `n1 term 2`, `n1 log 1 1 2`, `n1 x 3`: a field of a node's inspection has this text.
    Field {
        /// The node.
        node: Name,
        /// Field of its inspection.
        field: String,
        /// Words of the value, joined by one blank.
        value: String,
    },
}
