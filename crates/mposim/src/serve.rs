//! `mposim serve`: both fakes of a scenario on this machine, for services and tests in any language.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use scenario_runner::document::Env;
use scenario_runner::live::{Addresses, Live};
use scenario_runner::{fixture, suite};
use secrecy::ExposeSecret as _;

use crate::USAGE;
use crate::args::Serve;
use crate::paint::{MISTAKES, Tone, painted, result, talk};

/// How long a look at what is new waits before it looks whether it is time to stop.
const LOOK: Duration = Duration::from_millis(100);

pub(crate) fn serve(args: &Serve) -> u8 {
    let found = match suite::find(Path::new(""), &args.scenario) {
        Ok(found) => found,
        Err(error) => return fail(USAGE, &error),
    };
    let env = match args.env.as_deref().map(fixture::read_env_file) {
        None => Env::default(),
        Some(Ok(env)) => env,
        Some(Err(error)) => return fail(2, &error),
    };
    let loaded = fixture::load(&found.folder, &env);
    let mistakes = loaded.mistakes(MISTAKES);
    talk(mistakes.trim_end());
    let Some(scenario) = &loaded.scenario else {
        return 2;
    };
    let wanted = Addresses {
        mambu: args.mambu,
        mpo: args.mpo,
    };
    let live = match Live::start(scenario, &found.folder, &env, wanted) {
        Ok(live) => live,
        Err(error) => {
            talk(format!("{}: {error}", painted(Tone::Bad, "error")));
            talk("another `serve` may be running; `--mambu 127.0.0.1:0 --mpo 127.0.0.1:0` takes free ports");
            return 3;
        }
    };
    announce(&live);
    let stop = stop_on_interrupt();
    std::thread::scope(|scope| {
        if args.play {
            scope.spawn(|| {
                live.play(|step, played| match played {
                    Ok(()) => talk(format!("played {step}")),
                    Err(error) => talk(format!(
                        "{} {step}: {error}",
                        painted(Tone::Doubtful, "not played")
                    )),
                });
            });
        }
        let mut seen = 0;
        while !stop.load(Ordering::Relaxed) {
            for line in live.news(&mut seen, LOOK) {
                talk(line);
            }
        }
    });
    let (tasks, rejections) = live.counts();
    drop(live);
    talk(format!("stopped: {tasks} tasks, {rejections} rejections"));
    0
}

/// What a caller has to know, in lines that a program can read too: a word, a name, an address.
fn announce(live: &Live) {
    let Addresses { mambu, mpo } = live.addresses();
    result(format!("mambu http://{mambu}"));
    result(format!("mpo http://{mpo}"));
    for (name, link) in live.links() {
        result(format!("url {name} {}", link.expose_secret()));
    }
    result("ready");
}

/// A flag that Ctrl-C (or a polite kill) sets; a second one ends the program at once.
fn stop_on_interrupt() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    let watching = std::thread::Builder::new().name("interrupt".into()).spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            interrupted().await;
            STOP.store(true, Ordering::Relaxed);
            interrupted().await;
            std::process::exit(130);
        });
    });
    if watching.is_err() {
        talk("Ctrl-C ends this at once, without a summary");
    }
    &STOP
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
}

fn fail(code: u8, error: &dyn std::fmt::Display) -> u8 {
    talk(format!("{}: {error}", painted(Tone::Bad, "error")));
    code
}

/// The default address of Mambu's control room.
pub(crate) const MAMBU: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7070);

/// The default address of MPO.
pub(crate) const MPO: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7080);
