//! What a scenario says, looked up: single values with their defaults, lines by kind with
//! their numbers. Never judges; a scenario from `parse` has been judged.

use super::ast::*;
use super::check::NODES;
use alloc::string::String;

/// A client, as its line declares it.
#[derive(Clone, Copy, Debug)]
pub struct ClientLine<'a> {
    /// Number of its line.
    pub line: u32,
    /// `c1`
    pub name: Name,
    /// The node it speaks to first.
    pub at: Option<Name>,
    /// Time between its operations, µs; none: it acts only when a line says so.
    pub every_us: Option<u64>,
    /// What it does: one of these each time, drawn.
    pub operations: &'a [OperationCall],
}

impl Scenario {
    /// Every line with its number.
    pub fn lines(&self) -> impl Iterator<Item = (u32, &Kind)> {
        (1u32..).zip(&self.statements).map(|(number, statement)| (number, &statement.kind))
    }

    fn find<'a, T>(&'a self, mut what: impl FnMut(&'a Kind) -> Option<T>) -> Option<T> {
        self.statements.iter().find_map(|statement| what(&statement.kind))
    }

    /// The title; empty when there is none.
    pub fn title(&self) -> &str {
        self.find(|kind| match kind {
            Kind::Title(title) => Some(title.as_str()),
            _ => None,
        })
        .unwrap_or("")
    }

    /// Name of the protocol.
    pub fn protocol(&self) -> &str {
        self.find(|kind| match kind {
            Kind::Protocol { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .unwrap_or("")
    }

    /// Names of the bugs switched on.
    pub fn bugs(&self) -> &[String] {
        self.find(|kind| match kind {
            Kind::Protocol { bugs, .. } => Some(bugs.as_slice()),
            _ => None,
        })
        .unwrap_or(&[])
    }

    /// Number of servers; 3 unless said.
    pub fn nodes(&self) -> u16 {
        self.find(|kind| match kind {
            Kind::Nodes(nodes) => Some(*nodes),
            _ => None,
        })
        .unwrap_or(NODES)
    }

    /// The seed; 1 unless said.
    pub fn seed(&self) -> u64 {
        self.find(|kind| match kind {
            Kind::Seed(seed) => Some(*seed),
            _ => None,
        })
        .unwrap_or(1)
    }

    /// When the run ends, µs; none: it goes on.
    pub fn end_us(&self) -> Option<u64> {
        self.find(|kind| match kind {
            Kind::End(us) => Some(*us),
            _ => None,
        })
    }

    /// The laws of the network that the text begins with, in the order of their lines.
    pub fn network(&self) -> impl Iterator<Item = (Option<Link>, Law)> {
        self.statements.iter().filter_map(|statement| match statement.kind {
            Kind::Network { link, law } => Some((link, law)),
            _ => None,
        })
    }

    /// Latency of every link without its own, µs; 20ms..40ms unless said.
    pub fn latency(&self) -> Range {
        let general = |(link, law): (Option<Link>, Law)| match law {
            Law::Latency(range, _) if link.is_none() => Some(range),
            _ => None,
        };
        self.network().find_map(general).unwrap_or(Range { low: 20_000, high: 40_000 })
    }

    /// The law of this kind that the text gives a link, or all of them, at the start.
    pub fn law_at_start(&self, link: Option<Link>, kind: Law) -> Law {
        let same = |other: &Law| core::mem::discriminant(other) == core::mem::discriminant(&kind);
        let said = |of: Option<Link>| {
            self.network().find(|(link, law)| *link == of && same(law)).map(|(_, law)| law)
        };
        said(link).or(said(None)).unwrap_or(match kind {
            Law::Latency(..) => Law::Latency(self.latency(), Spread::Uniform),
            Law::Loss(_) => Law::Loss(0),
            Law::Duplicate(_) => Law::Duplicate(0),
            Law::Reorder(_) => Law::Reorder(0),
            Law::Bandwidth(_) => Law::Bandwidth(0),
            Law::Fifo(_) => Law::Fifo(false),
        })
    }

    /// The `chaos` line, with its number.
    pub fn chaos(&self) -> Option<(u32, &Chaos)> {
        self.lines().find_map(|(line, kind)| match kind {
            Kind::Chaos(chaos) => Some((line, chaos)),
            _ => None,
        })
    }

    /// How long one sync of a disk takes, µs; 1ms..3ms unless said.
    pub fn disk(&self) -> Range {
        self.find(|kind| match kind {
            Kind::Disk(range) => Some(*range),
            _ => None,
        })
        .unwrap_or(Range { low: 1_000, high: 3_000 })
    }

    /// The value of a parameter, if the text sets it.
    pub fn parameter(&self, wanted: &str) -> Option<Value> {
        self.find(|kind| match kind {
            Kind::Set { name, value } if name == wanted => Some(value.clone()),
            _ => None,
        })
    }

    /// The clients in order of their lines.
    pub fn clients(&self) -> impl Iterator<Item = ClientLine<'_>> {
        self.lines().filter_map(|(line, kind)| match kind {
            Kind::Client { name, at, every_us, operations } => {
                Some(ClientLine { line, name: *name, at: *at, every_us: *every_us, operations })
            }
            _ => None,
        })
    }

    /// Terms of the log that a node starts with; empty unless said.
    pub fn starting_log(&self, wanted: Name) -> &[u64] {
        self.find(|kind| match kind {
            Kind::Log { node, terms } if *node == wanted => Some(terms.as_slice()),
            _ => None,
        })
        .unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{RAFT, TEXTS};
    use super::super::{name, parse};
    use super::*;
    use alloc::vec::Vec;

    fn read(text: &str) -> Scenario {
        parse(text, &[&RAFT]).expect("parses")
    }

    #[test]
    fn defaults() {
        let bare = read("protocol raft\n");
        let n1 = name("n1").unwrap();
        assert_eq!((bare.title(), bare.protocol(), bare.bugs().len()), ("", "raft", 0));
        assert_eq!((bare.nodes(), bare.seed(), bare.end_us()), (3, 1, None));
        assert_eq!(bare.latency(), Range { low: 20_000, high: 40_000 });
        assert_eq!((bare.network().count(), bare.chaos()), (0, None));
        assert_eq!(bare.disk(), Range { low: 1_000, high: 3_000 });
        assert_eq!((bare.parameter("heartbeat"), bare.clients().count()), (None, 0));
        assert!(bare.starting_log(n1).is_empty());
    }

    #[test]
    fn what_a_text_says() {
        let (n1, n2, n3) = (name("n1").unwrap(), name("n2").unwrap(), name("n3").unwrap());
        let hero = read(TEXTS[0]);
        assert_eq!(hero.title(), "The leader dies mid-write");
        assert_eq!((hero.nodes(), hero.seed(), hero.end_us()), (5, 42, Some(4_000_000)));
        assert_eq!(hero.clients().next().map(|c| (c.line, c.every_us)), Some((6, Some(100_000))));
        let lossy = read(TEXTS[1]);
        assert_eq!(lossy.bugs(), ["forget-vote", "forget-term"]);
        let all: Vec<(Option<Link>, Law)> = lossy.network().collect();
        assert_eq!(all[0], (None, Law::Loss(10_000)));
        assert_eq!(all[1], (Some(Link { from: n1, to: n2 }), Law::Loss(5_000)));
        assert_eq!(all[3], (Some(Link { from: n2, to: n3 }), Law::Duplicate(2_500)));
        assert_eq!(lossy.parameter("batch"), Some(Value::Count(8)));
        assert_eq!(read(TEXTS[2]).starting_log(n2), [1, 1, 2, 2]);
    }
}
