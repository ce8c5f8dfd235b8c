//! A client: reader and writer. Each operation is two phases, and each phase waits for a
//! majority (Attiya, Bar-Noy and Dolev 1995; with many writers Lynch and Shvartsman 1997). No
//! server coordinates; whoever is not answered asks again, which changes nothing: the tag stays.

use super::message::{Content, Message, Phase, Record, Round, Tag};
use super::{Config, Node, Rules, Timer, event};
use crate::machine::{Answer, Command, Text};
use crate::process::{NodeId, Refusal, RequestId, Stored, WriteId};
use crate::view::Votes;
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// An operation on its way.
#[derive(Clone, Debug, Hash)]
pub struct Open {
    /// Whose.
    pub id: RequestId,
    /// What.
    pub command: Command,
    /// Where it stands.
    pub phase: Phase,
    /// In the first phase the highest tag heard of and its value, in the second what is told.
    pub tag: Tag,
    /// The value.
    pub content: Content,
    /// Who has answered in this phase.
    pub from: Vec<bool>,
    /// How many of them count.
    pub count: u16,
    /// How often it has asked in vain.
    tries: u32,
    /// A writer's number is on disk before anybody hears of it.
    after: WriteId,
}

/// All that a client knows.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    pub(super) config: Rc<Config>,
    /// The highest number that it has used in a tag; on disk.
    pub(super) used: u64,
    /// One operation at a time.
    pub(super) open: Option<Open>,
    /// What it completed last: whose, of which register, with which tag.
    pub(super) last: Option<(RequestId, Text, Tag)>,
    queue: Vec<(RequestId, Command)>,
}

impl Client {
    /// Starts from what the disk holds.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Client, Refusal> {
        let mut used = 0;
        for stored in disk {
            match stored {
                Stored::Record(Record::Used(number)) => used = used.max(*number),
                Stored::Record(Record::Stored(..)) | Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        Ok(Client { config: config.clone(), used, open: None, last: None, queue: Vec::new() })
    }

    /// The workload asks; one operation after the other.
    pub fn on_request(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        self.queue.push((id, command.clone()));
        if self.open.is_none() {
            self.next(cx);
        }
    }

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        let (round, phase) = match message {
            Message::Value(round, ..) => (round, Phase::Query),
            Message::Ack(round, ..) => (round, Phase::Update),
            Message::Query(..) | Message::Update(..) => return,
        };
        let rules = self.config.rules;
        let Some(open) = &mut self.open else { return };
        let own = open.id.number == round.request || !rules.has(Rules::OWN_ROUND);
        let Some(said) = open.from.get_mut(from.index()) else { return };
        if open.phase != phase || !own {
            return;
        }
        let is_new = !core::mem::replace(said, true);
        if !is_new && rules.has(Rules::A_SET) {
            return;
        }
        if let Message::Value(_, tag, content) = message {
            let first = open.count == 0;
            let better = if rules.has(Rules::HIGHEST_TAG) { *tag > open.tag } else { first };
            if better {
                (open.tag, open.content) = (*tag, content.clone());
            }
        }
        open.count += 1;
        if open.count >= self.config.quorum(cx.servers()) {
            match phase {
                Phase::Query => self.heard(cx),
                Phase::Update => self.complete(cx),
            }
        }
    }

    /// A majority has said what it has.
    fn heard(&mut self, cx: &mut Context) {
        let Some(open) = &self.open else { return };
        let (tag, content) = (open.tag, open.content.clone());
        match open.command.clone() {
            Command::Put(_, value) => {
                let number = tag.number.max(self.used) + 1;
                self.choose(number, value, cx);
            }
            // Before the first write there is nothing to write back: everybody has it.
            _ if tag == Tag::NONE || !self.config.rules.has(Rules::WRITE_BACK) => self.complete(cx),
            // The reader writes what it is about to return to a majority: else a later reader
            // might miss it.
            _ => {
                cx.mark(event::WRITE_BACK, None, tag.number, u64::from(tag.writer));
                self.update(tag, content, WriteId::NONE, cx);
            }
        }
    }

