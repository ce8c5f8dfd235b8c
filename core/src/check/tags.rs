//! A second kind of witness, for protocols whose own order is no log: each write of a register
//! has a tag, and each read the tag of the write whose value it returns. If tags respect real
//! time, and each read returns what was written with its tag, the history is linearizable
//! (Lynch, "Distributed Algorithms", 1996, lemma 13.16): O(log n) per answer, however many
//! operations stay open. Never says that a history is wrong: what it can't explain is searched.

use crate::chunks::Chunked;
use crate::machine::{Machine, Text};
use crate::process::RequestId;
use alloc::vec::Vec;
use core::marker::PhantomData;
use litemap::LiteMap;

/// The number that a writer chose, and what tells it from another's of the same number. All
/// zero: nothing has been written.
pub type Tag = (u64, u64);

/// So many writes of one register are kept: a read that returns an older one is searched for.
const WRITES_KEPT: usize = 64;

/// One register.
#[derive(Clone, Debug, Default)]
struct Register {
    /// The highest tag among returned operations.
    floor: Tag,
    /// Writes by tag: whose, and the place of its command.
    writes: LiteMap<Tag, (RequestId, usize)>,
    /// Its tags failed to explain something: they explain nothing of this register any more.
    refuted: bool,
}

/// The order of tags, register by register.
#[derive(Clone, Debug)]
pub struct Tags<M> {
    registers: LiteMap<Text, Register>,
    /// The highest tag among returned operations when one began.
    floors: LiteMap<RequestId, Tag>,
    /// Tags of operations that have not returned; one that was asked for twice may have two.
    placed: LiteMap<RequestId, Vec<Tag>>,
    /// Something returned from a register without tags: they explain nothing any more.
    untagged: bool,
    machine: PhantomData<M>,
}

impl<M> Default for Tags<M> {
    fn default() -> Self {
        Tags {
            registers: LiteMap::new(),
            floors: LiteMap::new(),
            placed: LiteMap::new(),
            untagged: false,
            machine: PhantomData,
        }
    }
}

