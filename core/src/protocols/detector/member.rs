//! A member: it listens, suspects, hears itself suspected. Three detectors say when a silence is
//! too long, three verdicts what follows from that.

use super::message::{Message, Record, Standing, View, Views};
use super::rules::Rules;
use super::{Config, Kind, Timer, Verdict, event};
use crate::detect::{PhiAccrual, Timeout};
use crate::process::{Context, NodeId, Refusal, Stored};
use alloc::vec::Vec;

/// What a member holds of another.
#[derive(Clone, Debug, Hash)]
pub struct Other {
    /// As it tells it.
    pub view: View,
    timeout: Timeout,
    phi: PhiAccrual,
    /// When it last asked, where it asks; and whether that is answered.
    asked_us: Option<u64>,
    /// Since when it is suspected, µs of the local clock.
    suspect_us: u64,
    /// Whom this one finds silent, as it last said.
    finds_silent: Vec<bool>,
}

/// A member's state.
#[derive(Clone, Debug, Hash)]
pub struct Member {
    config: Config,
    me: NodeId,
    /// Its own incarnation.
    pub incarnation: u64,
    /// Everybody, itself among them.
    pub others: Vec<Other>,
    /// When it started, µs of the local clock: before that it has heard nobody.
    pub started_us: u64,
    /// A majority holds it for dead; it does nothing that only a member may do.
    pub outvoted: bool,
}

type Cx<'a> = Context<'a, Member>;

impl Member {
    pub(super) fn start(
        config: Config,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Cx<'_>,
    ) -> Result<Member, Refusal> {
        let mut incarnation = 0;
        for stored in disk {
            match stored {
                Stored::Record(Record(known)) => incarnation = incarnation.max(*known),
                Stored::Torn => break,
                Stored::Corrupt => return Err(Refusal("a record does not match its checksum")),
            }
        }
        let now_us = cx.now_us();
        let other = |_| {
            // Who was never heard counts as heard at the start: else it would never be missed.
            let mut timeout = Timeout::new(config.timeout_us);
            timeout.heard(now_us);
            Other {
                view: View { standing: Standing::Alive, incarnation: 0, silent: false },
                timeout,
                phi: PhiAccrual::new(config.window, config.period_us / 10),
                asked_us: None,
                suspect_us: 0,
                finds_silent: alloc::vec![false; usize::from(cx.servers())],
            }
        };
        let others = (0..cx.servers()).map(other).collect();
        let mut member = Member {
            config,
            me: cx.id(),
            incarnation,
            others,
            started_us: now_us,
            outvoted: false,
        };
        member.raise(incarnation + 1, cx);
        // Not all at the same time.
        let first_us = cx.random(1, config.period_us);
        cx.set_timer(Timer::Period, first_us);
        Ok(member)
    }

    /// A higher incarnation: kept, so that the next life's is higher still.
    fn raise(&mut self, to: u64, cx: &mut Cx<'_>) {
        self.incarnation = to;
        cx.write(Record(to));
        let me = self.me.index();
        if let Some(own) = self.others.get_mut(me) {
            own.view = View { standing: Standing::Alive, incarnation: to, silent: false };
        }
    }

    fn views(&self) -> Views {
        self.others.iter().map(|other| other.view).collect::<Vec<View>>().into()
    }

    // ---- what it says ----

    pub(super) fn on_period(&mut self, cx: &mut Cx<'_>) {
        cx.set_timer(Timer::Period, self.config.period_us);
        let (now_us, after) = (cx.now_us(), cx.written());
        let views = self.views();
        for peer in cx.peers() {
            if self.config.kind == Kind::Ping {
                let other = &mut self.others[peer.index()];
                other.asked_us.get_or_insert(now_us);
                cx.send(peer, Message::Ping(views.clone()), after);
            } else {
                cx.send(peer, Message::Heartbeat(views.clone()), after);
            }
        }
        self.look(cx);
    }

    // ---- what it hears ----

