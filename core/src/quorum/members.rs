//! A set of members as bits. Small enough to be copied, so that sets can be enumerated.

/// A set of up to 64 members, numbered from 0.
///
/// ```
/// use happens_before::quorum::Members;
/// let some = Members::from([0, 3]);
/// assert!(some.meets(Members::from([3, 4])) && !some.meets(Members::from([1, 2])));
/// assert_eq!(some.with(1).count(), 3);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Members(u64);

impl Members {
    /// Nobody.
    pub const EMPTY: Members = Members(0);

    /// Members 0 to `count` - 1; no more than 64.
    pub const fn first(count: u16) -> Members {
        Members(if count >= 64 { u64::MAX } else { (1 << count) - 1 })
    }

    /// Those whose bits are set.
    pub const fn of_bits(bits: u64) -> Members {
        Members(bits)
    }

    /// Whether it has this member.
    pub const fn has(self, member: u16) -> bool {
        member < 64 && self.0 >> member & 1 == 1
    }

    /// The same and this one. One beyond the 64th is nobody.
    pub const fn with(self, member: u16) -> Members {
        Members(if member < 64 { self.0 | 1 << member } else { self.0 })
    }

    /// The same without this one.
    pub const fn without(self, member: u16) -> Members {
        Members(if member < 64 { self.0 & !(1 << member) } else { self.0 })
    }

    /// How many.
    pub const fn count(self) -> u16 {
        self.0.count_ones() as u16
    }

    /// Those in either.
    pub const fn or(self, other: Members) -> Members {
        Members(self.0 | other.0)
    }

    /// Those in both.
    pub const fn both(self, other: Members) -> Members {
        Members(self.0 & other.0)
    }

    /// All of the 64 that are not in it.
    pub const fn others(self) -> Members {
        Members(!self.0)
    }

    /// Whether the two have a member in common.
    pub const fn meets(self, other: Members) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all of the other's members are in it.
    pub const fn includes(self, other: Members) -> bool {
        other.0 & !self.0 == 0
    }

    /// Its members in order.
    pub fn iter(self) -> impl Iterator<Item = u16> {
        (0..64).filter(move |&member| self.has(member))
    }
}

impl<const COUNT: usize> From<[u16; COUNT]> for Members {
    fn from(members: [u16; COUNT]) -> Members {
        members.into_iter().collect()
    }
}

impl FromIterator<u16> for Members {
    fn from_iter<I: IntoIterator<Item = u16>>(members: I) -> Members {
        members.into_iter().fold(Members::EMPTY, Members::with)
    }
}
