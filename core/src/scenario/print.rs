//! The canonical text: what `fmt` and every edit write. `parse` of it gives the same data
//! back. Never loses anything but spacing.

use super::action::SLEW_PPM;
use super::ast::*;
use super::words::CHAOS;
use core::fmt::{Display, Formatter, Result, Write};

/// A span of virtual time in µs, printed in the largest unit that is exact: `4s`, `1500ms`,
/// `1234.568ms`, `250us`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub u64);

impl Display for Span {
    fn fmt(&self, f: &mut Formatter) -> Result {
        let us = self.0;
        if us.is_multiple_of(1_000_000) {
            write!(f, "{}s", us / 1_000_000)
        } else if us < 1_000 {
            write!(f, "{us}us")
        } else {
            decimal(f, us / 1_000, us % 1_000, 3)?;
            f.write_str("ms")
        }
    }
}

/// A span with its sign: `+250ms`, `-5s`; `0s` for none.
pub struct Shift(pub i64);

impl Display for Shift {
    fn fmt(&self, f: &mut Formatter) -> Result {
        let sign = match self.0 {
            0 => "",
            1.. => "+",
            _ => "-",
        };
        write!(f, "{sign}{}", Span(self.0.unsigned_abs()))
    }
}

/// A probability in parts per million, printed as `0.5%`.
struct Percent(u32);

impl Display for Percent {
    fn fmt(&self, f: &mut Formatter) -> Result {
        decimal(f, u64::from(self.0 / 10_000), u64::from(self.0 % 10_000), 4)?;
        f.write_char('%')
    }
}

/// `whole.fraction` without zeros at the end; the fraction has `digits` digits.
fn decimal(f: &mut Formatter, whole: u64, mut fraction: u64, mut digits: usize) -> Result {
    write!(f, "{whole}")?;
    if fraction == 0 {
        return Ok(());
    }
    while fraction.is_multiple_of(10) {
        fraction /= 10;
        digits -= 1;
    }
    write!(f, ".{fraction:0digits$}")
}

/// A text in quotes.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter) -> Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                c if c.is_control() => f.write_char(' ')?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// ` word` for each.
fn words<T: Display>(f: &mut Formatter, items: &[T]) -> Result {
    items.iter().try_for_each(|item| write!(f, " {item}"))
}

