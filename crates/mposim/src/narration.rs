//! Lines of `serve` on stderr: written by a thread of their own, so that nobody who does not read them holds anything up.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Lines that wait to be written; when nobody reads stderr, further lines are counted and not shown.
const WAITING: usize = 10_000;

/// At the end: how long nothing may be read before the rest is left, and how long the rest may take at all.
const STUCK: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(5);

/// Takes lines for stderr.
pub(crate) struct Narration {
    lines: SyncSender<String>,
    written: Arc<AtomicU64>,
    unshown: u64,
    over: Receiver<()>,
}

impl Narration {
    /// Begins to write.
    pub(crate) fn begin() -> Self {
        let (lines, waiting) = sync_channel::<String>(WAITING);
        let (ended, over) = sync_channel(1);
        let written = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&written);
        // Without the thread the lines are counted as not shown.
        let _ = std::thread::Builder::new()
            .name("narration".into())
            .spawn(move || {
                for line in waiting {
                    let _ = writeln!(anstream::stderr().lock(), "{line}");
                    count.fetch_add(1, Ordering::Relaxed);
                }
                let _ = ended.send(());
            });
        Self {
            lines,
            written,
            unshown: 0,
            over,
        }
    }

    /// Says a line. Never waits.
    pub(crate) fn say(&mut self, line: String) {
        self.unshown += u64::from(self.lines.try_send(line).is_err());
    }

    /// How many lines found no space.
    pub(crate) fn unshown(&self) -> u64 {
        self.unshown
    }

    /// Waits until everything is written, as long as somebody reads.
    pub(crate) fn end(self) {
        let Self {
            lines, written, over, ..
        } = self;
        drop(lines);
        let began = Instant::now();
        let mut before = written.load(Ordering::Relaxed);
        while over.recv_timeout(STUCK) == Err(RecvTimeoutError::Timeout) {
            let now = written.load(Ordering::Relaxed);
            if now == before || began.elapsed() > LONGEST {
                return;
            }
            before = now;
        }
    }
}
