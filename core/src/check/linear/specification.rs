//! What one copy of the object would do: the trait that specifications implement.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;
use core::hash::Hash;

/// The states in which an operation may leave the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcomes<State> {
    /// The operation cannot have had this result in this state.
    Illegal,
    /// Legal; the state stays as it is.
    Same,
    /// Legal; the one state that follows.
    One(State),
    /// Legal; several states may follow.
    Several(Vec<State>),
}

/// What an operation does to a register that never holds the same value twice. Values are
/// numbers, each smaller than the number of operations plus one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It reads this value.
    Reads(u32),
    /// It writes this value.
    Writes(u32),
    /// It finds the first value and writes the second.
    Swaps(u32, u32),
    /// It writes something that nobody reads.
    Hidden,
}

impl Effect {
    /// The value that is there at first.
    pub const START: u32 = 0;

    /// A value that nobody writes.
    pub const NOWHERE: u32 = u32::MAX;
}

/// A sequential object: what a history is judged against. All methods are pure.
pub trait Specification {
    /// State of one part.
    type State: Clone + Eq + Hash + Debug;
    /// What a client asks. Open operations with equal inputs are interchangeable.
    type Input: Clone + PartialEq + Debug;
    /// What comes back.
    type Output: Clone + Debug;
    /// Names a part.
    type Key: Clone + Ord + Debug;

    /// Whether [`can_lead`](Self::can_lead) says anything.
    const LOOKS_AHEAD: bool = false;

    /// The state of every part before anything has happened.
    fn start(&self) -> Self::State;

    /// What may follow when an operation with this result takes effect in this state. Without a
    /// result (it never returned) whatever may follow with any result.
    fn step(
        &self,
        state: &Self::State,
        input: &Self::Input,
        output: Option<&Self::Output>,
    ) -> Outcomes<Self::State>;

    /// Whether such an operation leaves every state in which it is legal as it is. Without a
    /// result: whether no result of it would change any state. A matching read or a refused
    /// compare-and-set does; a write does not, even where it writes what is there already.
    fn only_reads(&self, input: &Self::Input, output: Option<&Self::Output>) -> bool {
        let _ = (input, output);
        false
    }

    /// Whether the result says anything about the state; the acknowledgement of a write does
    /// not. In a history in which none does there is nothing to check.
    fn tells(&self, input: &Self::Input, output: &Self::Output) -> bool {
        let _ = (input, output);
        true
    }

    /// The part that an operation touches. Operations on different parts must commute: each part
    /// is judged alone, beginning with [`start`](Self::start) (locality, Herlihy and Wing 1990).
    /// Either all operations name their parts or none does: the unnamed ones form one part.
    fn part(&self, input: &Self::Input) -> Option<Self::Key> {
        let _ = input;
        None
    }

    /// Whether others, each at most once and in any order, can lead from a state to one in which
    /// an operation that only reads has this result; it has not in that state itself. True where
    /// that is not known; where it is false the search does not go on.
    fn can_lead(
        &self,
        state: &Self::State,
        (input, output): (&Self::Input, &Self::Output),
        others: &[&Self::Input],
    ) -> bool {
        let _ = (state, input, output, others);
        true
    }

    /// Whether operations with such inputs, each repeated any number of times, lead to few
    /// states: writes do, appends do not. When a violation is shrunk, one that was set free may
    /// then be taken for one that happens again and again, which is quicker to refute.
    fn repeats(&self, input: &Self::Input) -> bool {
        let _ = input;
        false
    }

    /// What these operations of one part do, if the part is a register and none of the values that
    /// it ever holds can be there twice, whatever the order: then no search is needed. Those
    /// without a result never returned. What only reads and never returned is not among them.
    fn effects(&self, operations: &[(&Self::Input, Option<&Self::Output>)]) -> Option<Vec<Effect>> {
        let _ = operations;
        None
    }

    /// The operation in words: `get(k3)`.
    fn name_input(&self, input: &Self::Input) -> String;

    /// Its result in words, as they follow the operation: `returned 3`.
    fn name_output(&self, output: &Self::Output) -> String;

    /// A state in words, as they follow "leaves".
    fn name_state(&self, state: &Self::State) -> String;

    /// About how many bytes a state owns on the heap.
    fn weight(&self, state: &Self::State) -> usize {
        let _ = state;
        0
    }
}
