//! When a failed attempt is followed by another one.
//!
//! Four attempts in all are documented, and that the delays grow (webhooks sheet 5.1); the delays are the profile's.

use std::time::Duration;

use rand::Rng;

use crate::message::Failure;
use crate::profile::Profile;

/// The delay before the next attempt after `failures` failed ones, `None` when that was the last.
///
/// The delay varies by the profile's share, both ways, and is rounded to milliseconds.
pub fn next_delay(profile: &Profile, failures: u32, random: &mut impl Rng) -> Option<Duration> {
    let delay = *profile
        .retry_delays
        .get(usize::try_from(failures.checked_sub(1)?).ok()?)?;
    // The draw happens even without jitter, so that switching it off does not shift later draws.
    let draw = f64::from(random.next_u32()) / f64::from(u32::MAX);
    let factor = 1.0 + profile.retry_jitter.clamp(0.0, 1.0) * (2.0 * draw - 1.0);
    let varied = Duration::try_from_secs_f64(delay.as_secs_f64() * factor).unwrap_or(delay);
    let millis = varied.saturating_add(Duration::from_micros(500)).as_millis();
    Some(Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
}

/// Whether a failure is followed by another attempt at all.
///
/// assumed, see `retry_client_errors`: which bad statuses are retried is not listed.
pub fn is_retryable(profile: &Profile, failure: &Failure, status: Option<u16>) -> bool {
    let is_final_client_error =
        status.is_some_and(|status| (400..500).contains(&status) && !matches!(status, 408 | 429));
    failure.reason.is_retried() && (profile.retry_client_errors || !is_final_client_error)
}

/// Most time the whole exchange of an attempt may take. `attempt` counts from 1.
pub fn timeout(profile: &Profile, attempt: u32) -> Duration {
    if attempt <= 1 {
        profile.first_timeout
    } else {
        profile.retry_timeout
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::FailureReason;
    use proptest::prelude::*;

    fn profile(jitter: f64) -> Profile {
        Profile {
            retry_jitter: jitter,
            ..Profile::default()
        }
    }

    #[test]
    fn four_attempts_in_all_without_jitter_at_the_profiles_delays() {
        let mut random = sim_world::random_stream(0, "test", "");
        let delays: Vec<_> = (1..=4)
            .map(|failures| next_delay(&profile(0.0), failures, &mut random))
            .collect();
        assert_eq!(
            delays,
            [
                Some(Duration::from_secs(30)),
                Some(Duration::from_mins(2)),
                Some(Duration::from_mins(8)),
                None
            ]
        );
    }

    #[test]
    fn a_disabled_tenant_is_not_retried() {
        let failure = Failure::new(FailureReason::WebhookNotificationsDisabled, "");
        assert!(!is_retryable(&Profile::default(), &failure, None));
    }

    #[test]
    fn client_errors_can_be_made_final_but_not_408_and_429() {
        let strict = Profile {
            retry_client_errors: false,
            ..Profile::default()
        };
        let failure = Failure::new(FailureReason::InvalidHttpResponse, "");
        assert!(is_retryable(&Profile::default(), &failure, Some(403)));
        assert!(!is_retryable(&strict, &failure, Some(403)));
        assert!(is_retryable(&strict, &failure, Some(429)));
        assert!(is_retryable(&strict, &failure, Some(500)));
    }

    proptest! {
        #[test]
        fn a_delay_stays_within_its_jitter_and_is_whole_milliseconds(
            seed: u64, jitter in 0.0..=1.0f64, millis in 0..10_000_000u64, failures in 1..6u32,
        ) {
            let base = Duration::from_millis(millis);
            let profile = Profile { retry_delays: vec![base; 5], ..profile(jitter) };
            let mut random = sim_world::random_stream(seed, "test", "");
            let delay = next_delay(&profile, failures, &mut random);
            prop_assert_eq!(delay.is_some(), failures <= 5);
            if let Some(delay) = delay {
                prop_assert_eq!(delay.subsec_nanos() % 1_000_000, 0);
                let off = delay.as_secs_f64() - base.as_secs_f64();
                prop_assert!(off.abs() <= base.as_secs_f64() * jitter + 0.001);
            }
        }
    }
}
