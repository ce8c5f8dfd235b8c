//! What a failure detector owes, judged from outside, where it is known who lives: completeness
//! and accuracy (Chandra and Toueg 1996, §3), and what the verdicts add to them.

use super::message::{Record, Standing};
use super::{Kind, Member, Verdict, checks, event};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::process::{Effect, EffectOf, NodeId};
use crate::view::Status;
use crate::world::Kernel;
use alloc::format;
use alloc::vec::Vec;

/// One member, from outside.
#[derive(Clone, Debug, Default)]
struct Life {
    /// Since when it is up, or down, virtual µs.
    since_us: u64,
    up: bool,
    /// What is to be noted with the time of the next event.
    turned: bool,
    /// Whom it has ever found silent.
    silent: Vec<bool>,
    /// Of whom it held that it is dead, and in which incarnation.
    dead: Vec<Option<u64>>,
    /// Incarnations of it that somebody has suspected.
    suspected: Vec<u64>,
}

/// Who lives, and who has said what of whom.
#[derive(Clone, Debug)]
pub struct Watch(Vec<Life>);

impl Watch {
    /// Up or down without a break for longer than this.
    fn lasts(&self, member: NodeId, up: bool, now_us: u64, longer_us: u64) -> bool {
        let life = self.0.get(member.index());
        life.is_some_and(|life| {
            life.up == up && !life.turned && now_us - life.since_us.min(now_us) > longer_us
        })
    }

    /// A member finds another silent, suspects it, or holds it for dead.
    fn said(
        &mut self,
        (node, target): (NodeId, NodeId),
        (what, incarnation): (u8, u64),
        process: &Member,
        kernel: &Kernel,
    ) -> Option<Violation> {
        let config = process.config();
        let (n, t) = (node.0 + 1, target.0 + 1);
        let now_us = kernel.now_us;
        let lives = kernel.node(target).standing() == Status::Up;
        let patience_us = config.timeout_us + 3 * config.period_us;
        match what {
            event::SILENT => {
                if let Some(silent) = self.0[node.index()].silent.get_mut(target.index()) {
                    *silent = true;
                }
                let both = self.lasts(target, true, now_us, patience_us)
                    && self.lasts(node, true, now_us, patience_us);
                (lives && both).then(|| {
                    let text = format!("n{n} suspects n{t}, which lives.");
                    Violation::at_node(checks::ACCURACY, node, text)
                })
            }
            event::SUSPECT => {
                let suspected = &mut self.0[target.index()].suspected;
                if !suspected.contains(&incarnation) {
                    suspected.push(incarnation);
                }
                None
            }
            event::DEAD if config.verdict == Verdict::Majority => {
                let finds = |life: &&Life| life.silent.get(target.index()) == Some(&true);
                let votes = self.0.iter().filter(finds).count();
                (2 * votes <= self.0.len()).then(|| {
                    let all = self.0.len();
                    let text =
                        format!("n{n} holds n{t} for dead: {votes} of {all} found it silent.");
                    Violation::at_node(checks::MAJORITY, node, text)
                })
            }
            event::DEAD => {
                if !self.0[target.index()].suspected.contains(&incarnation) {
                    let text = format!(
                        "n{n} holds n{t} for dead in incarnation {incarnation}, in which nobody \
                         has suspected it."
                    );
                    return Some(Violation::at_node(checks::INCARNATION, node, text));
                }
                let long_us = patience_us + config.suspicion_us;
                (lives && self.lasts(target, true, now_us, long_us)).then(|| {
                    let text = format!("n{n} holds n{t} for dead, which lives and heard of it.");
                    Violation::at_node(checks::CONFIRMED, node, text)
                })
            }
            _ => None,
        }
    }

    /// Who is down for long is suspected by everybody who is up for long.
    fn missed(&self, node: NodeId, process: &Member, now_us: u64) -> Option<Violation> {
        let config = process.config();
        let bound_us = 2 * config.timeout_us + 3 * config.period_us;
        if config.kind == Kind::Phi || !self.lasts(node, true, now_us, bound_us) {
            return None;
        }
        let missed = |place: &usize| {
            let view = process.others[*place].view;
            let unseen = view.standing == Standing::Alive && !view.silent;
            unseen && self.lasts(NodeId(*place as u16), false, now_us, bound_us)
        };
        let place = (0..process.others.len().min(self.0.len())).find(missed)?;
        let text = format!("n{} does not suspect n{}, which is down.", node.0 + 1, place + 1);
        Some(Violation::at_node(checks::COMPLETENESS, node, text))
    }

    /// Who is dead in one incarnation lives in a higher one or not at all.
    fn risen(&mut self, node: NodeId, process: &Member) -> Option<Violation> {
        if process.config().verdict != Verdict::Refutable {
            return None;
        }
        let mut risen = None;
        for (place, other) in process.others.iter().enumerate() {
            let Some(dead) = self.0[node.index()].dead.get_mut(place) else { continue };
            let (view, held) = (other.view, *dead);
            let is_dead = view.standing == Standing::Dead;
            *dead = if is_dead { Some(view.incarnation) } else { None };
            if !is_dead && held.is_some_and(|held| view.incarnation <= held) {
                risen = Some((place, view.incarnation));
            }
        }
        let (place, incarnation) = risen?;
        let (n, t) = (node.0 + 1, place + 1);
        let text = format!("n{n} has n{t} back on its list, in incarnation {incarnation}.");
        Some(Violation::at_node(checks::RESURRECTION, node, text))
    }
}

impl Check<Member> for Watch {
    fn new(servers: u16) -> Watch {
        let nodes = usize::from(servers);
        let life = Life {
            silent: alloc::vec![false; nodes],
            dead: alloc::vec![None; nodes],
            ..Life::default()
        };
        Watch(alloc::vec![life; nodes])
    }

    fn booted(&mut self, node: NodeId, _process: &Member, _records: &Chunked<Record>) {
        if let Some(life) = self.0.get_mut(node.index()) {
            (life.up, life.turned) = (true, true);
        }
    }

    fn ended(&mut self, node: NodeId, _records: &Chunked<Record>) {
        if let Some(life) = self.0.get_mut(node.index()) {
            (life.up, life.turned) = (false, true);
            // What it had learned was in memory.
            life.dead.iter_mut().for_each(|dead| *dead = None);
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Member,
        fresh: &[EffectOf<Member>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        for life in self.0.iter_mut().filter(|life| life.turned) {
            (life.since_us, life.turned) = (kernel.now_us, false);
        }
        if node.index() >= self.0.len() {
            return;
        }
        for effect in fresh {
            let Effect::Mark(mark) = effect else { continue };
            let Some(target) = mark.peer.filter(|peer| peer.index() < self.0.len()) else {
                continue;
            };
            found.extend(self.said((node, target), (mark.event, mark.index), process, kernel));
        }
        found.extend(self.missed(node, process, kernel.now_us));
        found.extend(self.risen(node, process));
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        self.0.len() * (size_of::<Life>() + self.0.len() * size_of::<(bool, Option<u64>)>())
    }

    fn committed(&self) -> u64 {
        self.0.iter().map(|life| life.suspected.len() as u64).sum()
    }
}
