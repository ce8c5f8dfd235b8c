//! Lamport's logical clock ("Time, Clocks, and the Ordering of Events in a Distributed System",
//! 1978).

/// A logical clock: one counter. It holds the number of the last event of its process.
///
/// If a happened before b, a's number is smaller (the clock condition). The converse does not
/// hold: of two events with ordered numbers neither need have caused the other.
///
/// ```
/// use happens_before::clocks::Lamport;
///
/// let (mut a, mut b) = (Lamport::new(), Lamport::new());
/// b.tick();
/// let sent = a.tick(); // a's message carries this
/// assert_eq!(sent, 1);
/// assert_eq!(b.receive(sent), 2);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lamport(u64);

impl Lamport {
    /// Before the first event.
    pub const fn new() -> Lamport {
        Lamport(0)
    }

    /// Goes on from this number, as after a restart from the disk.
    pub const fn at(number: u64) -> Lamport {
        Lamport(number)
    }

    /// The number of the last event.
    pub const fn now(self) -> u64 {
        self.0
    }

    /// An event of this process alone, or a sending; gives its number, which a message carries.
    /// IR1: "Each process Pi increments Ci between any two successive events."
    pub fn tick(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }

    /// The receipt of a message with this number; gives the number of the receipt. IR2: "Upon
    /// receiving a message m, process Pj sets Cj greater than or equal to its present value and
    /// greater than Tm."
    pub fn receive(&mut self, carried: u64) -> u64 {
        self.0 = self.0.max(carried) + 1;
        self.0
    }

    /// The receipt by a clock that also runs by itself, as in the figure with three clocks of
    /// different rates: it is moved only if it shows too little.
    pub fn receive_running(&mut self, carried: u64) -> u64 {
        self.0 = self.0.max(carried + 1);
        self.0
    }
}

/// An event's number and its process: Lamport's total order "⇒". Numbers that are equal are
/// ordered by the processes, "an arbitrary total ordering ≺ of the processes". It extends
/// happened-before to all events; what it adds to it means nothing but that all agree.
///
/// ```
/// use happens_before::clocks::Stamp;
///
/// let (a, b) = (Stamp { number: 3, process: 2 }, Stamp { number: 3, process: 7 });
/// assert!(a < b && b < Stamp { number: 4, process: 1 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp<P> {
    /// The event's number.
    pub number: u64,
    /// Its process.
    pub process: P,
}
