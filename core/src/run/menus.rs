//! The menus of a node, a link, a message and the whole network: every fault that makes sense
//! now, as the line that it writes, with what it models and whether the protocol tolerates it.
//! What is offered stands in tables; here is only which rows fit. Knows no protocol.

use super::Run;
use crate::declare::{Family, OrderArgument};
use crate::faults;
use crate::process::NodeId;
use crate::scenario::ast::{Action, Link, Name};
use crate::scenario::{Span, parse_action};
use crate::view::Status;
use crate::world::{Held, Laws};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// One entry of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Choice {
    /// The step of the menu that it stands in; empty for the first.
    pub group: String,
    /// What it says.
    pub label: String,
    /// What it writes, without the time. What begins with `!` is for the page itself.
    pub action: String,
    /// What the fault models in the real world; empty for what is none.
    pub models: &'static str,
    /// Why the protocol does not tolerate it; empty when it does.
    pub beyond: &'static str,
}

// What must be so for a row to make sense.
const ALWAYS: u16 = 0;
const UP: u16 = 1;
const DOWN: u16 = 1 << 1;
const RUNS: u16 = 1 << 2;
const PAUSED: u16 = 1 << 3;
const SERVER: u16 = 1 << 4;
const SLOW: u16 = 1 << 5;
const DRIFTS: u16 = 1 << 6;
const SICK: u16 = 1 << 7;
const RECORDS: u16 = 1 << 8;
const PATIENT: u16 = 1 << 9;
const OTHERS: u16 = 1 << 10;
const CUT: u16 = 1 << 11;
const THERE: u16 = 1 << 12;
const BACK: u16 = 1 << 13;
const WAITS: u16 = 1 << 14;

