//! Where a message goes: the rendered URL taken apart, and what Mambu refuses before it sends anything.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use hyper::Uri;
use hyper::header::HeaderValue;

use crate::message::{Failure, FailureReason};
use crate::profile::Profile;
use crate::url::Url;

/// A rendered URL, taken apart once and printed masked. Clones share it.
#[derive(Clone)]
pub struct Address(Arc<Inner>);

struct Inner {
    url: Url,
    masked: Arc<str>,
    destination: Result<Destination, Failure>,
}

impl Address {
    /// The URL as it was rendered. May hold a secret.
    pub fn url(&self) -> &Url {
        &self.0.url
    }

    /// The URL as it may be printed.
    pub fn masked(&self) -> &Arc<str> {
        &self.0.masked
    }

    /// Where it leads, or why it leads nowhere, whatever the profile allows.
    pub fn destination(&self) -> Result<&Destination, Failure> {
        self.0.destination.as_ref().map_err(Failure::clone)
    }
}

impl From<Url> for Address {
    fn from(url: Url) -> Self {
        Self(Arc::new(Inner {
            masked: masked(&url).into(),
            destination: Destination::parse(&url),
            url,
        }))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Address({})", self.0.masked)
    }
}

/// A URL in its parts.
#[derive(Clone, Debug)]
pub struct Destination {
    /// `host` or `host:port`, for the connection and the `Host` header.
    pub authority: String,
    /// Path and query.
    pub path: Uri,
    /// The `Host` header.
    pub(super) host: HeaderValue,
    scheme: Scheme,
    is_private: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Https,
    Http,
    Other,
}

impl Destination {
    /// Takes a rendered URL apart and checks it (webhooks sheet 5.6 and 6.2).
    ///
    /// # Errors
    /// With the reason under which Mambu fails the message without sending it; none of them is retried.
    pub fn of(url: &str, profile: &Profile) -> Result<Self, Failure> {
        let destination = Self::parse(url)?;
        destination.refusal(profile).map_or(Ok(destination), Err)
    }

    fn parse(url: &str) -> Result<Self, Failure> {
        let undefined = |cause: String| Failure::new(FailureReason::UndefinedDestination, cause);
        if url.trim().is_empty() {
            return Err(undefined(String::new()));
        }
        let uri: Uri = url
            .parse()
            .map_err(|error| undefined(format!("not a URL: {error}")))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(undefined("not an absolute URL".into()));
        };
        let without_user = authority.as_str().rsplit_once('@');
        let host_and_port = without_user.map_or(authority.as_str(), |(_, host)| host);
        Ok(Self {
            scheme: match scheme {
                "https" => Scheme::Https,
                "http" => Scheme::Http,
                _ => Scheme::Other,
            },
            is_private: is_private(authority.host()),
            host: HeaderValue::from_str(host_and_port)
                .map_err(|_| undefined("the host is not a host name".into()))?,
            authority: host_and_port.to_owned(),
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .parse()
                .unwrap_or_default(),
        })
    }

    /// Why Mambu does not send there under a profile.
    pub fn refusal(&self, profile: &Profile) -> Option<Failure> {
        let (reason, cause) = match self.scheme {
            Scheme::Http if !profile.allow_http => {
                (FailureReason::InvalidHttpProtocol, "http is not allowed".into())
            }
            Scheme::Other => (
                FailureReason::InvalidHttpProtocol,
                "neither http nor https".into(),
            ),
            _ if self.is_private && !profile.allow_private => {
                let host = self.host_name();
                (
                    FailureReason::BlacklistedUrl,
                    format!("{host} is not a public host"),
                )
            }
            _ => return None,
        };
        Some(Failure::new(reason, cause))
    }

    /// Whether it is http or https at all.
    pub fn is_http(&self) -> bool {
        self.scheme != Scheme::Other
    }

    /// The authority in small letters, without a port that the scheme has anyway: what two spellings of one host share.
    pub fn canonical_authority(&self) -> String {
        let authority = self.authority.to_ascii_lowercase();
        let default = if self.is_https() { ":443" } else { ":80" };
        match authority.strip_suffix(default) {
            Some(host) => host.to_owned(),
            None => authority,
        }
    }

    /// Whether it is https.
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// The host without its port.
    fn host_name(&self) -> &str {
        let port = self.authority.rsplit_once(':');
        match port {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.authority,
        }
    }
}

