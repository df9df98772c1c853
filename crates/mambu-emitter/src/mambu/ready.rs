//! Everything Mambu checks before it sends (webhooks sheet 6.2).

use std::collections::BTreeSet;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;

use super::{Failure, FailureReason, Job, Setup};
use crate::delivery::destination::{Address, Destination};
use crate::delivery::request;
use crate::profile::Profile;

/// The request of a message, or why it fails without being sent. `neighbours` are reached whatever the
/// profile says of plain http and private hosts.
pub(super) fn ready(
    setup: &Setup,
    neighbours: &BTreeSet<String>,
    job: &Job,
) -> Result<Request<Full<Bytes>>, Failure> {
    let profile = &setup.configuration.profile;
    let message = &job.message;
    let known = setup
        .find_at(job.place, &message.template)
        .ok_or_else(|| Failure::new(FailureReason::MissingTemplateKey, ""))?;
    if u64::try_from(message.body.len()).unwrap_or(u64::MAX) > profile.max_message_bytes {
        let cause = format!("{} bytes, most {}", message.body.len(), profile.max_message_bytes);
        return Err(Failure::new(FailureReason::MaxMessageSizeLimitExceeded, cause));
    }
    if let Some(reason) = &message.malformed {
        return Err(Failure::new(FailureReason::InvalidJsonBodySyntax, reason));
    }
    let destination = destination(&message.destination, profile, neighbours)?;
    Ok(request::build(
        message,
        destination,
        &known.prepared.dress,
        job.key,
    ))
}

fn destination<'a>(
    address: &'a Address,
    profile: &Profile,
    neighbours: &BTreeSet<String>,
) -> Result<&'a Destination, Failure> {
    let destination = address.destination()?;
    match destination.refusal(profile) {
        Some(failure) if !(destination.is_http() && neighbours.contains(&destination.authority)) => {
            Err(failure)
        }
        _ => Ok(destination),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::Url;

    #[test]
    fn a_neighbour_is_reached_and_its_other_ports_are_not() {
        let neighbours = BTreeSet::from(["127.0.0.1:7080".to_owned()]);
        let to = |url: &str| {
            let address = Address::from(Url::from(url));
            destination(&address, &Profile::default(), &neighbours).map(|found| found.authority.clone())
        };
        assert_eq!(to("http://127.0.0.1:7080/x"), Ok("127.0.0.1:7080".into()));
        assert_eq!(
            to("http://127.0.0.1:7081/x").unwrap_err().reason,
            FailureReason::InvalidHttpProtocol
        );
        assert_eq!(
            to("https://127.0.0.1/x").unwrap_err().reason,
            FailureReason::BlacklistedUrl
        );
    }
}
