//! `mposim serve`: both fakes of a scenario on this machine, for services and tests in any language.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use scenario_runner::fixture;
use scenario_runner::live::{Addresses, Live, News, NotLive, Told, lines};
use scenario_runner::mambu_emitter::Happening;
use scenario_runner::mpo_receiver::Received;
use scenario_runner::scenario::Secrets;
use scenario_runner::stream::Entry;
use secrecy::ExposeSecret as _;

use crate::args::Serve;
use crate::asked::{self, FAILED, UNREADABLE, fail};
use crate::narration::Narration;
use crate::paint::{Tone, lost, painted, result, talk};

/// The default address of Mambu.
pub(crate) const MAMBU: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7070);

/// The default address of MPO.
pub(crate) const MPO: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7080);

/// News that wait to be looked at; further ones are counted and neither shown nor tallied.
const WAITING: usize = 10_000;

/// How long news wait for earlier ones of the other side, so that lines come in the order of their times.
const IN_ORDER: Duration = Duration::from_millis(20);

pub(crate) fn serve(args: &Serve) -> Result<u8, u8> {
    let found = asked::scenario(&args.scenario)?;
    let env = asked::env(args.env.as_deref())?;
    let loaded = fixture::load(&found.folder, &env.env);
    let mut names = fixture::Asked::default();
    names.add(&loaded.context);
    asked::doubt(&env, &names);
    asked::tell_mistakes(&loaded);
    let Some(scenario) = &loaded.scenario else {
        return Err(UNREADABLE);
    };
    let (sender, news) = sync_channel(WAITING);
    let unseen = Arc::new(AtomicU64::new(0));
    let told = teller(sender.clone(), Arc::clone(&unseen));
    let wanted = Addresses {
        mambu: args.mambu,
        mpo: args.mpo,
    };
    let live = match Live::start(scenario, wanted, &told) {
        Ok(live) => live,
        Err(error) => {
            let code = fail(FAILED, &error);
            talk(advice(&error, wanted));
            return Err(code);
        }
    };
    stop_on_interrupt(sender);
    announce(&live);
    if lost().is_some() {
        // Nobody can know where it listens.
        return Ok(FAILED);
    }
    if args.play {
        live.play(scenario, &told);
    }
    let mut desk = Desk {
        secrets: &scenario.secrets,
        waiting: Vec::new(),
        tally: Tally::default(),
        narration: Narration::begin(),
    };
    desk.watch(&news);
    desk.say("stopping: finishing what is open");
    drop(live);
    for late in news.try_iter().flatten() {
        desk.waiting.push((Instant::now(), late));
    }
    desk.show(true);
    desk.end(unseen.load(Ordering::Relaxed));
    Ok(0)
}

/// What to do about an address that cannot be taken.
fn advice(error: &NotLive, wanted: Addresses) -> &'static str {
    match error.reason.kind() {
        ErrorKind::AddrInUse if wanted.mambu == wanted.mpo => {
            "both sides have the same address: give each a port of its own"
        }
        ErrorKind::AddrInUse => {
            "another program may be there; `--mambu 127.0.0.1:0 --mpo 127.0.0.1:0` takes free ports"
        }
        ErrorKind::AddrNotAvailable => {
            "the address is none of this machine's: `127.0.0.1` is, and `0.0.0.0` stands for all of them"
        }
        ErrorKind::PermissionDenied => "ports below 1024 are not everybody's: take a higher one",
        _ => "`--mambu 127.0.0.1:0 --mpo 127.0.0.1:0` takes free ports of this machine",
    }
}

/// What the fakes are to call with news: never waits.
fn teller(sender: SyncSender<Option<News>>, unseen: Arc<AtomicU64>) -> Told {
    Arc::new(move |news| {
        if sender.try_send(Some(news)).is_err() {
            unseen.fetch_add(1, Ordering::Relaxed);
        }
    })
}

/// Where news of both sides come together and become lines.
struct Desk<'a> {
    secrets: &'a Secrets,
    /// News that are not shown yet, in the order in which they came.
    waiting: Vec<(Instant, News)>,
    tally: Tally,
    narration: Narration,
}

impl Desk<'_> {
    /// Shows news until it is time to stop.
    fn watch(&mut self, news: &Receiver<Option<News>>) {
        while !STOP.load(Ordering::Relaxed) {
            // Without news inside, it is a nudge to look at the flag.
            let came = match self.waiting.first() {
                None => news.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some((first, _)) => news.recv_timeout(IN_ORDER.saturating_sub(first.elapsed())),
            };
            match came {
                Ok(news) => self.waiting.extend(news.map(|news| (Instant::now(), news))),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.show(false);
        }
        self.show(true);
    }

    /// Shows what has waited long enough, or all, in the order of its times.
    fn show(&mut self, all: bool) {
        let is_due = |(came, _): &&(Instant, News)| all || came.elapsed() >= IN_ORDER;
        let due = self.waiting.iter().take_while(is_due);
        let Some(until) = due.map(|(_, news)| news.at()).max() else {
            return;
        };
        let (mut now, later) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition::<Vec<_>, _>(|(_, news)| news.at() <= until);
        self.waiting = later;
        now.sort_by_key(|(_, news)| news.at());
        for (_, news) in now {
            for line in self.tally.take(&news, self.secrets) {
                self.say(line);
            }
        }
    }

    fn say(&mut self, line: impl Into<String>) {
        let line = line.into();
        if !line.is_empty() {
            self.narration.say(line);
        }
    }

    fn end(mut self, unseen: u64) {
        let unshown = self.narration.unshown();
        self.say(self.tally.summary(unseen, unshown));
        self.narration.end();
    }
}