/// Whether a host is private or local; those are not reached (documented: webhooks sheet 5.6; which exactly: assumed).
fn is_private(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse() {
        Ok(IpAddr::V4(address)) => is_private_v4(address),
        Ok(IpAddr::V6(address)) => is_private_v6(address),
        Err(_) => {
            let name = bare.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost"
                || [".localhost", ".local", ".internal"]
                    .iter()
                    .any(|ending| name.ends_with(ending))
        }
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.to_ipv4_mapped().is_some_and(is_private_v4)
}

/// The URL as it may be printed: no user name, no password, no query, and no path segment that looks like, or has in it
/// what looks like, a direct URL's hash.
///
/// ```
/// use mambu_emitter::delivery::destination::masked;
/// let hash = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
/// let url = format!("https://tenant.mpo.mambu.com/api/1/json/public/31754/{hash}");
/// assert_eq!(masked(&url), "https://tenant.mpo.mambu.com/api/1/json/public/31754/<hash>");
/// ```
pub fn masked(url: &str) -> String {
    let (url, fragment) = match url.split_once('#') {
        Some((url, _)) => (url, "#<fragment>"),
        None => (url, ""),
    };
    let (url, query) = match url.split_once('?') {
        Some((url, _)) => (url, "?<query>"),
        None => (url, ""),
    };
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), url),
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let is_direct_url = path.starts_with("/api/") && path.contains("/public/");
    let last = path.rsplit('/').next().unwrap_or_default();
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| {
            let looks_secret = segment
                .split(|letter: char| !letter.is_ascii_hexdigit())
                .any(|run| run.len() >= 32);
            let is_last = std::ptr::eq(segment, last);
            if looks_secret || (is_direct_url && is_last && !segment.is_empty()) {
                "<hash>"
            } else {
                segment
            }
        })
        .collect();
    format!("{scheme}{authority}{}{query}{fragment}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(url: &str) -> FailureReason {
        Destination::of(url, &Profile::default()).unwrap_err().reason
    }

    #[test]
    fn what_is_refused_before_anything_is_sent() {
        assert_eq!(reason(""), FailureReason::UndefinedDestination);
        assert_eq!(reason("/only/a/path"), FailureReason::UndefinedDestination);
        assert_eq!(
            reason("http://receiver.example/x"),
            FailureReason::InvalidHttpProtocol
        );
        assert_eq!(
            reason("ftp://receiver.example/x"),
            FailureReason::InvalidHttpProtocol
        );
        for host in [
            "localhost",
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.9",
            "[::1]",
            "[::ffff:10.0.0.1]",
            "db.internal",
        ] {
            assert_eq!(
                reason(&format!("https://{host}/x")),
                FailureReason::BlacklistedUrl,
                "{host}"
            );
        }
    }

    #[test]
    fn credentials_in_a_url_reach_neither_the_host_header_nor_a_print() {
        let url = "https://user:pass@receiver.example:8443/x?token=1";
        let destination = Destination::of(url, &Profile::default()).unwrap();
        assert_eq!(destination.authority, "receiver.example:8443");
        assert_eq!(destination.path.to_string(), "/x?token=1");
        assert_eq!(masked(url), "https://receiver.example:8443/x?<query>");
        let url = "https://receiver.example/x?key=secret#token=secret";
        assert_eq!(masked(url), "https://receiver.example/x?<query>#<fragment>");
        assert_eq!(
            masked("https://receiver.example#secret"),
            "https://receiver.example#<fragment>"
        );
        let token = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b";
        for segment in [token.to_owned(), format!("hook_{token}"), format!("{token}.json")] {
            let url = format!("http://receiver.example/in/{segment}/x");
            assert_eq!(masked(&url), "http://receiver.example/in/<hash>/x");
        }
    }

    #[test]
    fn local_hosts_are_reached_when_the_profile_says_so() {
        let local = Profile {
            allow_http: true,
            allow_private: true,
            ..Profile::default()
        };
        assert_eq!(
            Destination::of("http://127.0.0.1:8080/x", &local)
                .unwrap()
                .authority,
            "127.0.0.1:8080"
        );
    }
}
