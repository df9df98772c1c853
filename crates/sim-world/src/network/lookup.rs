//! Real hosts by name, for live worlds: where they are, and which are never contacted.

use std::net::SocketAddr;

use super::ConnectError;

/// Whether a host is in a domain whose real hosts are never contacted.
pub(super) fn kept_back(kept: &[String], host: &str) -> Option<ConnectError> {
    let (name, _) = name_and_port(host);
    let is_in = |domain: &&String| {
        let before = name.strip_suffix(domain.as_str());
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let domain = kept.iter().find(is_in)?;
    Some(ConnectError::Kept {
        host: host.to_owned(),
        domain: domain.clone(),
    })
}

/// The addresses of a real host.
pub(super) async fn look_up(host: &str) -> Result<Vec<SocketAddr>, ConnectError> {
    let unknown = || ConnectError::UnknownHost(host.to_owned());
    let (name, port) = name_and_port(host);
    // Reserved (RFC 2606): they lead nowhere, and nobody needs to be asked.
    if [".example", ".invalid", ".test"]
        .iter()
        .any(|ending| name.ends_with(ending))
    {
        return Err(unknown());
    }
    let found = tokio::net::lookup_host((name, port)).await;
    let addresses: Vec<_> = found.map_err(|_| unknown())?.collect();
    if addresses.is_empty() {
        return Err(unknown());
    }
    Ok(addresses)
}

/// A host taken apart. Without a port it is that of http: nothing else leaves a live world.
fn name_and_port(host: &str) -> (&str, u16) {
    let split = host
        .rsplit_once(':')
        .and_then(|(name, port)| Some((name, port.parse().ok()?)));
    let (name, port) = split.unwrap_or((host, 80));
    let name = name
        .strip_prefix('[')
        .map_or(name, |name| name.trim_end_matches(']'));
    (name.trim_end_matches('.'), port)
}
