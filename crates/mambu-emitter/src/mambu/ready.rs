//! Everything Mambu checks before it sends (webhooks sheet 6.2).

use std::collections::BTreeSet;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;

use super::{Failure, FailureReason, Message, Setup};
use crate::delivery::destination::Destination;
use crate::delivery::request;
use crate::profile::Profile;
use crate::render::check_body;

/// The request of a message and where it goes, or why it fails without being sent. `neighbours` are reached whatever the
/// profile says of plain http and private hosts.
pub(super) fn ready(
    setup: &Setup,
    neighbours: &BTreeSet<String>,
    message: &Message,
    key: Option<&str>,
) -> Result<(Destination, Request<Full<Bytes>>), Failure> {
    let profile = &setup.configuration.profile;
    let dress = setup
        .dress(&message.template)
        .ok_or_else(|| Failure::new(FailureReason::MissingTemplateKey, ""))?;
    if u64::try_from(message.body.len()).unwrap_or(u64::MAX) > profile.max_message_bytes {
        let cause = format!("{} bytes, most {}", message.body.len(), profile.max_message_bytes);
        return Err(Failure::new(FailureReason::MaxMessageSizeLimitExceeded, cause));
    }
    let text = std::str::from_utf8(&message.body).unwrap_or_default();
    check_body(message.content_type, text)
        .map_err(|reason| Failure::new(FailureReason::InvalidJsonBodySyntax, reason))?;
    let destination = destination(&message.destination, profile, neighbours)?;
    let request = request::build(message, &destination, &dress, key)?;
    Ok((destination, request))
}

fn destination(url: &str, profile: &Profile, neighbours: &BTreeSet<String>) -> Result<Destination, Failure> {
    Destination::of(url, profile).or_else(|failure| {
        if neighbours.is_empty() {
            return Err(failure);
        }
        let open = Profile {
            allow_http: true,
            allow_private: true,
            ..profile.clone()
        };
        match Destination::of(url, &open) {
            Ok(destination) if neighbours.contains(&destination.authority) => Ok(destination),
            _ => Err(failure),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_reached_and_its_other_ports_are_not() {
        let neighbours = BTreeSet::from(["127.0.0.1:7080".to_owned()]);
        let to = |url: &str| destination(url, &Profile::default(), &neighbours).map(|found| found.authority);
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