/// Counts what happened.
#[derive(Default)]
struct Tally {
    events: u64,
    messages: u64,
    tasks: u64,
    rejections: u64,
}

impl Tally {
    /// Counts a piece of news; the lines that it is worth.
    fn take(&mut self, news: &News, secrets: &Secrets) -> Vec<String> {
        let entry = match news {
            News::Happened(entry) => entry,
            News::NotPlayed { step, reason, .. } => {
                let words = painted(Tone::Bad, "could not be played");
                return vec![format!("step {step} {words}: {}", secrets.cover(reason))];
            }
            News::Played { .. } => return vec!["the timeline is at its end; serving on until Ctrl-C".into()],
        };
        match &entry.what {
            Entry::Bank(Happening::Event { .. }) => self.events += 1,
            Entry::Bank(Happening::Created { .. }) => self.messages += 1,
            Entry::Orchestrator(Received::Request { happening, .. }) => {
                self.tasks += happening.tasks().len() as u64;
                self.rejections += happening.rejections().len() as u64;
            }
            Entry::Orchestrator(Received::Unreadable { .. }) => self.rejections += 1,
            _ => {}
        }
        lines(entry, secrets)
    }

    fn summary(&self, unseen: u64, unshown: u64) -> String {
        let count = |count: u64, word: &str| match count {
            1 => format!("1 {word}"),
            count => format!("{count} {word}s"),
        };
        let unseen = match unseen {
            0 => String::new(),
            unseen => format!("; {unseen} happenings came too fast to be shown or counted"),
        };
        let unshown = match unshown {
            0 => String::new(),
            unshown => format!("; {} nobody read were not shown", count(unshown, "line")),
        };
        format!(
            "stopped: {}, {}, {}, {}{unseen}{unshown}",
            count(self.events, "event"),
            count(self.messages, "message"),
            count(self.tasks, "task"),
            count(self.rejections, "rejection"),
        )
    }
}

/// What a caller has to know, in lines that a program can read too: a word, a name, an address.
fn announce(live: &Live) {
    let Addresses { mambu, mpo } = live.addresses();
    result(format!("mambu http://{mambu}"));
    result(format!("mpo http://{mpo}"));
    for (name, link) in live.links() {
        result(format!("url {name} {}", link.expose_secret()));
    }
    for endpoint in ["events", "messages"] {
        result(format!("sim {endpoint} http://{mambu}/sim/{endpoint}"));
    }
    for endpoint in ["tasks", "rejections", "urls", "state"] {
        result(format!("sim {endpoint} http://{mpo}/sim/{endpoint}"));
    }
    result("ready");
}

/// Whether it is time to stop.
static STOP: AtomicBool = AtomicBool::new(false);

/// Ctrl-C (or a polite kill) sets the flag and gives a nudge; a second one ends the program at once.
fn stop_on_interrupt(nudge: SyncSender<Option<News>>) {
    let (listening, ready) = sync_channel(1);
    let watching = std::thread::Builder::new()
        .name("interrupt".into())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                let mut interrupts = interrupts();
                let _ = listening.send(());
                interrupts.next().await;
                STOP.store(true, Ordering::Relaxed);
                // A full channel needs no nudge: whoever empties it sees the flag.
                let _ = nudge.try_send(None);
                interrupts.next().await;
                std::process::exit(130);
            });
        });
    // From here on no signal is missed; without the thread they end the program as they always do.
    if watching.is_err() || ready.recv().is_err() {
        talk("Ctrl-C ends this at once, without a summary");
    }
}

/// The signals that ask for an end. Listening begins when this is made.
struct Interrupts {
    #[cfg(unix)]
    signals: Option<[tokio::signal::unix::Signal; 2]>,
}

fn interrupts() -> Interrupts {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok());
        let [Some(interrupt), Some(terminate)] = signals else {
            return Interrupts { signals: None };
        };
        Interrupts {
            signals: Some([interrupt, terminate]),
        }
    }
    #[cfg(not(unix))]
    Interrupts {}
}

impl Interrupts {
    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some([interrupt, terminate]) = &mut self.signals {
            tokio::select! {
                biased;
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}
