//! A running `mposim serve` and the least of an HTTP client.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long anything may take before a test gives up. Never waited for when all is well.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) const HASH: &str = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
pub(crate) const PASS: &str = "s3cret-of-mpo";

/// A scenario with a bank whose disbursements above 1,000 go to `intake`, which is behind Basic, and `open`, which is not;
/// `more` begins with its steps.
pub(crate) fn scenario(name: &str, more: &str) -> PathBuf {
    let url = |id| format!("https://tenant.mpo.mambu.com/api/1/json/public/{id}/{HASH}");
    let text = format!(
        "mambu:
  templates:
    disbursed:
      event: LOAN_DISBURSEMENT
      conditions: {{ all: [ {{ field: TRANSACTION.AMOUNT, is: MORE_THAN, value: '1000' }} ] }}
      url: {intake}
      authorization: {{ basic: {{ username: mambu, password: {PASS} }} }}
      body: '{{\"loan\":\"{{ACCOUNT_ID}}\",\"amount\":\"{{TRANSACTION_AMOUNT}}\"}}'
    repaid: {{ event: LOAN_REPAYMENT, url: {open}, body: '{{}}' }}
mpo:
  processes:
    intake: {{ direct_url: {intake}, start: {{ auth: basic, user: mambu, pass: {PASS} }} }}
    open: {{ direct_url: {open} }}
{more}",
        intake = url(31_754),
        open = url(31_755),
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("scenario.yaml"), text).unwrap();
    folder
}

/// A step that changes nothing, for scenarios that are only served.
pub(crate) const NO_STEPS: &str = "steps: [ set: {} ]";

/// A child of this test that serves a scenario on free ports; ended when dropped.
pub(crate) struct Served {
    child: Child,
    /// What it said on stdout before `ready`.
    pub(crate) announced: Vec<String>,
    stderr: Receiver<String>,
    /// What was said on stderr so far.
    pub(crate) said: Vec<String>,
}

pub(crate) fn command(scenario: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mposim"));
    command.arg("serve").arg(scenario).args(arguments);
    command
}

impl Served {
    pub(crate) fn start(scenario: &Path, arguments: &[&str]) -> Self {
        let (mut served, sender) = Self::unread(scenario, arguments);
        let reader = BufReader::new(served.child.stderr.take().unwrap());
        std::thread::spawn(move || {
            reader
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        served
    }

    /// One whose stderr nobody reads before [`ended`](Self::ended).
    pub(crate) fn unread(scenario: &Path, arguments: &[&str]) -> (Self, Sender<String>) {
        let mut child = command(scenario, &["--mambu", "127.0.0.1:0", "--mpo", "127.0.0.1:0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let announced = lines
            .map(Result::unwrap)
            .take_while(|line| line != "ready")
            .collect();
        let (sender, stderr) = channel();
        let served = Self {
            child,
            announced,
            stderr,
            said: Vec::new(),
        };
        (served, sender)
    }

    /// Whether it ends by itself.
    pub(crate) fn ends(&mut self) -> bool {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    /// What was announced behind some words: `url intake`.
    pub(crate) fn at(&self, words: &str) -> &str {
        let found = self
            .announced
            .iter()
            .find_map(|line| line.strip_prefix(words)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("no {words} in {:?}", self.announced))
    }

    pub(crate) fn mambu(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        http(method, &format!("{}{path}", self.at("mambu")), &[], body)
    }

    pub(crate) fn mpo(&self, method: &str, path: &str) -> (u16, Value) {
        http(method, &format!("{}{path}", self.at("mpo")), &[], "")
    }

    /// Waits for a line on stderr.
    pub(crate) fn says(&mut self, words: &str) {
        while let Ok(line) = self.stderr.recv_timeout(PATIENCE) {
            self.said.push(line);
            if self.said.last().is_some_and(|line| line.contains(words)) {
                return;
            }
        }
        panic!("never said {words}: {:#?}", self.said);
    }

    /// Ctrl-C.
    pub(crate) fn interrupt(&self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for its end and returns everything it said on stderr.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        while let Ok(line) = self.stderr.recv_timeout(PATIENCE) {
            self.said.push(line);
        }
        (self.child.wait().unwrap(), self.said.join("\n"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection with a request on it, up to where `rest` is missing.
pub(crate) fn begin(method: &str, url: &str, headers: &[&str], body: &str, rest: usize) -> TcpStream {
    let (host, path) = url
        .strip_prefix("http://")
        .and_then(|url| url.split_once('/'))
        .unwrap();
    let mut socket = TcpStream::connect(host).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let headers: Vec<&str> = headers.iter().flat_map(|header| [*header, "\r\n"]).collect();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{}Content-Length: {}\r\n\r\n{body}",
        headers.concat(),
        body.len() + rest
    );
    socket.write_all(request.as_bytes()).unwrap();
    socket
}

/// The answer on a connection: its status, and its body as JSON (null if it is none).
pub(crate) fn answer(mut socket: TcpStream) -> (u16, Value) {
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

pub(crate) fn http(method: &str, url: &str, headers: &[&str], body: &str) -> (u16, Value) {
    answer(begin(method, url, headers, body, 0))
}