/// What must be so, in which step, what it says, what it writes.
type Row = (u16, &'static str, &'static str, &'static str);

/// `{n}` is the node, `{others}` are the other servers.
const NODE: &[Row] = &[
    (DOWN, "", "Restart", "restart {n}"),
    (UP, "", "Crash (power cut)", "crash {n}"),
    (PAUSED, "", "Resume", "resume {n}"),
    (RUNS, "", "Pause for 300 ms", "pause {n} for 300ms"),
    (OTHERS, "", "Cut off", "partition {n} | {others}"),
    (SERVER, "", "Lose its disk", "wipe {n}"),
    (CUT, "", "Heal the network", "heal"),
    (SLOW, "", "Full speed again", "slow {n} by 0s"),
    (DRIFTS, "", "Clock at its right rate again", "drift {n} 0ppm"),
    (SICK, "", "Disk sound again", "disk {n} sound"),
    (UP, "Process", "Kill the process", "kill {n}"),
    (RUNS, "Process", "Pause until resumed", "pause {n}"),
    (RUNS, "Process", "Suspend the machine for 500 ms", "suspend {n} for 500ms"),
    (UP, "Process", "Slow: each thing takes 5 ms more", "slow {n} by 5ms"),
    (PATIENT, "Process", "Let its patience run out", "timeout {n}"),
    (ALWAYS, "Clocks", "Clocks run 10% fast", "drift {n} 100000ppm"),
    (ALWAYS, "Clocks", "Clocks run 10% slow", "drift {n} -100000ppm"),
    (ALWAYS, "Clocks", "Wall clock jumps 5 s ahead", "step {n} by 5s"),
    (ALWAYS, "Clocks", "Wall clock jumps 5 s back", "step {n} by -5s"),
    (ALWAYS, "Clocks", "Wall clock is led 20 ms ahead", "slew {n} by 20ms"),
    (SERVER, "Disk", "Syncs take 20 ms longer", "disk {n} slow by 20ms"),
    (SERVER, "Disk", "Syncs fail", "disk {n} fails"),
    (SERVER, "Disk", "No space is left", "disk {n} full"),
    (SERVER, "Disk", "A power cut tears a record", "disk {n} tears"),
    (SERVER | RECORDS, "Disk", "The last record rots", "disk {n} corrupts last"),
    (SERVER, "Disk", "Lies: “synced” is not on disk", "disk {n} lies"),
];

/// `{a}` and `{b}` are the ends of the link.
const LINK: &[Row] = &[
    (ALWAYS, "", "Cut this link", "cut {a}--{b}"),
    (THERE, "", "Cut only {a} to {b}", "cut {a}->{b}"),
    (BACK, "", "Cut only {b} to {a}", "cut {b}->{a}"),
    (ALWAYS, "", "Clog it for 500 ms", "clog {a}--{b} for 500ms"),
    (CUT, "", "Heal this link", "heal {a}--{b}"),
];

/// `{l}` is a blank and one direction of a link, or nothing for all links; `{long}` is ten
/// times the highest latency, `{range}` the latency.
const LAWS: &[Row] = &[
    (ALWAYS, "", "Slow: ten times the way", "latency{l} {long}"),
    (ALWAYS, "", "Some take very long", "latency{l} {range} heavy"),
    (ALWAYS, "", "Lose every fifth", "loss{l} 20%"),
    (ALWAYS, "", "Duplicate every fifth", "duplicate{l} 20%"),
    (ALWAYS, "", "Reorder every fifth", "reorder{l} 20%"),
    (ALWAYS, "", "Thin: 2 KB a second", "bandwidth{l} 2KB/s"),
    (ALWAYS, "", "Keep the order, as TCP does", "order{l} fifo"),
];

const NETWORK: &[Row] = &[
    (CUT, "", "Heal the network", "heal"),
    (DOWN, "", "Restart all", "restart all"),
    (OTHERS, "", "Cut the network in two…", "!partition"),
    (ALWAYS, "", "Let chaos in…", "!chaos"),
    (UP, "All nodes", "Crash all (power cut)", "crash all"),
    (UP, "All nodes", "Kill all processes", "kill all"),
    (RUNS, "All nodes", "Pause all for 300 ms", "pause all for 300ms"),
];

/// `{m}` is the message.
const MESSAGE: &[Row] = &[
    (ALWAYS, "", "Drop it", "drop {m}"),
    (WAITS, "", "Deliver it", "deliver {m}"),
    (RUNS, "", "Hold it", "hold {m}"),
    (RUNS, "", "Delay it by 50 ms", "delay {m} by 50ms"),
    (RUNS, "", "Duplicate it", "duplicate {m}"),
];

fn filled(text: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(text.to_string(), |text, (hole, word)| text.replace(hole, word))
}

impl Run {
    /// Adds the rows that make sense. One that this text cannot have does not stand there.
    fn offer(
        &self,
        menu: &mut Vec<Choice>,
        rows: &[Row],
        is: u16,
        group: &str,
        words: &[(&str, &str)],
    ) {
        for (needs, step, label, writes) in rows {
            if needs & is != *needs {
                continue;
            }
            let group = if step.is_empty() { group } else { step };
            self.choice(menu, group, filled(label, words), filled(writes, words));
        }
    }

    fn choice(&self, menu: &mut Vec<Choice>, group: &str, label: String, action: String) {
        let group = group.to_string();
        if action.starts_with('!') {
            return menu.push(Choice { group, label, action, models: "", beyond: "" });
        }
        let Ok(parsed) = parse_action(&action, &self.scenario, self.declaration()) else { return };
        let fault = faults::of_action(&parsed);
        let models = fault.map_or("", |fault| fault.models);
        let beyond =
            fault.map_or("", |fault| faults::beyond(fault, self.declaration(), &self.scenario));
        menu.push(Choice { group, label, action, models, beyond });
    }

    fn place_of(&self, name: &str) -> Option<NodeId> {
        let place = self.names.iter().position(|known| known == name)?;
        Some(NodeId(place as u16))
    }

    /// What is so of a node.
    fn state_of(&self, id: NodeId) -> u16 {
        let kernel = &self.world.kernel;
        let node = kernel.node(id);
        let seeks = self.world.members.face(id).is_some_and(|face| {
            matches!(self.world.family(face.state), Family::Follows | Family::Seeks)
        });
        let is_server = !kernel.is_client(id);
        let mut is = match node.standing() {
            Status::Up => UP | RUNS,
            Status::Paused => UP | PAUSED,
            Status::Down => DOWN,
        };
        for (so, bit) in [
            (is_server, SERVER),
            (node.slow.0 > 0, SLOW),
            (node.clock.ppm() != 0, DRIFTS),
            (!node.disk.faults.is_empty(), SICK),
            (node.disk.safe > 0, RECORDS),
            (is & UP > 0 && is_server && seeks && node.timers.iter().any(|t| t.armed), PATIENT),
            (!is_server || kernel.servers > 1, OTHERS),
            (self.is_cut() || !kernel.links.clogs.is_empty(), CUT),
        ] {
            is |= if so { bit } else { 0 };
        }
        is
    }

    /// What can be done to a node.
    pub fn menu(&self, name: &str) -> Vec<Choice> {
        let mut menu = Vec::new();
        let Some(id) = self.place_of(name) else { return menu };
        let servers = &self.names[..usize::from(self.world.kernel.servers)];
        let others: Vec<&str> =
            servers.iter().map(String::as_str).filter(|other| *other != name).collect();
        let words = [("{n}", name), ("{others}", &others.join(" "))];
        let is = self.state_of(id);
        self.offer(&mut menu, NODE, is, "", &words);
        if is & (UP | SERVER) == UP | SERVER {
            self.orders(&mut menu, name, &others);
        }
        menu
    }

    /// What an operator can tell a server: an order about another server stands there once for
    /// each of them.
    fn orders(&self, menu: &mut Vec<Choice>, name: &str, others: &[&str]) {
        for order in self.declaration().orders {
            let about: &[&str] = match order.arguments {
                [] => &[""],
                [OrderArgument::Node] => others,
                // Numbers and lists are for the text.
                _ => continue,
            };
            for other in about {
                let label = order.label.replace("{n}", other);
                let action = format!("tell {name} {} {other}", order.name);
                self.choice(menu, "Tell it", label, action.trim_end().to_string());
            }
        }
    }

    /// What can be done to a link.
    pub fn link_menu(&self, a: &str, b: &str) -> Vec<Choice> {
        let mut menu = Vec::new();
        let (Some(first), Some(second)) = (self.place_of(a), self.place_of(b)) else { return menu };
        let links = &self.world.kernel.links;
        let cut = |from: NodeId, to: NodeId| links.cuts.contains(&(from.0, to.0));
        let (there, back) = (cut(first, second), cut(second, first));
        let clogged = links.clogged(first, second) || links.clogged(second, first);
        let mut is = if there || back || clogged { CUT } else { 0 };
        is |= if there { 0 } else { THERE };
        is |= if back { 0 } else { BACK };
        let rows = if there && back { &LINK[3..] } else { LINK };
        self.offer(&mut menu, rows, is, "", &[("{a}", a), ("{b}", b)]);
        for (from, to) in [(first, second), (second, first)] {
            let end = |id: NodeId| self.world.names()[id.index()];
            self.laws(&mut menu, Some((from, to)), Some(Link { from: end(from), to: end(to) }));
        }
        menu
    }

    /// What can be done to all links, and to all nodes.
    pub fn network_menu(&self) -> Vec<Choice> {
        let kernel = &self.world.kernel;
        let all = (0..kernel.servers).map(|id| self.state_of(NodeId(id)));
        let mut menu = Vec::new();
        self.offer(&mut menu, NETWORK, all.fold(0, |any, is| any | is), "", &[]);
        self.laws(&mut menu, None, None);
        menu
    }

    /// Other laws for one direction of a link, or for all links; and those of the text again.
    fn laws(&self, menu: &mut Vec<Choice>, ends: Option<(NodeId, NodeId)>, link: Option<Link>) {
        let links = &self.world.kernel.links;
        let now: Laws = ends.map_or(links.laws, |(from, to)| links.laws_of(from, to));
        let range = self.scenario.latency();
        let (group, where_to) = match link {
            None => ("All links".to_string(), String::new()),
            Some(link) => (format!("{} → {}", link.from, link.to), format!(" {link}")),
        };
        for law in now.each() {
            let normal = self.scenario.law_at_start(link, law);
            if normal != law {
                let action = Action::Network(link, normal).to_string();
                let mut word = action.split(' ').next().unwrap_or("").to_string();
                if let Some(Link { from, to }) = link {
                    word = format!("{word} {from} to {to}");
                }
                self.choice(menu, "", format!("Normal again: {word}"), action);
            }
        }
        let long = Span(range.high.saturating_mul(10)).to_string();
        let range = range.to_string();
        let words = [("{l}", &*where_to), ("{long}", &*long), ("{range}", &*range)];
        self.offer(menu, LAWS, 0, &group, &words);
    }

    /// What can be done to a message in flight, by the event of its sending.
    pub fn message_menu(&self, id: u32) -> Vec<Choice> {
        let mut menu = Vec::new();
        let mut flights = self.world.kernel.flights();
        let Some(flight) = flights.find(|flight| flight.face.send == id) else { return menu };
        let name = |id: NodeId| -> Name { self.world.names()[id.index()] };
        let kind = self.declaration().messages[usize::from(flight.face.kind)].name;
        let (from, to) = (name(flight.from), name(flight.to));
        let message = format!("{from}->{to} {kind} #{}", flight.face.count);
        let is = if flight.held == Some(Held::ByLine) { WAITS } else { RUNS };
        self.offer(&mut menu, MESSAGE, is, "", &[("{m}", &message)]);
        menu
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::FAULTS;
    use crate::run::LineState;

    const TEXT: &str = "protocol raft\nnodes 3\nseed 7\nclient c1 every 50ms put x\n";

    /// A run in which much is in force at once.
    fn troubled() -> Run {
        let mut run = Run::new(TEXT).expect("parses");
        run.seek(700_000);
        for action in [
            "crash n1",
            "pause n2",
            "slow n3 by 5ms",
            "drift n3 100ppm",
            "disk n3 full",
            "cut n2->n3",
            "clog n1--n3",
            "loss n1->n2 5%",
            "latency 5ms",
        ] {
            run.act(action).expect("a line");
            run.seek(run.time_us() + 1);
        }
        run
    }

    fn calm() -> Run {
        let mut run = Run::new(TEXT).expect("parses");
        run.seek(700_000);
        run
    }

    fn all_of(run: &Run) -> Vec<Choice> {
        let mut all = run.network_menu();
        for name in run.names() {
            all.extend(run.menu(name));
        }
        for (a, b) in [("n1", "n2"), ("n1", "n3"), ("n2", "n3"), ("n1", "c1")] {
            all.extend(run.link_menu(a, b));
        }
        for flight in run.world.kernel.flights().take(3) {
            all.extend(run.message_menu(flight.face.send));
        }
        all
    }

    #[test]
    fn what_a_menu_offers_has_an_effect() {
        for make in [calm as fn() -> Run, troubled] {
            let writes = |choice: &Choice| !choice.action.starts_with('!');
            for choice in all_of(&make()).into_iter().filter(writes) {
                let mut run = make();
                let edit = run.act(&choice.action).unwrap_or_else(|_| panic!("{choice:?}"));
                run.seek(run.time_us() + 1);
                let line = &run.lines()[edit.line as usize - 1];
                assert_eq!(line.state, LineState::Played, "{choice:?}: {}", line.reason);
                assert_eq!((line.models, line.beyond), (choice.models, choice.beyond));
            }
        }
    }

    #[test]
    fn every_fault_of_the_vocabulary_is_offered_somewhere() {
        let all = all_of(&calm());
        for fault in FAULTS {
            assert!(all.iter().any(|choice| choice.models == fault.models), "{}", fault.word);
        }
    }

    #[test]
    fn what_is_in_force_can_be_ended() {
        let run = troubled();
        let offers = |menu: &[Choice], action: &str| {
            assert!(menu.iter().any(|choice| choice.action == action), "{action}: {menu:?}");
        };
        offers(&run.menu("n1"), "restart n1");
        offers(&run.menu("n2"), "resume n2");
        for action in ["slow n3 by 0s", "drift n3 0ppm", "disk n3 sound"] {
            offers(&run.menu("n3"), action);
        }
        offers(&run.link_menu("n2", "n3"), "heal n2--n3");
        offers(&run.link_menu("n1", "n3"), "heal n1--n3");
        offers(&run.link_menu("n1", "n2"), "loss n1->n2 0%");
        offers(&run.network_menu(), "latency 20ms..40ms");
    }

    #[test]
    fn the_first_step_of_a_menu_is_short() {
        let run = calm();
        let first = |menu: Vec<Choice>| menu.iter().filter(|c| c.group.is_empty()).count();
        assert_eq!(first(run.menu("n1")), 4);
        assert_eq!(first(run.link_menu("n1", "n2")), 4);
        assert_eq!(first(run.network_menu()), 2);
    }
}
