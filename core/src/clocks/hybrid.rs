//! Hybrid logical clocks (Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical Physical Clocks
//! and Consistent Snapshots in Globally Distributed Databases", 2014; figure 5 is the algorithm).

/// A hybrid logical clock, and the stamp of an event. It orders as a Lamport clock does, and
/// stays as near to the wall clock as the wall clocks are to each other.
///
/// What the paper proves of an event f, its wall clock showing pt, where no two wall clocks
/// differ by more than ε: if e happened before f, then (l, c) of e is smaller; l ≥ pt;
/// l − pt ≤ ε; and c is at most the number of events before f that have the same l.
///
/// ```
/// use happens_before::clocks::Hlc;
///
/// let (mut fast, mut slow) = (Hlc::default(), Hlc::default());
/// let sent = fast.tick(1_010); // its wall clock shows 1,010
/// let received = slow.receive(sent, 1_003); // this one only 1,003
/// assert!(sent < received);
/// assert_eq!((received.wall(), received.count()), (1_010, 1));
/// assert_eq!(slow.tick(1_011).count(), 0, "its own clock has caught up");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hlc {
    l: u64,
    c: u32,
}

/// A message whose stamp lies further ahead of the receiver's wall clock than clocks may differ:
/// somebody's clock is wrong, and must not become everybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TooFarAhead {
    /// By how much it is ahead of the receiver's wall clock, in the unit of the clock.
    pub by: u64,
}

impl Hlc {
    /// A clock that goes on from there.
    pub const fn at(wall: u64, count: u32) -> Hlc {
        Hlc { l: wall, c: count }
    }

    /// l: the greatest wall time that is known, in the unit of the wall clock.
    pub const fn wall(self) -> u64 {
        self.l
    }

    /// c: tells events with the same l apart.
    pub const fn count(self) -> u32 {
        self.c
    }

    /// An event of this process alone, or a sending, when its wall clock shows `wall`.
    pub fn tick(&mut self, wall: u64) -> Hlc {
        if wall > self.l {
            *self = Hlc { l: wall, c: 0 };
        } else {
            self.c += 1;
        }
        *self
    }

    /// The receipt of a message with this stamp when the wall clock shows `wall`.
    pub fn receive(&mut self, carried: Hlc, wall: u64) -> Hlc {
        let l = self.l.max(carried.l).max(wall);
        let c = match (l == self.l, l == carried.l) {
            (true, true) => self.c.max(carried.c) + 1,
            (true, false) => self.c + 1,
            (false, true) => carried.c + 1,
            (false, false) => 0,
        };
        *self = Hlc { l, c };
        *self
    }

    /// The same, but a message from too far in the future is refused and changes nothing. The
    /// bound on l holds only as long as ε does: one clock that is simply wrong would become
    /// everybody's, and l never goes back.
    ///
    /// # Errors
    /// The stamp is more than `most` ahead of `wall`.
    pub fn receive_within(
        &mut self,
        carried: Hlc,
        wall: u64,
        most: u64,
    ) -> Result<Hlc, TooFarAhead> {
        match carried.l.saturating_sub(wall) {
            by if by > most => Err(TooFarAhead { by }),
            _ => Ok(self.receive(carried, wall)),
        }
    }
}
