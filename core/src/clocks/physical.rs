//! The arithmetic by which real clocks are set: NTP's exchange (Mills, "Internet Time
//! Synchronization", 1991; RFC 5905, section 8), Cristian's ("Probabilistic Clock
//! Synchronization", 1989) and Berkeley's (Gusella and Zatti, 1989).

use alloc::vec::Vec;

/// The four readings of one exchange with a time server, in any unit.
///
/// ```
/// use happens_before::clocks::Exchange;
///
/// let exchange = Exchange { t1: 100, t2: 160, t3: 165, t4: 125 };
/// assert_eq!((exchange.offset(), exchange.delay(), exchange.error()), (50, 20, 10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exchange {
    /// The client sends, by its own clock.
    pub t1: i64,
    /// The server receives, by the server's clock.
    pub t2: i64,
    /// The server answers, by the server's clock.
    pub t3: i64,
    /// The client receives, by its own clock.
    pub t4: i64,
}

impl Exchange {
    /// θ: by how much the server's clock is ahead of the client's, if both ways took equally
    /// long: ((t2 − t1) + (t3 − t4)) / 2, rounded down.
    pub const fn offset(self) -> i64 {
        ((self.t2 - self.t1) + (self.t3 - self.t4)).div_euclid(2)
    }

    /// δ: how long the two ways took together: (t4 − t1) − (t3 − t2).
    pub const fn delay(self) -> i64 {
        (self.t4 - self.t1) - (self.t3 - self.t2)
    }

    /// By how much the offset can be wrong at most, if neither way took less than nothing:
    /// half the delay, rounded up. It is that wrong when one way took all of it.
    pub const fn error(self) -> i64 {
        (self.delay() + 1).div_euclid(2)
    }
}

/// Marzullo's algorithm (Marzullo and Owicki, "Maintaining the Time in a Distributed System",
/// 1983), on which NTP's choice among sources rests (RFC 5905, section 11.2.1): each source says
/// from where to where the right value can be, ends included. The first of the spans that lie in
/// as many of these as any: in how many, from where, to where. None without sources.
///
/// ```
/// use happens_before::clocks::marzullo;
///
/// // Two of three agree; the third cannot be right, if more than half of them are.
/// assert_eq!(marzullo(&[(8, 12), (11, 13), (14, 15)]), Some((2, 11, 12)));
/// ```
pub fn marzullo(spans: &[(i64, i64)]) -> Option<(usize, i64, i64)> {
    let holds = |at: i64| spans.iter().filter(|span| span.0 <= at && at <= span.1).count();
    // Where most agree that begins where one of them does, and ends where the first of them does.
    let mut best: Option<(usize, i64)> = None;
    for &(from, _) in spans {
        let count = holds(from);
        if best.is_none_or(|(most, at)| count > most || (count == most && from < at)) {
            best = Some((count, from));
        }
    }
    let (count, from) = best.filter(|(count, _)| *count > 0)?;
    let around = spans.iter().filter(|span| span.0 <= from && from <= span.1);
    let to = around.map(|span| span.1).min()?;
    Some((count, from, to))
}

/// What a client knows of the time when an answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The server's clock now, at its most likely.
    pub time: i64,
    /// It is at most this much off.
    pub error: i64,
}

/// Cristian's algorithm: the server said `time`, the answer took `round` there and back by the
/// client's clock, and no message takes less than `least` one way. Any unit; drift within one
/// exchange is not counted.
///
/// ```
/// use happens_before::clocks::cristian;
///
/// assert_eq!(cristian(1_000, 20, 0).error, 10);
/// assert_eq!(cristian(1_000, 20, 4).error, 6);
/// assert_eq!(cristian(1_000, 20, 4).time, 1_010);
/// ```
pub const fn cristian(time: i64, round: i64, least: i64) -> Reading {
    let half = (round + 1).div_euclid(2);
    let error = half - least;
    Reading { time: time + round.div_euclid(2), error: if error < 0 { 0 } else { error } }
}

/// Berkeley's algorithm: nobody has the right time; the master asks all and takes the mean of
/// those clocks that are within `most` of its own, and tells each by how much to move. Readings
/// are taken at one instant (the master has already taken off the delays), the master's first.
///
/// ```
/// use happens_before::clocks::berkeley;
///
/// // 3:00, 3:25 and 2:50, in minutes.
/// assert_eq!(berkeley(&[180, 205, 170], 60), [5, -20, 15]);
/// ```
pub fn berkeley(readings: &[i64], most: i64) -> Vec<i64> {
    let Some(&master) = readings.first() else { return Vec::new() };
    let near = |reading: &&i64| (*reading - master).abs() <= most;
    // Differences from the master's clock: sums of times of day could leave 64 bits.
    let (sum, count) = readings
        .iter()
        .filter(near)
        .fold((0, 0), |(sum, count), reading| (sum + (reading - master), count + 1));
    let mean = master + if count == 0 { 0 } else { i64::div_euclid(sum, count) };
    readings.iter().map(|reading| mean - reading).collect()
}
