//! What a run has cost up to the cursor and what it was worth: messages, bytes, syncs, how long
//! answers took and how long there were none. Reads the trace and the kernel's tally of what was
//! sent; changes nothing.

use super::Run;
use crate::declare::Family;
use crate::process::NodeId;
use crate::world::{Event, EventId, NONE, What};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A client's patience with one try where its protocol has no parameter `client-timeout`, µs.
const PATIENCE_US: u64 = 250_000;
/// The parameter that says how long a client waits before it asks again.
const PATIENCE: &str = "client-timeout";
/// No path from a request to its answer is followed beyond so many events.
const PATH_MOST: usize = 10_000;

/// The costs of a run up to an instant. A message counts when it is sent, whether it arrives or
/// not, and once even if the network doubles it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Counts {
    /// Messages from server to server.
    pub messages: u64,
    /// Their bytes, by `Wire::bytes`.
    pub bytes: u64,
    /// Messages to and from clients.
    pub client_messages: u64,
    /// Their bytes.
    pub client_bytes: u64,
    /// Syncs of disks that ended well and of which their server has heard.
    pub syncs: u64,
    /// Client operations answered.
    pub answered: u64,
    /// Client operations that their client stopped waiting for.
    pub given_up: u64,
    /// Message delays from a client's asking to its answer, along the path of what each step
    /// waited for last; of a client's last try where there were more. The median.
    pub rounds: u32,
    /// The most.
    pub rounds_most: u32,
    /// Syncs on the same path, one after the other. The median.
    pub syncs_waited: u32,
    /// From request to answer, virtual µs. The median.
    pub wait: u64,
    /// The longest, those that still wait included.
    pub wait_longest: u64,
    /// Time without service, virtual µs: the sum of all spans, longer than a client's patience
    /// with one try, in which some client waited all the time and none had an answer.
    pub unavailable: u64,
    /// The longest of these spans.
    pub unavailable_longest: u64,
    /// How often a server began to act as leader.
    pub leaders: u32,
    /// The highest epoch that a server has shown: term, ballot.
    pub epoch: u64,
    /// The messages by kind, servers' and clients'; those never sent are left out.
    pub kinds: Vec<KindCount>,
}

/// How many messages of one kind were sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct KindCount {
    /// Its word in a text.
    pub name: String,
    /// Messages.
    pub messages: u64,
    /// Bytes.
    pub bytes: u64,
}

/// What an answer waited for, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// Messages.
    pub messages: u32,
    /// Syncs of a disk.
    pub syncs: u32,
}

impl Counts {
    /// Of each number the median over several runs, by itself.
    pub fn median_of(all: &[Counts]) -> Counts {
        let of = |number: fn(&Counts) -> u64| median(all.iter().map(number).collect());
        let mut names: Vec<&String> = Vec::new();
        for kind in all.iter().flat_map(|counts| &counts.kinds) {
            if !names.contains(&&kind.name) {
                names.push(&kind.name);
            }
        }
        let of_kind = |name: &String, number: fn(&KindCount) -> u64| {
            let in_run = |counts: &Counts| {
                counts.kinds.iter().find(|kind| kind.name == *name).map_or(0, number)
            };
            median(all.iter().map(in_run).collect())
        };
        let kinds = names.into_iter().map(|name| KindCount {
            name: name.clone(),
            messages: of_kind(name, |kind| kind.messages),
            bytes: of_kind(name, |kind| kind.bytes),
        });
        Counts {
            messages: of(|counts| counts.messages),
            bytes: of(|counts| counts.bytes),
            client_messages: of(|counts| counts.client_messages),
            client_bytes: of(|counts| counts.client_bytes),
            syncs: of(|counts| counts.syncs),
            answered: of(|counts| counts.answered),
            given_up: of(|counts| counts.given_up),
            rounds: of(|counts| u64::from(counts.rounds)) as u32,
            rounds_most: of(|counts| u64::from(counts.rounds_most)) as u32,
            syncs_waited: of(|counts| u64::from(counts.syncs_waited)) as u32,
            wait: of(|counts| counts.wait),
            wait_longest: of(|counts| counts.wait_longest),
            unavailable: of(|counts| counts.unavailable),
            unavailable_longest: of(|counts| counts.unavailable_longest),
            leaders: of(|counts| u64::from(counts.leaders)) as u32,
            epoch: of(|counts| counts.epoch),
            kinds: kinds.collect(),
        }
    }
}

