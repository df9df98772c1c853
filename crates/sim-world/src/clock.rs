//! Instants of a world: how long after its first moment something happened.
//!
//! A world's instant is not a wall-clock time; [`World::wall_clock`](crate::World::wall_clock) turns one into the other.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// An instant, counted from the first moment of the world.
///
/// ```
/// use std::time::Duration;
/// use sim_world::Instant;
/// let late = Instant::ZERO + Duration::from_millis(90_250);
/// assert_eq!(late.to_string(), "+1m30.25s");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Duration);

impl Instant {
    /// The first moment.
    pub const ZERO: Self = Self(Duration::ZERO);

    /// The time since the first moment.
    pub fn since_start(self) -> Duration {
        self.0
    }
}

impl Add<Duration> for Instant {
    type Output = Self;
    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(later))
    }
}

impl Sub for Instant {
    type Output = Duration;
    fn sub(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "+{}", human(self.0))
    }
}

/// A length of time as people write it: `0s`, `250ms`, `1m30s`, `2d4h`.
pub fn human(span: Duration) -> impl fmt::Display {
    Human(span)
}

struct Human(Duration);

impl fmt::Display for Human {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.as_secs();
        let millis = self.0.subsec_millis();
        if whole == 0 {
            return if millis == 0 {
                out.write_str("0s")
            } else {
                write!(out, "{millis}ms")
            };
        }
        for (unit, length, wrap) in [("d", 86_400, u64::MAX), ("h", 3_600, 24), ("m", 60, 60)] {
            let count = whole / length % wrap;
            if count > 0 {
                write!(out, "{count}{unit}")?;
            }
        }
        let seconds = whole % 60;
        match (seconds, millis) {
            (0, 0) => Ok(()),
            (seconds, 0) => write!(out, "{seconds}s"),
            (seconds, millis) => {
                let fraction = format!("{millis:03}");
                write!(out, "{seconds}.{}s", fraction.trim_end_matches('0'))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_as_people_write_them() {
        for (millis, text) in [
            (0, "0s"),
            (250, "250ms"),
            (1_000, "1s"),
            (61_005, "1m1.005s"),
            (3_600_000, "1h"),
            (90_000_000, "1d1h"),
        ] {
            assert_eq!(human(Duration::from_millis(millis)).to_string(), text);
        }
    }
}