    pub(super) fn hear(&mut self, from: NodeId, message: &Message, cx: &mut Cx<'_>) {
        let now_us = cx.now_us();
        // To be asked is no answer to what one has asked.
        let counts = !matches!(message, Message::Ping(_));
        if let Some(other) = self.others.get_mut(from.index()) {
            if counts {
                other.timeout.heard(now_us);
                other.phi.heard(now_us);
                other.asked_us = None;
                if core::mem::take(&mut other.view.silent) {
                    cx.mark(event::HEAR, Some(from), 0, other.view.incarnation);
                    self.revive(from);
                }
            }
            let other = &mut self.others[from.index()];
            other.finds_silent = message.views().iter().map(|view| view.silent).collect();
        }
        if let Message::Ping(_) = message {
            let after = cx.written();
            cx.send(from, Message::Ack(self.views()), after);
        }
        match self.config.verdict {
            Verdict::Alone => {}
            Verdict::Majority => self.count(cx),
            Verdict::Refutable => self.merge(message.views(), cx),
        }
    }

    /// Alone a member that is heard again is alive. A majority, or an incarnation, has to say so
    /// where that is what decides.
    fn revive(&mut self, member: NodeId) {
        let other = &mut self.others[member.index()];
        if self.config.verdict == Verdict::Alone {
            other.view.standing = Standing::Alive;
        }
    }

    // ---- detection ----

    /// Whether its silence is too long.
    fn is_silent(&self, other: &Other, now_us: u64) -> bool {
        match self.config.kind {
            Kind::Heartbeat => other.timeout.suspects(now_us),
            // Not silent who has not been asked.
            Kind::Ping => other
                .asked_us
                .is_some_and(|asked| now_us.saturating_sub(asked) > self.config.timeout_us),
            // Before there are intervals to compare with, a fixed timeout has to do.
            Kind::Phi if other.phi.samples() < 3 => other.timeout.suspects(now_us),
            Kind::Phi => other.phi.suspects(now_us, self.config.threshold),
        }
    }

    /// Looks who is silent: every period, and a few times in it.
    pub(super) fn look(&mut self, cx: &mut Cx<'_>) {
        cx.set_timer(Timer::Look, (self.config.period_us / 4).max(1));
        let now_us = cx.now_us();
        for peer in cx.peers() {
            let place = peer.index();
            let silent = self.is_silent(&self.others[place], now_us);
            let other = &mut self.others[place];
            if silent && !other.view.silent {
                other.view.silent = true;
                cx.mark(event::SILENT, Some(peer), 0, other.view.incarnation);
            }
            let decides = self.config.verdict != Verdict::Majority;
            if silent && decides && other.view.standing == Standing::Alive {
                other.view.standing = Standing::Suspect;
                other.suspect_us = now_us;
                cx.mark(event::SUSPECT, Some(peer), 0, other.view.incarnation);
            }
        }
        match self.config.verdict {
            Verdict::Alone => {}
            Verdict::Majority => self.count(cx),
            Verdict::Refutable => self.confirm(cx),
        }
    }

    // ---- a majority decides ----