impl Run {
    /// What the run has cost up to the cursor.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.count_messages(&mut counts);
        let mut service = Service::new(self.patience_us());
        let (mut rounds, mut syncs, mut waits) = (Vec::new(), Vec::new(), Vec::new());
        for (id, event) in (0u32..).zip(self.events()) {
            service.see(event, self.is_client(event.node));
            match event.what {
                What::Durable => counts.syncs += 1,
                What::GiveUp => counts.given_up += 1,
                What::Answer => {
                    counts.answered += 1;
                    if let Some(path) = self.path_to(id) {
                        rounds.push(u64::from(path.messages));
                        syncs.push(u64::from(path.syncs));
                    }
                }
                _ => {}
            }
        }
        for operation in self.world().members.history().iter() {
            match operation.returned_us {
                Some(returned_us) => waits.push(returned_us - operation.invoked_us),
                None if operation.given_up => {}
                None => {
                    let so_far_us = self.time_us() - operation.invoked_us;
                    counts.wait_longest = counts.wait_longest.max(so_far_us);
                }
            }
        }
        counts.wait_longest = waits.iter().copied().max().unwrap_or(0).max(counts.wait_longest);
        counts.rounds_most = rounds.iter().copied().max().unwrap_or(0) as u32;
        counts.rounds = median(rounds) as u32;
        counts.syncs_waited = median(syncs) as u32;
        counts.wait = median(waits);
        (counts.unavailable, counts.unavailable_longest) = service.until(self.time_us());
        (counts.leaders, counts.epoch) = self.leaders();
        counts
    }

    /// What a client waited for before it was given this answer, the number of its event: from
    /// the answer back through what made each step happen, to its asking. None where the way back
    /// is lost, as on a slow node, whose effects leave by themselves.
    pub fn path_to(&self, answer: EventId) -> Option<Path> {
        let mut path = Path { messages: 0, syncs: 0 };
        let mut at = answer;
        for _ in 0..PATH_MOST {
            let event = self.all_events().get(at as usize)?;
            match event.what {
                What::Receive => path.messages += 1,
                What::Durable => path.syncs += 1,
                What::Request | What::Timer => return Some(path),
                _ => {}
            }
            at = event.cause;
            if at == NONE {
                return None;
            }
        }
        None
    }

    fn is_client(&self, node: NodeId) -> bool {
        self.world().kernel.is_client(node) && node.index() < self.names().len()
    }

    fn count_messages(&self, counts: &mut Counts) {
        let mut kinds: Vec<(u64, u64)> = Vec::new();
        kinds.resize(self.declaration().messages.len(), (0, 0));
        for ((from, to, kind), (messages, bytes)) in self.world().kernel.traffic() {
            let messages = u64::from(messages);
            if self.is_client(NodeId(from)) || self.is_client(NodeId(to)) {
                counts.client_messages += messages;
                counts.client_bytes += bytes;
            } else {
                counts.messages += messages;
                counts.bytes += bytes;
            }
            if let Some(of_kind) = kinds.get_mut(usize::from(kind)) {
                of_kind.0 += messages;
                of_kind.1 += bytes;
            }
        }
        let named = self.declaration().messages.iter().zip(kinds);
        counts.kinds = named
            .filter(|(_, (messages, _))| *messages > 0)
            .map(|(kind, (messages, bytes))| {
                let name = kind.name.to_string();
                KindCount { name, messages, bytes }
            })
            .collect();
    }

    /// How long a client waits before it asks again, µs.
    fn patience_us(&self) -> u64 {
        let parameters = super::build::parameters_of(self.scenario(), self.declaration());
        let declared = self.declaration().parameters.iter().zip(parameters);
        let mut patience = declared.filter(|(parameter, _)| parameter.name == PATIENCE);
        patience.next().map_or(PATIENCE_US, |(_, (_, high))| high)
    }

    /// How often a server began to act as leader, and the highest epoch shown.
    fn leaders(&self) -> (u32, u64) {
        let (mut leaders, mut epoch) = (0, 0);
        let mut leading: Vec<Option<u32>> = Vec::new();
        leading.resize(usize::from(self.world().kernel.servers), None);
        for face in self.events().iter().filter(|event| event.what == What::Face) {
            let Some(known) = leading.get_mut(face.node.index()) else { continue };
            epoch = epoch.max(u64::from(face.a));
            let leads = self.world().family(face.sub) == Family::Leads && !is_down(face);
            let now = leads.then_some(face.a);
            leaders += u32::from(now.is_some() && now != *known);
            *known = now;
        }
        (leaders, epoch)
    }
}

fn is_down(face: &Event) -> bool {
    face.b == crate::view::Status::Down as u32
}

