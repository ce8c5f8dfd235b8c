//! Channels that keep the order: what a process says to another is numbered, and whoever
//! receives holds back what came too early and drops what came twice. That is what "first-in
//! first-out" asks of a network that delays, reorders and doubles messages; nothing is sent
//! again, so a lost message stops its channel for good. Shared by rooms; knows none.

use alloc::vec::Vec;

/// One end of the channels from and to every other process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Channels<M> {
    ends: Vec<End<M>>,
    ordered: bool,
}

/// What is known of the channels to and from one process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct End<M> {
    /// Messages sent there.
    sent: u64,
    /// Messages from there up to which all have been taken.
    taken: u64,
    /// Those that came early, by number; without a content when they have been taken.
    early: Vec<(u64, Option<M>)>,
}

impl<M: Clone> Channels<M> {
    /// Between so many processes. Not `ordered`: each message is taken as it comes, once.
    pub fn new(processes: u16, ordered: bool) -> Channels<M> {
        let end = End { sent: 0, taken: 0, early: Vec::new() };
        Channels { ends: alloc::vec![end; usize::from(processes)], ordered }
    }

    /// The number of the next message to this process, from 1.
    pub fn next_to(&mut self, to: usize) -> u64 {
        self.ends.get_mut(to).map_or(0, |end| {
            end.sent += 1;
            end.sent
        })
    }

    /// A message has come; gives what is to be taken now, in order, with its numbers.
    pub fn take(&mut self, from: usize, number: u64, message: &M) -> Vec<(u64, M)> {
        let Some(end) = self.ends.get_mut(from) else { return Vec::new() };
        let known = end.early.iter().any(|(early, _)| *early == number);
        if number <= end.taken || known {
            return Vec::new(); // it came twice
        }
        let mut now = Vec::new();
        let kept = if self.ordered { Some(message.clone()) } else { None };
        if !self.ordered {
            now.push((number, message.clone()));
        }
        end.early.push((number, kept));
        while let Some(at) = end.early.iter().position(|(early, _)| *early == end.taken + 1) {
            let (number, kept) = end.early.swap_remove(at);
            now.extend(kept.map(|message| (number, message)));
            end.taken += 1;
        }
        now
    }

    /// Messages that came too early and wait.
    pub fn waiting(&self) -> usize {
        self.ends.iter().flat_map(|end| &end.early).filter(|(_, kept)| kept.is_some()).count()
    }

    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        size_of_val(&*self.ends)
            + self.ends.iter().map(|end| size_of_val(&*end.early)).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use crate::draw::Purpose;

    /// All messages in a drawn order, some of them twice.
    fn arrivals(seed: u64, count: u64) -> Vec<u64> {
        let mut dice = Dice::new(seed, Purpose::Generate, 401);
        let mut left: Vec<u64> = (1..=count).flat_map(|n| [n, n]).collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            order.push(left.swap_remove(dice.between(0, left.len() as u64 - 1) as usize));
        }
        order
    }

    #[test]
    fn whatever_the_order_of_arrival_each_is_taken_once_in_the_order_of_sending() {
        for seed in 0..200 {
            let count = seed % 12;
            let mut channels = Channels::new(2, true);
            let order = arrivals(seed, count);
            let taken = order.iter().flat_map(|&number| channels.take(1, number, &()));
            let taken: Vec<u64> = taken.map(|(number, ())| number).collect();
            assert_eq!(taken, (1..=count).collect::<Vec<_>>());
            assert_eq!(channels.waiting(), 0);
        }
    }

    #[test]
    fn without_order_each_is_taken_once_as_it_comes() {
        for seed in 0..200 {
            let mut channels = Channels::new(2, false);
            let order = arrivals(seed, 9);
            let taken = order.iter().flat_map(|&number| channels.take(1, number, &()));
            let taken: Vec<u64> = taken.map(|(number, ())| number).collect();
            let mut first = order.clone();
            let mut seen = Vec::new();
            first.retain(|number| {
                let is_new = !seen.contains(number);
                seen.push(*number);
                is_new
            });
            assert_eq!(taken, first);
        }
    }
}
