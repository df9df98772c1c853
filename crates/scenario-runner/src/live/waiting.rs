//! Waiting for something to be written down: looks when there is something new, and does not poll.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};
use sim_world::http::stopped;
use sim_world::{Journal, World, human};

use super::http::{Answer, Refusal, answer};
use super::thread::Stop;
use crate::document::length_of_time;

/// Longest time that a request waits.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// How many are waited for, and how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    pub(super) count: usize,
    pub(super) within: Duration,
}

impl Wait {
    /// Reads `count=` and `await=`; `None` when nobody waits.
    pub(super) fn read(count: Option<&str>, wait: Option<&str>) -> Result<Option<Self>, Refusal> {
        let count = match count.map(|count| (count, count.parse())) {
            None => None,
            Some((_, Ok(0))) => {
                return Err(Refusal::bad_request(
                    "count=0 waits for nothing",
                    "count is at least 1; to see that none comes, take count=1 and expect 408",
                ));
            }
            Some((_, Ok(count))) => Some(count),
            Some((count, Err(_))) if is_whole(count) => {
                return Err(Refusal::bad_request(
                    format!("count={count} is more than can come"),
                    "such as count=2&await=5s",
                ));
            }
            Some((count, Err(_))) => {
                return Err(Refusal::bad_request(
                    format!("count={count} is not a whole number"),
                    "such as count=2&await=5s",
                ));
            }
        };
        let Some(wait) = wait else {
            return match count {
                None => Ok(None),
                Some(count) => Err(Refusal::bad_request(
                    "`count` needs `await`",
                    format!(
                        "such as count={count}&await=5s; without both it answers at once with what there is"
                    ),
                )),
            };
        };
        let within = length_of_time(wait)
            .filter(|span| *span <= LONGEST_WAIT)
            .ok_or_else(|| {
                Refusal::bad_request(
                    format!(
                        "await={wait} is not a length of time up to {}",
                        human(LONGEST_WAIT)
                    ),
                    "such as await=5s or await=500ms",
                )
            })?;
        Ok(Some(Self {
            count: count.unwrap_or(1),
            within,
        }))
    }

    /// 408, with what there is and with the nearest miss.
    pub(super) fn in_vain(self, what: &str, there: Vec<Value>, hint: &str, nearest: &Value) -> Answer {
        let Self { count, within } = self;
        let error = format!("{} of {count} {what} within {}", there.len(), human(within));
        let mut body = json!({ "error": error, "hint": hint, "nearest": nearest });
        body[what] = there.into();
        answer(StatusCode::REQUEST_TIMEOUT, body)
    }
}

fn is_whole(number: &str) -> bool {
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// 503, for those who wait when the fake stops.
pub(super) fn no_more() -> Refusal {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    Refusal::new(unavailable, "the fake stops", "start `mposim serve` again")
}

/// How waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waited {
    /// What was waited for has come.
    Came,
    /// The time is over.
    InVain,
    /// The fake stops.
    Stopped,
}

/// Waits until `look` says that what is waited for is there. It looks at once, whenever the journal has something new or
/// has forgotten something, and a last time when the time is over.
pub(super) async fn until<T>(
    world: &World,
    journal: &Journal<T>,
    stop: &Stop,
    within: Duration,
    mut look: impl FnMut() -> bool,
) -> Waited {
    if look() {
        return Waited::Came;
    }
    let coming = async {
        loop {
            journal.recorded().await;
            if look() {
                return Waited::Came;
            }
        }
    };
    let mut stop = stop.clone();
    let waiting = world.timeout(within, async {
        tokio::select! {
            biased;
            waited = coming => waited,
            () = stopped(&mut stop) => Waited::Stopped,
        }
    });
    match waiting.await {
        Some(waited) => waited,
        None if look() => Waited::Came,
        None => Waited::InVain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_is_too_large_is_a_whole_number() {
        let refused = |count| Wait::read(Some(count), Some("1s")).unwrap_err();
        let large = "99999999999999999999999";
        assert_eq!(
            refused(large).error(),
            format!("count={large} is more than can come")
        );
        assert_eq!(refused("1.5").error(), "count=1.5 is not a whole number");
    }
}