/// The items with something between them.
fn joined<T: Display>(f: &mut Formatter, items: &[T], between: &str) -> Result {
    for (k, item) in items.iter().enumerate() {
        if k > 0 {
            f.write_str(between)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

impl Display for Scenario {
    fn fmt(&self, f: &mut Formatter) -> Result {
        self.statements.iter().try_for_each(|statement| writeln!(f, "{statement}"))
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter) -> Result {
        write!(f, "{}", self.kind)?;
        let Some(comment) = &self.comment else { return Ok(()) };
        if self.kind != Kind::Blank {
            f.write_char(' ')?;
        }
        f.write_char('#')?;
        if comment.is_empty() { Ok(()) } else { write!(f, " {comment}") }
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter) -> Result {
        match self {
            Kind::Blank => Ok(()),
            Kind::Title(title) => write!(f, "scenario {}", Quoted(title)),
            Kind::Protocol { name, bugs } => {
                write!(f, "protocol {name}")?;
                if !bugs.is_empty() {
                    f.write_str(" with bug ")?;
                }
                joined(f, bugs, ", ")
            }
            Kind::Nodes(nodes) => write!(f, "nodes {nodes}"),
            Kind::Seed(seed) => write!(f, "seed {seed}"),
            Kind::Network { link, law } => network(f, *link, law),
            Kind::Chaos(chaos) => write!(f, "{chaos}"),
            Kind::Disk(range) => write!(f, "disk {range}"),
            Kind::Timing(timing) => write!(f, "timing {timing}"),
            Kind::Failures(failures) => write!(f, "failures {failures}"),
            Kind::Set { name, value } => write!(f, "set {name} {value}"),
            Kind::Client { name, at, every_us, operations } => {
                write!(f, "client {name}")?;
                if let Some(at) = at {
                    write!(f, " at {at}")?;
                }
                if let Some(us) = every_us {
                    write!(f, " every {}", Span(*us))?;
                }
                if !operations.is_empty() {
                    f.write_char(' ')?;
                }
                joined(f, operations, " or ")
            }
            Kind::Log { node, terms } => {
                write!(f, "log {node}")?;
                words(f, terms)
            }
            Kind::At { time_us, action } => write!(f, "at {} {action}", Span(*time_us)),
            Kind::Fate { fate, message } => befall(f, *fate, message),
            Kind::When { event, again, by_us, then } => when(f, event, *again, *by_us, then),
            Kind::Expect(expectation) => write!(f, "expect {expectation}"),
            Kind::Always(property) => write!(f, "always {property}"),
            Kind::Never(property) => write!(f, "never {property}"),
            Kind::End(us) => write!(f, "end {}", Span(*us)),
        }
    }
}

/// A law of the network, of all links or of one.
fn network(f: &mut Formatter, link: Option<Link>, law: &Law) -> Result {
    f.write_str(match law {
        Law::Latency(..) => "latency ",
        Law::Loss(_) => "loss ",
        Law::Duplicate(_) => "duplicate ",
        Law::Reorder(_) => "reorder ",
        Law::Bandwidth(_) => "bandwidth ",
        Law::Fifo(_) => "order ",
    })?;
    if let Some(link) = link {
        write!(f, "{link} ")?;
    }
    match law {
        Law::Latency(range, spread) => {
            write!(f, "{range}")?;
            f.write_str(match spread {
                Spread::Uniform => "",
                Spread::Normal => " normal",
                Spread::Heavy => " heavy",
            })
        }
        Law::Loss(ppm) | Law::Duplicate(ppm) | Law::Reorder(ppm) => write!(f, "{}", Percent(*ppm)),
        Law::Bandwidth(0) => f.write_str("none"),
        Law::Bandwidth(bytes) if bytes % 1_000_000 == 0 => write!(f, "{}MB/s", bytes / 1_000_000),
        Law::Bandwidth(bytes) if bytes % 1_000 == 0 => write!(f, "{}KB/s", bytes / 1_000),
        Law::Bandwidth(bytes) => write!(f, "{bytes}B/s"),
        Law::Fifo(fifo) => f.write_str(if *fifo { "fifo" } else { "datagram" }),
    }
}

impl Display for Chaos {
    fn fmt(&self, f: &mut Formatter) -> Result {
        f.write_str("chaos")?;
        if let Some(seed) = self.seed {
            write!(f, " seed={seed}")?;
        }
        write!(f, " intensity={}", self.intensity)?;
        for (word, kind) in CHAOS {
            if self.kinds.contains(kind) {
                write!(f, " {word}")?;
            }
        }
        if self.keep_majority {
            f.write_str(" keep-majority")?;
        }
        if self.beyond_model {
            f.write_str(" beyond-model")?;
        }
        if self.from_us > 0 {
            write!(f, " from {}", Span(self.from_us))?;
        }
        self.until_us.map_or(Ok(()), |us| write!(f, " until {}", Span(us)))
    }
}

/// ` for 2s`, if there is an end.
fn for_span(f: &mut Formatter, span_us: Option<u64>) -> Result {
    span_us.map_or(Ok(()), |us| write!(f, " for {}", Span(us)))
}

fn disk(f: &mut Formatter, whom: &Selector, fault: DiskFault, span_us: Option<u64>) -> Result {
    write!(f, "disk {whom} ")?;
    match fault {
        DiskFault::Lies => f.write_str("lies")?,
        DiskFault::Fails => f.write_str("fails")?,
        DiskFault::Full => f.write_str("full")?,
        DiskFault::Tears => f.write_str("tears")?,
        DiskFault::Slow(us) => write!(f, "slow by {}", Span(us))?,
        DiskFault::Corrupts(0) => f.write_str("corrupts last")?,
        DiskFault::Corrupts(record) => write!(f, "corrupts {record}")?,
        DiskFault::Sound => f.write_str("sound")?,
    }
    for_span(f, span_us)
}

fn by_signed(f: &mut Formatter, us: i64) -> Result {
    let sign = if us < 0 { "-" } else { "" };
    write!(f, " by {sign}{}", Span(us.unsigned_abs()))
}

fn when(
    f: &mut Formatter,
    event: &EventName,
    again: bool,
    by_us: Option<u64>,
    then: &Action,
) -> Result {
    write!(f, "when {event}")?;
    if again {
        f.write_str(" again")?;
    }
    if let Some(us) = by_us {
        write!(f, " by {}", Span(us))?;
    }
    let sign = if matches!(then, Action::Say(..)) { "" } else { ":" };
    write!(f, "{sign} {then}")
}

fn befall(f: &mut Formatter, fate: Fate, message: &MessageName) -> Result {
    match fate {
        Fate::Drop => write!(f, "drop {message}"),
        Fate::Hold => write!(f, "hold {message}"),
        Fate::Duplicate => write!(f, "duplicate {message}"),
        Fate::Delay(us) => write!(f, "delay {message} by {}", Span(us)),
    }
}

impl Display for Action {
    fn fmt(&self, f: &mut Formatter) -> Result {
        match self {
            Action::Crash(whom) => write!(f, "crash {whom}"),
            Action::Kill(whom) => write!(f, "kill {whom}"),
            Action::Restart(whom) => write!(f, "restart {whom}"),
            Action::Pause(whom, span_us) => {
                write!(f, "pause {whom}")?;
                for_span(f, *span_us)
            }
            Action::Suspend(whom, span_us) => {
                write!(f, "suspend {whom}")?;
                for_span(f, *span_us)
            }
            Action::Slow(whom, by_us, span_us) => {
                write!(f, "slow {whom} by {}", Span(*by_us))?;
                for_span(f, *span_us)
            }
            Action::Wipe(whom) => write!(f, "wipe {whom}"),
            Action::Disk(whom, fault, span_us) => disk(f, whom, *fault, *span_us),
            Action::Network(link, law) => network(f, *link, law),
            Action::Clog { a, b, both, span_us } => {
                write!(f, "clog {a}{}{b}", if *both { "--" } else { "->" })?;
                for_span(f, *span_us)
            }
            Action::Step(whom, us) => {
                write!(f, "step {whom}")?;
                by_signed(f, *us)
            }
            Action::Slew(whom, us, ppm) => {
                write!(f, "slew {whom}")?;
                by_signed(f, *us)?;
                if *ppm == SLEW_PPM { Ok(()) } else { write!(f, " at {ppm}ppm") }
            }
            Action::Resume(whom) => write!(f, "resume {whom}"),
            Action::Cut { a, b, both } => {
                write!(f, "cut {a}{}{b}", if *both { "--" } else { "->" })
            }
            Action::Heal(None) => f.write_str("heal"),
            Action::HealCore => f.write_str("heal core"),
            Action::Heal(Some((a, b))) => write!(f, "heal {a}--{b}"),
            Action::Partition(groups) => {
                f.write_str("partition ")?;
                joined(f, groups, " | ")
            }
            Action::Drift(whom, ppm) => write!(f, "drift {whom} {ppm}ppm"),
            Action::Timeout(whom) => write!(f, "timeout {whom}"),
            Action::Adversary(Adversary::Off) => write!(f, "adversary off"),
            Action::Adversary(Adversary::Patient) => write!(f, "adversary"),
            Action::Adversary(Adversary::Within(us)) => {
                write!(f, "adversary within {}", Span(*us))
            }
            Action::Tell(whom, order) => write!(f, "tell {whom} {order}"),
            Action::Request(client, call) => write!(f, "{client} {call}"),
            Action::Fate(fate, message) => befall(f, *fate, message),
            Action::Deliver(message) => write!(f, "deliver {message}"),
            Action::Say(caption, None) => write!(f, "say {}", Quoted(caption)),
            Action::Say(caption, Some(under)) => {
                write!(f, "say {} {}", Quoted(caption), Quoted(under))
            }
        }
    }
}

impl Display for Range {
    fn fmt(&self, f: &mut Formatter) -> Result {
        if self.low == self.high {
            return write!(f, "{}", Span(self.low));
        }
        write!(f, "{}..{}", Span(self.low), Span(self.high))
    }
}

impl Display for Timing {
    fn fmt(&self, f: &mut Formatter) -> Result {
        match self {
            Timing::Asynchronous => f.write_str("asynchronous"),
            Timing::Partial { bound_us, gst_us } => {
                write!(f, "partial {} gst {}", Span(*bound_us), Span(*gst_us))
            }
            Timing::Synchronous { bound_us } => write!(f, "synchronous {}", Span(*bound_us)),
        }
    }
}

impl Display for Failures {
    fn fmt(&self, f: &mut Formatter) -> Result {
        f.write_str(match self {
            Failures::CrashStop => "crash-stop",
            Failures::CrashRecovery => "crash-recovery",
        })
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter) -> Result {
        match self {
            Value::Count(count) => write!(f, "{count}"),
            Value::Duration(range) => write!(f, "{range}"),
            Value::Word(word) => f.write_str(word),
        }
    }
}

impl Display for OrderCall {
    fn fmt(&self, f: &mut Formatter) -> Result {
        f.write_str(&self.name)?;
        for argument in &self.arguments {
            match argument {
                OrderWord::Node(name) => write!(f, " {name}")?,
                OrderWord::Number(number) => write!(f, " {number}")?,
            }
        }
        Ok(())
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter) -> Result {
        write!(f, "{}{}", self.prefix, self.number)
    }
}

impl Display for Link {
    fn fmt(&self, f: &mut Formatter) -> Result {
        write!(f, "{}->{}", self.from, self.to)
    }
}

impl Display for OperationCall {
    fn fmt(&self, f: &mut Formatter) -> Result {
        f.write_str(&self.name)?;
        words(f, &self.arguments)
    }
}

impl Display for Selector {
    fn fmt(&self, f: &mut Formatter) -> Result {
        match self {
            Selector::Names(names) => joined(f, names, " "),
            Selector::Leader => f.write_str("leader"),
            Selector::OldLeader => f.write_str("old-leader"),
            Selector::Follower => f.write_str("follower"),
            Selector::Majority => f.write_str("majority"),
            Selector::Random => f.write_str("random"),
            Selector::All => f.write_str("all"),
        }
    }
}

impl Display for MessageName {
    fn fmt(&self, f: &mut Formatter) -> Result {
        write!(f, "{} {} #{}", self.link, self.kind, self.count)
    }
}

impl Display for EventName {
    fn fmt(&self, f: &mut Formatter) -> Result {
        f.write_str(&self.name)?;
        self.of.map_or(Ok(()), |node| write!(f, " of {node}"))
    }
}

impl Display for Expectation {
    fn fmt(&self, f: &mut Formatter) -> Result {
        match self {
            Expectation::Finally(property) => write!(f, "{property}"),
            Expectation::At(property, us) => write!(f, "{property} at {}", Span(*us)),
            Expectation::Within(property, us, event) => {
                write!(f, "{property} within {} of {event}", Span(*us))
            }
            Expectation::Violated(check, None) => write!(f, "violated {check}"),
            Expectation::Violated(check, Some(us)) => {
                write!(f, "violated {check} by {}", Span(*us))
            }
        }
    }
}

impl Display for Property {
    fn fmt(&self, f: &mut Formatter) -> Result {
        match self {
            Property::Check(name) => f.write_str(name),
            Property::Leader(None) => f.write_str("leader"),
            Property::Leader(Some(node)) => write!(f, "leader {node}"),
            Property::NoLeader => f.write_str("no leader"),
            Property::Progress => f.write_str("progress"),
            Property::Committed(least) => write!(f, "committed {least}"),
            Property::Answered(least) => write!(f, "answered {least}"),
            Property::Field { node, field, value } => write!(f, "{node} {field} {value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn the_largest_exact_unit() {
        let cases = [
            (0, "0s"),
            (250, "250us"),
            (1_000, "1ms"),
            (1_050, "1.05ms"),
            (900_000, "900ms"),
            (1_234_568, "1234.568ms"),
            (1_500_000, "1500ms"),
            (4_000_000, "4s"),
        ];
        for (us, text) in cases {
            assert_eq!(Span(us).to_string(), text);
        }
        for (ppm, text) in [(0, "0%"), (1, "0.0001%"), (5_000, "0.5%"), (1_000_000, "100%")] {
            assert_eq!(Percent(ppm).to_string(), text);
        }
    }
}
