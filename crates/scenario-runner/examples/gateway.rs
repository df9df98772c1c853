//! Somebody else's service and its test: a gateway that takes Mambu's webhooks, checks a key of its own, and hands them to
//! an MPO process behind Basic. Run its tests with `cargo test -p scenario-runner --example gateway`.
//!
//! The gateway knows nothing of this project; the test puts a fake Mambu before it and a fake MPO behind it.

use std::io::{BufRead as _, BufReader, Error, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// A gateway from Mambu to MPO.
struct Gateway {
    listener: TcpListener,
    /// The direct URL of the process, `http://HOST/PATH`.
    direct_url: String,
    /// The value of the `Authorization` header that the process wants.
    authorization: String,
}

impl Gateway {
    fn bind(direct_url: String, authorization: String) -> std::io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind("127.0.0.1:0")?,
            direct_url,
            authorization,
        })
    }

    fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves one request after the other.
    fn serve(&self) -> std::io::Result<()> {
        loop {
            let (mut mambu, _) = self.listener.accept()?;
            let status = self.hand_over(&mut mambu).unwrap_or(502);
            write!(
                mambu,
                "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            )?;
        }
    }

    /// Takes a webhook and sends it on; the status is for Mambu.
    fn hand_over(&self, mambu: &mut TcpStream) -> std::io::Result<u16> {
        let mut reader = BufReader::new(mambu);
        let (mut length, mut has_key) = (0, false);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end().to_ascii_lowercase();
            match line.split_once(": ") {
                _ if line.is_empty() => break,
                Some(("content-length", value)) => length = value.parse().map_err(Error::other)?,
                Some(("x-gateway-key", value)) => has_key = value == "0ur-key",
                _ => {}
            }
        }
        let mut body = Vec::new();
        reader.take(length).read_to_end(&mut body)?;
        if !has_key {
            return Ok(401);
        }
        let url = self.direct_url.strip_prefix("http://");
        let (host, path) = url
            .and_then(|url| url.split_once('/'))
            .ok_or_else(|| Error::other("not a URL"))?;
        let mut mpo = TcpStream::connect(host)?;
        let authorization = &self.authorization;
        write!(
            mpo,
            "POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: {authorization}\r\n\
             Content-Length: {length}\r\n\r\n"
        )?;
        mpo.write_all(&body)?;
        let mut answer = String::new();
        mpo.read_to_string(&mut answer)?;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        status.parse().map_err(Error::other)
    }
}

fn main() -> std::io::Result<()> {
    let variable = |name| std::env::var(name).map_err(Error::other);
    let gateway = Gateway::bind(variable("MPO_DIRECT_URL")?, variable("MPO_AUTHORIZATION")?)?;
    writeln!(std::io::stdout(), "listening on {}", gateway.address()?)?;
    gateway.serve()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use scenario_runner::{FakeMambu, FakeMpo};
    use serde_json::json;

    use super::*;

    /// Longer than anything takes; never waited for when all is well.
    const SOON: Duration = Duration::from_secs(30);

    /// Mambu before the gateway, MPO behind it.
    fn set_up(authorization: &str, key: &str) -> (FakeMambu, FakeMpo) {
        let mpo = FakeMpo::builder()
            .process("intake", |process| process.basic("mambu", "s3cret"))
            .start()
            .unwrap();
        let gateway = Gateway::bind(mpo.direct_url("intake").unwrap(), authorization.into()).unwrap();
        let mambu = FakeMambu::start().unwrap();
        mambu
            .template(json!({
                "name": "disbursed", "target": "CLIENT", "event": "LOAN_DISBURSEMENT", "subscriptionOption": "OPT_OUT",
                "url": format!("http://{}/from-mambu", gateway.address().unwrap()),
                "requestType": "POST", "contentType": "APPLICATION_JSON",
                "headers": [{ "headerKey": "X-Gateway-Key", "headerValue": key }],
                "body": r#"{"loan":"{ACCOUNT_ID}","amount":"{TRANSACTION_AMOUNT}"}"#,
            }))
            .unwrap();
        std::thread::spawn(move || gateway.serve());
        (mambu, mpo)
    }

    #[test]
    fn a_disbursement_goes_through_the_gateway_and_starts_a_task() {
        let (mambu, mpo) = set_up("Basic bWFtYnU6czNjcmV0", "0ur-key"); // mambu:s3cret
        mambu.emit(json!({ "amount": 5000 })).unwrap();
        let task = mpo
            .await_task(|task| task.data["loan"] == "LN-1001", SOON)
            .unwrap();
        assert_eq!(task.data["amount"], "5000.00");
        mambu
            .await_message(|message| message.state.name() == "SENT", SOON)
            .unwrap();
    }

    #[test]
    fn a_wrong_password_of_the_gateway_keeps_the_message_waiting() {
        let (mambu, mpo) = set_up("Basic bWFtYnU6d3Jvbmc=", "0ur-key"); // mambu:wrong
        mambu.emit(json!({ "amount": 5000 })).unwrap();
        let message = mambu
            .await_message(|message| message.attempts == 1, SOON)
            .unwrap();
        assert_eq!(message.state.name(), "WAITING");
        assert_eq!(message.failure_reason, Some("INVALID_HTTP_RESPONSE"));
        assert_eq!(mpo.rejections()[0].class, "wrong_password");
        assert!(mpo.tasks().is_empty());
    }

    #[test]
    fn a_webhook_without_the_key_never_reaches_mpo() {
        let (mambu, mpo) = set_up("Basic bWFtYnU6czNjcmV0", "another");
        mambu.emit(json!({ "amount": 5000 })).unwrap();
        mambu
            .await_message(|message| message.attempts == 1, SOON)
            .unwrap();
        assert!(mpo.tasks().is_empty() && mpo.rejections().is_empty());
    }
}
