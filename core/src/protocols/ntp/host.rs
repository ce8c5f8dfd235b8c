//! A node whose clock is led: it polls the sources, turns each answer into a sample, and sets its
//! wall clock by the best of them (RFC 5905, sections 8 to 11, without the frequency loop).

use super::declare::event;
use super::filter::{Filter, Sample};
use super::message::Message;
use super::{Config, Node, Rules, Timer};
use crate::clocks::{Exchange, marzullo};
use crate::process::{Context as Cx, NodeId, WriteId};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// A poll that has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Sent {
    number: u64,
    /// t1 by the wall clock.
    origin: u64,
    /// The same moment by the monotonic clock, µs.
    left_us: u64,
    /// No answer has been taken yet.
    open: bool,
}

/// What is known of one source.
#[derive(Clone, Debug, Hash)]
pub struct Association {
    /// Which.
    pub source: NodeId,
    sent: Option<Sent>,
    /// Its last samples.
    pub filter: Filter,
}

/// An answer that has been taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Taken {
    /// Whose.
    pub source: NodeId,
    /// The poll's number.
    pub number: u64,
    /// The four stamps, µs since midnight.
    pub exchange: Exchange,
    /// By how much the source is ahead of this node's wall clock, as it reckons, µs.
    pub offset_us: i64,
}

/// How a clock was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Correction {
    /// By how much, µs.
    pub by_us: i64,
    /// At once.
    pub step: bool,
}

/// See the file's head. In memory only: a node that starts anew asks anew.
#[derive(Clone, Debug)]
pub struct Host {
    config: Rc<Config>,
    /// The sources, n1 first.
    pub associations: Vec<Association>,
    /// The last answer taken.
    pub taken: Option<Taken>,
    /// The last correction.
    pub correction: Option<Correction>,
    /// Where its wall clock should be ahead of its monotonic one, µs; none when no majority of
    /// the sources agrees.
    pub target_us: Option<i64>,
}

impl core::hash::Hash for Host {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.associations.hash(state);
        self.taken.hash(state);
        self.correction.hash(state);
        self.target_us.hash(state);
    }
}

impl Host {
    /// Polls first when one interval has passed.
    pub fn boot(config: &Rc<Config>, cx: &mut Cx<Node>) -> Host {
        let association =
            |node| Association { source: NodeId(node), sent: None, filter: Filter::default() };
        cx.set_timer(Timer::Poll, config.poll_us);
        Host {
            config: config.clone(),
            associations: (0..config.sources).map(association).collect(),
            taken: None,
            correction: None,
            target_us: None,
        }
    }

    /// Polls all sources (RFC 5905, section 13: the poll process). An answer that comes after the
    /// next poll has left is too late.
    pub fn on_poll_due(&mut self, cx: &mut Cx<Node>) {
        for association in &mut self.associations {
            let number = association.sent.map_or(0, |sent| sent.number) + 1;
            let (origin, left_us) = (cx.wall_us(), cx.now_us());
            association.sent = Some(Sent { number, origin, left_us, open: true });
            cx.send(association.source, Message::Poll { number, origin }, WriteId::NONE);
        }
        cx.set_timer(Timer::Poll, self.config.poll_us);
    }

    /// An answer comes, with t1, t2 and t3; t4 is read.
    pub fn on_stamps(
        &mut self,
        from: NodeId,
        number: u64,
        (origin, t2, t3): (u64, u64, u64),
        cx: &mut Cx<Node>,
    ) {
        let rules = self.config.rules;
        let Some(association) = self.associations.iter_mut().find(|known| known.source == from)
        else {
            return;
        };
        let Some(sent) = &mut association.sent else {
            return cx.mark(event::BOGUS, Some(from), 0, number);
        };
        let is_answer = sent.open && (sent.number, sent.origin) == (number, origin);
        if !is_answer && rules.has(Rules::ORIGIN_CHECK) {
            return cx.mark(event::BOGUS, Some(from), 0, number);
        }
        sent.open = false;
        let t4 = cx.wall_us() as i64;
        // t1 as the clock would have shown it that has not been set meanwhile.
        let t1 = if rules.has(Rules::MONOTONIC_EXCHANGE) {
            t4 - cx.now_us().saturating_sub(sent.left_us) as i64
        } else {
            sent.origin as i64
        };
        let exchange = Exchange { t1, t2: t2 as i64, t3: t3 as i64, t4 };
        let delay_us = exchange.delay();
        if delay_us < 0 {
            // A clock was set in between, here or there.
            return cx.mark(event::BOGUS, Some(from), 0, number);
        }
        let offset_us = if rules.has(Rules::BOTH_SOURCE_STAMPS) {
            exchange.offset()
        } else {
            Exchange { t2: exchange.t3, ..exchange }.offset()
        };
        let ahead_us = offset_us + t4 - cx.now_us() as i64;
        association.filter.add(Sample { number, ahead_us, delay_us });
        let is_best = association.filter.best().is_some_and(|best| best.number == number);
        self.taken = Some(Taken { source: from, number, exchange, offset_us });
        cx.mark(event::SAMPLE, Some(from), delay_us as u64, number);
        if !is_best && rules.has(Rules::CLOCK_FILTER) {
            cx.mark(event::PASS_OVER, Some(from), delay_us as u64, number);
        }
        self.correct(cx);
    }

    /// The sample that counts of a source.
    fn chosen(&self, association: &Association) -> Option<Sample> {
        if self.config.rules.has(Rules::CLOCK_FILTER) {
            association.filter.best()
        } else {
            association.filter.newest()
        }
    }

    /// Where the samples say that the clock should be: in the middle of what more than half of
    /// all sources hold for possible (RFC 5905, section 11.2.1, where it goes on to choose among
    /// those that agree).
    fn target(&self) -> Option<i64> {
        let samples = self.associations.iter().filter_map(|known| self.chosen(known));
        if !self.config.rules.has(Rules::MAJORITY) {
            return samples.min_by_key(|sample| sample.delay_us).map(|sample| sample.ahead_us);
        }
        let spans: Vec<(i64, i64)> = samples.map(|sample| sample.span()).collect();
        let (count, low, high) = marzullo(&spans)?;
        let is_majority = 2 * count > self.associations.len();
        is_majority.then_some(low + (high - low).div_euclid(2))
    }

    /// The clock discipline (RFC 5905, section 11.3): a small error is slewed, a large one
    /// stepped.
    fn correct(&mut self, cx: &mut Cx<Node>) {
        let before = self.target_us;
        self.target_us = self.target();
        let sources = self.associations.len() as u64;
        let Some(target_us) = self.target_us else {
            return cx.mark(event::UNDECIDED, None, 0, sources);
        };
        if before.is_none() {
            cx.mark(event::AGREE, None, 0, sources);
        }
        let by_us = target_us - (cx.wall_us() as i64 - cx.now_us() as i64);
        if by_us == 0 {
            // It is right: what still leads it elsewhere ends.
            return cx.slew_clock(0, self.config.slew_ppm);
        }
        let may_step = self.config.may_step || !self.config.rules.has(Rules::ONLY_LEAD);
        let step = may_step && by_us.unsigned_abs() > self.config.threshold_us;
        if step {
            // What is still being slewed would come on top.
            cx.slew_clock(0, self.config.slew_ppm);
            cx.step_clock(by_us);
        } else {
            cx.slew_clock(by_us, self.config.slew_ppm);
        }
        self.correction = Some(Correction { by_us, step });
    }
}