    /// The writer chooses a tag higher than any that a majority has: the next number, and its own
    /// name. It remembers the number, for it may crash before anybody has heard of it, and must
    /// not give the same tag to something else (Guerraoui and Levy 2004).
    fn choose(&mut self, number: u64, value: Text, cx: &mut Context) {
        let rules = self.config.rules;
        let named = rules.has(Rules::WRITER_IN_TAG);
        let tag = Tag { number, writer: if named { cx.id().0 + 1 } else { 0 } };
        self.used = number;
        let persist = rules.has(Rules::PERSIST_NUMBER);
        let after = if persist { cx.write(Record::Used(number)) } else { WriteId::NONE };
        if let Some(open) = &self.open {
            cx.placed(tag.number, u64::from(tag.writer), open.id);
        }
        cx.mark(event::CHOOSE, None, tag.number, u64::from(tag.writer));
        self.update(tag, Some(value), after, cx);
    }

    /// The second phase.
    fn update(&mut self, tag: Tag, content: Content, after: WriteId, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        (open.phase, open.tag, open.content, open.after) = (Phase::Update, tag, content, after);
        (open.count, open.tries) = (0, 0);
        open.from.fill(false);
        self.ask(cx);
    }

    /// A majority has it: the operation is done.
    fn complete(&mut self, cx: &mut Context) {
        let Some(open) = self.open.take() else { return };
        let answer = match &open.command {
            Command::Get(_) => Answer::Value(open.content),
            _ => Answer::Done,
        };
        cx.placed(open.tag.number, u64::from(open.tag.writer), open.id);
        cx.mark(event::COMPLETE, None, open.tag.number, u64::from(open.tag.writer));
        cx.reply(open.id, answer, WriteId::NONE);
        self.last = Some((open.id, open.command.key().clone(), open.tag));
        cx.cancel_timer(Timer::Retry);
        self.next(cx);
    }

    /// Not enough answers in time: it asks those again that have not answered.
    pub fn on_retry(&mut self, cx: &mut Context) {
        let tries = self.config.tries;
        let Some(open) = &mut self.open else { return };
        open.tries += 1;
        if open.tries >= tries {
            cx.give_up(open.id);
            self.open = None;
            self.next(cx);
            return;
        }
        cx.mark(event::ASK_AGAIN, None, open.tag.number, u64::from(open.tag.writer));
        self.ask(cx);
    }

    fn next(&mut self, cx: &mut Context) {
        if self.queue.is_empty() {
            return;
        }
        let (id, command) = self.queue.remove(0);
        let own_count = match &command {
            Command::Put(_, value) if !self.config.rules.has(Rules::QUERY_FIRST) => {
                Some(value.clone())
            }
            _ => None,
        };
        self.open = Some(Open {
            id,
            command,
            phase: Phase::Query,
            tag: Tag::NONE,
            content: None,
            from: alloc::vec![false; usize::from(cx.servers())],
            count: 0,
            tries: 0,
            after: WriteId::NONE,
        });
        match own_count {
            Some(value) => self.choose(self.used + 1, value, cx),
            None => self.ask(cx),
        }
    }

    /// Asks, or tells, all replicas that have not answered.
    fn ask(&mut self, cx: &mut Context) {
        let Some(open) = &self.open else { return };
        let round = Round { request: open.id.number, phase: open.phase };
        let key = open.command.key();
        for place in 0..cx.servers() {
            if open.from.get(usize::from(place)) != Some(&false) {
                continue;
            }
            let message = match open.phase {
                Phase::Query => Message::Query(round, key.clone()),
                Phase::Update => {
                    Message::Update(round, key.clone(), open.tag, open.content.clone())
                }
            };
            cx.send(NodeId(place), message, open.after);
        }
        cx.set_timer(Timer::Retry, self.config.retry_us);
    }

    /// Answers that it has in this phase.
    pub(super) fn votes(&self) -> Option<Votes> {
        let open = self.open.as_ref()?;
        let of = open.from.len() as u16;
        Some(Votes { have: open.count, need: self.config.quorum(of), of })
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        size_of_val(&*self.queue) + self.open.as_ref().map_or(0, |open| open.from.len())
    }
}