impl<M: Machine> Tags<M> {
    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        let writes = self.registers.iter().map(|(_, register)| register.writes.len());
        self.registers.len() * size_of::<(Text, Register)>()
            + writes.sum::<usize>() * size_of::<(Tag, (RequestId, usize))>()
            + self.floors.len() * size_of::<(RequestId, Tag)>()
            + self.placed.iter().map(|(_, tags)| size_of_val(&**tags)).sum::<usize>()
    }

    /// An operation begins. Costs nothing before the first tag.
    pub fn invoked(&mut self, id: RequestId, command: &M::Command) {
        let register = self.registers.get(M::default().part(command));
        if let Some(register) = register.filter(|register| register.floor != (0, 0)) {
            self.floors.insert(id, register.floor);
        }
    }

    /// An operation has this tag: a write its own, a read that of the write it returns.
    pub fn placed(
        &mut self,
        id: RequestId,
        tag: Tag,
        place: usize,
        commands: &Chunked<M::Command>,
    ) {
        let Some(command) = commands.get(place) else { return };
        let machine = M::default();
        let part = machine.part(command);
        if self.registers.get(part).is_none() {
            self.registers.insert(part.into(), Register::default());
        }
        let Some(register) = self.registers.get_mut(part) else { return };
        if !machine.only_reads(command) {
            let floor = self.floors.get(&id).copied().unwrap_or_default();
            let other = register.writes.get(&tag).is_some_and(|(whose, _)| *whose != id);
            let twice = self.placed.get(&id).is_some_and(|tags| !tags.contains(&tag));
            // Two writes with one tag, one write with two, one that began after what it precedes.
            register.refuted |= other || twice || tag <= floor;
            register.writes.insert(tag, (id, place));
            if register.writes.len() > WRITES_KEPT
                && let Some(lowest) = register.writes.iter().next().map(|(tag, _)| *tag)
            {
                register.writes.remove(&lowest);
            }
        }
        match self.placed.get_mut(&id) {
            Some(tags) if tags.contains(&tag) => {}
            Some(tags) => tags.push(tag),
            None => drop(self.placed.insert(id, alloc::vec![tag])),
        }
    }

    /// An operation returns: do the tags explain its answer and its place in time?
    pub fn returned(
        &mut self,
        id: RequestId,
        answer: &M::Answer,
        place: usize,
        commands: &Chunked<M::Command>,
    ) -> bool {
        let floor = self.floors.remove(&id).unwrap_or_default();
        let tags = self.placed.remove(&id).unwrap_or_default();
        let Some(command) = commands.get(place) else { return false };
        let machine = M::default();
        let Some(register) = self.registers.get_mut(machine.part(command)) else {
            self.untagged = true;
            return false;
        };
        // What it can't explain some other order has to, and that one then all else of this
        // register as well. Registers are judged one by one (Herlihy and Wing 1990, locality).
        let known = !core::mem::replace(&mut register.refuted, true) && !self.untagged;
        let reads = machine.only_reads(command);
        let explains = |tag: &Tag| {
            let mut copy = M::default();
            if *tag != (0, 0) {
                let known = register.writes.get(tag).and_then(|(_, place)| commands.get(*place));
                let Some(write) = known else { return false };
                if !reads {
                    return copy.apply(write) == *answer;
                }
                copy.apply(write);
            }
            *tag >= floor && copy.apply(command) == *answer
        };
        let Some(tag) = tags.into_iter().filter(explains).min() else { return false };
        register.floor = register.floor.max(tag);
        register.refuted = !known;
        known
    }

    /// A client stops waiting. A write may still happen: it keeps its floor and its tag.
    pub fn given_up(&mut self, id: RequestId, command: &M::Command) {
        if M::default().only_reads(command) {
            self.floors.remove(&id);
            self.placed.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Answer, Command, KeyValue};
    use crate::process::NodeId;

    struct Story {
        tags: Tags<KeyValue>,
        commands: Chunked<Command>,
    }

    fn id(number: usize) -> RequestId {
        RequestId { client: NodeId(3), number: number as u64 }
    }

    impl Story {
        fn new() -> Story {
            Story { tags: Tags::default(), commands: Chunked::default() }
        }
        fn begins(&mut self, command: Command) -> usize {
            self.tags.invoked(id(self.commands.len()), &command);
            self.commands.push(command);
            self.commands.len() - 1
        }
        fn put(&mut self, value: &str) -> usize {
            self.begins(Command::Put("x".into(), value.into()))
        }
        fn get(&mut self) -> usize {
            self.begins(Command::Get("x".into()))
        }
        fn placed(&mut self, op: usize, tag: Tag) {
            self.tags.placed(id(op), tag, op, &self.commands);
        }
        fn done(&mut self, op: usize) -> bool {
            self.tags.returned(id(op), &Answer::Done, op, &self.commands)
        }
        fn saw(&mut self, op: usize, tag: Tag, value: Option<&str>) -> bool {
            self.placed(op, tag);
            let answer = Answer::Value(value.map(Into::into));
            self.tags.returned(id(op), &answer, op, &self.commands)
        }
    }

    #[test]
    fn tags_that_respect_time_explain() {
        let mut story = Story::new();
        let first = story.get();
        assert!(story.saw(first, (0, 0), None));
        let (one, reader) = (story.put("1"), story.get());
        story.placed(one, (1, 5));
        assert!(story.saw(reader, (1, 5), Some("1")), "read while the write is open");
        let two = story.put("2");
        story.placed(two, (2, 6));
        assert!(story.done(two) && story.done(one), "returned in another order");
        let last = story.get();
        assert!(story.saw(last, (2, 6), Some("2")));
    }

    #[test]
    fn tags_that_do_not_explain_nothing_more() {
        let story = || {
            let mut story = Story::new();
            let one = story.put("1");
            story.placed(one, (1, 5));
            assert!(story.done(one));
            story
        };
        let mut old = story();
        let reader = old.get();
        assert!(!old.saw(reader, (0, 0), None), "it was written before it was read");
        let reader = old.get();
        assert!(!old.saw(reader, (1, 5), Some("1")), "once refuted it stays so");
        let mut wrong = story();
        let reader = wrong.get();
        assert!(!wrong.saw(reader, (1, 5), Some("2")), "that was not written with this tag");
        let mut same = story();
        let two = same.put("2");
        same.placed(two, (1, 5));
        assert!(!same.done(two), "two writes with one tag");
        let mut late = story();
        let two = late.put("2");
        late.placed(two, (1, 4));
        assert!(!late.done(two), "it began after what it precedes");
    }

    #[test]
    fn without_tags_nothing_is_explained_nor_kept() {
        let mut story = Story::new();
        let one = story.put("1");
        assert!(!story.done(one));
        assert_eq!(story.tags.weight(), 0);
    }
}