/// The middle one, the lower of two; 0 of none.
fn median(values: Vec<u64>) -> u64 {
    let mut values = values;
    crate::order::sort_by_key(&mut values, |value| (*value, 0));
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

/// Follows whether clients are served.
struct Service {
    patience_us: u64,
    /// Clients with operations that wait, each with how many.
    waiting: Vec<(NodeId, u32)>,
    /// Since when somebody waits and nobody has had an answer, µs.
    since_us: Option<u64>,
    total_us: u64,
    longest_us: u64,
}

impl Service {
    fn new(patience_us: u64) -> Service {
        Service { patience_us, waiting: Vec::new(), since_us: None, total_us: 0, longest_us: 0 }
    }

    fn see(&mut self, event: &Event, at_client: bool) {
        let place = self.waiting.iter().position(|(client, _)| *client == event.node);
        match event.what {
            What::Request => match place {
                Some(place) => self.waiting[place].1 += 1,
                None => self.waiting.push((event.node, 1)),
            },
            What::Answer | What::GiveUp => {
                if let Some(place) = place {
                    self.waiting[place].1 -= 1;
                    self.waiting.retain(|(_, operations)| *operations > 0);
                }
                if event.what == What::Answer {
                    self.end(event.time_us);
                }
            }
            // A client that is gone waits no more.
            What::Crash | What::Kill | What::Wipe | What::Exit if at_client => {
                self.waiting.retain(|(client, _)| *client != event.node);
            }
            _ => return,
        }
        if self.waiting.is_empty() {
            self.end(event.time_us);
        } else {
            self.since_us.get_or_insert(event.time_us);
        }
    }

    fn end(&mut self, now_us: u64) {
        let Some(since_us) = self.since_us.take() else { return };
        let span_us = now_us - since_us;
        if span_us > self.patience_us {
            self.total_us += span_us;
            self.longest_us = self.longest_us.max(span_us);
        }
    }

    /// All spans up to now: their sum and the longest.
    fn until(mut self, now_us: u64) -> (u64, u64) {
        self.end(now_us);
        (self.total_us, self.longest_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::CATALOGUE;
    use crate::protocols::PROTOCOLS;
    use crate::scenario::switch;
    use alloc::format;

    fn played(text: &str) -> Run {
        let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{text}\n{wrong:?}"));
        run.finish();
        run
    }

    const CALM: &str = "protocol raft\nnodes 3\nlatency 10ms..10ms\ndisk 2ms\n\
                        client c1 every 100ms put x\nend 3s\n";

    #[test]
    fn what_is_counted_is_what_was_sent_synced_and_answered() {
        let run = played(CALM);
        let counts = run.counts();
        let of = |what| run.events().iter().filter(|event| event.what == what).count() as u64;
        assert_eq!(counts.messages + counts.client_messages, of(What::Send));
        assert_eq!((counts.syncs, counts.answered), (of(What::Durable), of(What::Answer)));
        let by_kind: u64 = counts.kinds.iter().map(|kind| kind.bytes).sum();
        assert_eq!(by_kind, counts.bytes + counts.client_bytes);
        assert!(counts.answered > 20 && counts.given_up == 0);
        assert_eq!((counts.leaders, counts.epoch), (1, 1));
        // c1 → leader → follower → leader → c1, and the follower's disk on the way.
        assert_eq!((counts.rounds, counts.syncs_waited, counts.wait), (4, 1, 42_000));
    }

    #[test]
    fn counts_are_those_of_the_instant() {
        let mut run = played(CALM);
        let all = run.counts();
        run.seek(1_000_000);
        let early = run.counts();
        assert!(early.messages < all.messages && early.syncs < all.syncs);
        let mut fresh = Run::new(CALM).expect("it can be read");
        fresh.seek(1_000_000);
        assert_eq!(fresh.counts(), early);
    }

    #[test]
    fn without_service() {
        let text = "protocol raft\nnodes 3\nlatency 10ms..10ms\ndisk 0us\nseed 7\n\
                    client c1 every 50ms put x\nat 1s crash n1 n2\nat 2s restart all\nend 3s\n";
        let mut run = played(text);
        let counts = run.counts();
        assert_eq!(counts.unavailable, counts.unavailable_longest + first_election(&run));
        // From the request that nobody heard to the first answer after the restart.
        let (from_us, to_us) = (1_000_000 - 50_000, 2_000_000 + 900_000);
        assert!((950_000..to_us - from_us).contains(&counts.unavailable_longest), "{counts:?}");
        assert_eq!(counts.wait_longest, counts.unavailable_longest);
        // Nobody waits once the client is gone.
        run.edit(&text.replace("at 2s restart all", "at 1500ms crash c1")).expect("it can be read");
        run.finish();
        let gone = run.counts().unavailable_longest;
        assert!((450_000..=550_000).contains(&gone), "{gone}");
    }

    /// How long the first operation waited, if longer than its client's patience.
    fn first_election(run: &Run) -> u64 {
        let first = run.world().members.history().iter().next().and_then(|operation| {
            operation.returned_us.map(|returned_us| returned_us - operation.invoked_us)
        });
        first.filter(|&wait_us| wait_us > PATIENCE_US).unwrap_or(0)
    }

    #[test]
    fn a_text_switched_there_and_back_is_the_same_run() {
        for entry in CATALOGUE {
            let here = Run::new(entry.text).unwrap_or_else(|w| panic!("{}: {w:?}", entry.name));
            for other in PROTOCOLS.iter().map(|known| known.declaration) {
                let name = format!("{} as {}", entry.name, other.name);
                let servers = here.world().kernel.servers;
                if !(other.nodes.0..=other.nodes.1).contains(&servers) {
                    assert!(here.switched(other.name).is_err(), "{name}");
                    continue;
                }
                let there = here.switched(other.name).unwrap_or_else(|w| panic!("{name}: {w:?}"));
                let mut there = Run::new(&there.text).unwrap_or_else(|w| panic!("{name}: {w:?}"));
                assert_eq!(there.declaration().name, other.name);
                let back = there.switched(here.declaration().name);
                let back = back.unwrap_or_else(|wrong| panic!("{name}: {wrong:?}")).text;
                // Only chaos in which the other would draw other faults is another text now.
                if back != entry.text {
                    assert!(back.contains("# chaos "), "{name}: {back}");
                    assert_eq!(played(&back).digest(), played(entry.text).digest(), "{name}");
                }
                there.seek(300_000);
                there.counts();
            }
        }
    }

    #[test]
    fn any_text_can_be_switched_round_and_back() {
        let declared = || PROTOCOLS.iter().map(|known| known.declaration);
        for seed in 0..200 {
            let text = crate::explore::random_text(seed, &[]);
            let from = Run::new(&text).expect("a random text can be read").declaration();
            // Round: through all the others, one after the other.
            let mut here = (text.clone(), from);
            for other in declared().chain([from]) {
                let there = switch(&here.0, here.1, other);
                here = match there {
                    Ok(there) => (there.text, other),
                    Err(wrong) if wrong[0].message.contains("does not run on") => continue,
                    Err(wrong) => panic!("seed {seed}, {}: {wrong:?}\n{}", other.name, here.0),
                };
            }
            if here.0 != text {
                assert!(here.0.contains("# chaos "), "seed {seed}\n{text}\n\n{}", here.0);
            }
        }
    }

    /// The protocols of a replicated log: all that a text can be switched between in earnest.
    const LOGS: [&str; 3] = ["raft", "multipaxos", "primary-backup"];

    fn faults(run: &Run) -> Vec<(u64, What, NodeId, NodeId, u8, u32)> {
        let fault = |event: &&Event| {
            let harmless = [
                What::Boot,
                What::Send,
                What::Receive,
                What::Lost,
                What::Timer,
                What::Durable,
                What::Request,
                What::Answer,
                What::GiveUp,
                What::Mark,
                What::Face,
                What::Violated,
                What::Waits,
                What::Doubled,
            ];
            !harmless.contains(&event.what)
        };
        let told = |e: &Event| (e.time_us, e.what, e.node, e.peer, e.sub, e.a);
        run.events().iter().filter(fault).map(told).collect()
    }

    #[test]
    fn the_faults_are_the_same_at_the_same_times() {
        let mut several = 0;
        for seed in 0..20 {
            // What a disk's fault does depends on what was written to it: that kind is left out.
            let text = format!(
                "protocol raft\nnodes 5\nseed {seed}\nclient c1 every 90ms put x\n\
                 client c2 every 130ms get x\nchaos intensity=9 crash partition pause clock link \
                 until 3s\nat 2500ms partition n1 n2 | n3 n4 n5\nend 4s\n"
            );
            let own = Run::new(&text).expect("it can be read");
            let mut all = Vec::new();
            for protocol in PROTOCOLS.iter().map(|known| known.declaration) {
                if LOGS.contains(&protocol.name) {
                    let switched = own.switched(protocol.name).expect("it can be switched").text;
                    all.push((protocol.name, faults(&played(&switched))));
                }
            }
            assert!(all[0].1.len() > 10);
            for (name, faults) in &all[1..] {
                assert_eq!(*faults, all[0].1, "{name}, seed {seed}");
                several += 1;
            }
        }
        assert_eq!(several, 40);
    }
}