    /// Who finds this member silent: oneself, and those who said so and are not silent themselves.
    fn votes(&self, member: usize) -> u64 {
        let says = |(place, other): (usize, &Other)| {
            let own = place == self.me.index();
            if own {
                self.others[member].view.silent
            } else {
                !other.view.silent && other.finds_silent.get(member) == Some(&true)
            }
        };
        self.others
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != member)
            .filter(|&one| says(one))
            .count() as u64
    }

    /// “A node that is declared dead by a quorum must be considered dead, even if it still very
    /// much feels alive” (Designing Data-Intensive Applications, chapter 8).
    fn count(&mut self, cx: &mut Cx<'_>) {
        let all = self.others.len() as u64;
        let half = !self.config.rules.has(Rules::MAJORITY);
        let enough = if half { (all / 2).max(1) } else { all / 2 + 1 };
        for place in 0..self.others.len() {
            let member = NodeId(place as u16);
            let votes = self.votes(place);
            let dead = votes >= enough;
            if member == self.me {
                if dead != self.outvoted {
                    self.outvoted = dead;
                    let what = if dead { event::STEP_DOWN } else { event::RETURN };
                    cx.mark(what, None, 0, votes);
                }
                continue;
            }
            let standing = &mut self.others[place].view.standing;
            if dead && *standing != Standing::Dead {
                *standing = Standing::Dead;
                cx.mark(event::DEAD, Some(member), 0, votes);
            } else if !dead && *standing == Standing::Dead {
                *standing = Standing::Alive;
                cx.mark(event::RETURN, Some(member), 0, votes);
            }
        }
    }

    // ---- suspicion that can be refuted (SWIM §4.2) ----

    fn merge(&mut self, theirs: &Views, cx: &mut Cx<'_>) {
        for (place, view) in theirs.iter().enumerate() {
            let member = NodeId(place as u16);
            let Some(known) = self.others.get(place).map(|other| other.view) else { continue };
            if member == self.me {
                if view.standing != Standing::Alive && view.incarnation >= self.incarnation {
                    self.refute(view.incarnation, cx);
                }
                continue;
            }
            if self.overrides(view, &known) {
                self.take(member, view, cx);
            }
        }
    }

    /// “{Alive, i} overrides {Suspect, j} and {Alive, j} for i > j; {Suspect, i} overrides
    /// {Suspect, j} for i > j and {Alive, j} for i >= j; {Confirm} overrides both.” A confirmation is
    /// of an incarnation, too, so that a member may come back in its next life.
    fn overrides(&self, new: &View, old: &View) -> bool {
        let (i, j) = (new.incarnation, old.incarnation);
        match (new.standing, old.standing) {
            (Standing::Suspect, Standing::Dead) if i == j => {
                !self.config.rules.has(Rules::DEAD_IS_FINAL)
            }
            (Standing::Alive, _) | (_, Standing::Dead) => i > j,
            (Standing::Suspect, Standing::Suspect) => i > j,
            (Standing::Suspect, Standing::Alive) | (Standing::Dead, _) => i >= j,
        }
    }

    fn take(&mut self, member: NodeId, view: &View, cx: &mut Cx<'_>) {
        let now_us = cx.now_us();
        let per_incarnation = self.config.rules.has(Rules::SUSPECT_INCARNATION);
        let other = &mut self.others[member.index()];
        let was = other.view;
        other.view.standing = view.standing;
        other.view.incarnation = view.incarnation;
        match view.standing {
            Standing::Alive => {
                if was.standing != Standing::Alive {
                    cx.mark(event::ALIVE, Some(member), 0, view.incarnation);
                }
                if per_incarnation {
                    other.suspect_us = 0;
                }
            }
            Standing::Suspect => {
                other.suspect_us = now_us;
                cx.mark(event::SUSPECT, Some(member), 0, view.incarnation);
            }
            Standing::Dead => cx.mark(event::DEAD, Some(member), 0, view.incarnation),
        }
    }

    /// It lives, whatever they say.
    fn refute(&mut self, incarnation: u64, cx: &mut Cx<'_>) {
        if !self.config.rules.has(Rules::REFUTE) {
            return;
        }
        self.raise(incarnation + 1, cx);
        cx.mark(event::REFUTE, None, 0, self.incarnation);
    }

    /// A suspicion that nobody has refuted in time is confirmed.
    fn confirm(&mut self, cx: &mut Cx<'_>) {
        let (now_us, patience_us) = (cx.now_us(), self.config.suspicion_us);
        let per_incarnation = self.config.rules.has(Rules::SUSPECT_INCARNATION);
        for peer in cx.peers() {
            let other = &mut self.others[peer.index()];
            let runs = other.suspect_us > 0 && now_us - other.suspect_us.min(now_us) > patience_us;
            let suspect = other.view.standing == Standing::Suspect;
            if runs && (suspect || !per_incarnation && other.view.standing == Standing::Alive) {
                other.view.standing = Standing::Dead;
                other.suspect_us = 0;
                cx.mark(event::DEAD, Some(peer), 0, other.view.incarnation);
            }
        }
    }

    /// How many it suspects, or finds silent.
    pub(super) fn suspects(&self) -> usize {
        let me = self.me.index();
        let is = |(place, other): &(usize, &Other)| {
            *place != me && (other.view.standing == Standing::Suspect || other.view.silent)
        };
        self.others.iter().enumerate().filter(is).count()
    }

    /// What was set.
    pub fn config(&self) -> &Config {
        &self.config
    }
}
