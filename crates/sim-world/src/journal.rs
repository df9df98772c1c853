//! The journal: everything that happened, stamped with its instant and its place in the order of the whole world.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use tokio::sync::Notify;

use crate::clock::Instant;
use crate::world::World;

/// One happening with its stamp.
#[derive(Clone, Debug)]
pub struct Stamped<T> {
    /// When it happened.
    pub at: Instant,
    /// Its place among all happenings of the world, across journals.
    pub sequence: u64,
    /// What happened.
    pub what: T,
}

/// A list of happenings of one kind. Clones share the list.
///
/// The world bounds the number of happenings ([`Limits::max_happenings`](crate::Limits::max_happenings)). In a virtual
/// world the bound is for all its journals together; past it nothing is recorded and the run fails. In a live world each
/// journal keeps at least that many of the newest, drops the oldest, and counts what it dropped.
#[derive(Debug)]
pub struct Journal<T> {
    world: World,
    shared: Rc<Shared<T>>,
}

#[derive(Debug)]
struct Shared<T> {
    entries: RefCell<Vec<Stamped<T>>>,
    dropped: Cell<u64>,
    /// Whether anybody waits for `recorded`.
    awaited: Cell<bool>,
    recorded: Notify,
}

impl<T> Clone for Journal<T> {
    fn clone(&self) -> Self {
        Self {
            world: self.world.clone(),
            shared: Rc::clone(&self.shared),
        }
    }
}

impl<T> Journal<T> {
    /// An empty journal of a world.
    pub fn new(world: &World) -> Self {
        Self {
            world: world.clone(),
            shared: Rc::new(Shared {
                entries: RefCell::default(),
                dropped: Cell::new(0),
                awaited: Cell::new(false),
                recorded: Notify::new(),
            }),
        }
    }

    /// Writes down what happened, now.
    pub fn record(&self, what: T) {
        self.record_at(self.world.now(), what);
    }

    /// The same when it is known what time it is: `at` is now, read since the caller last waited for anything.
    pub fn record_at(&self, at: Instant, what: T) {
        let Some(sequence) = self.world.next_sequence() else {
            return;
        };
        let mut entries = self.shared.entries.borrow_mut();
        debug_assert!(
            entries.last().is_none_or(|last| last.at <= at),
            "a happening is written down before an earlier one"
        );
        if !self.world.is_virtual() {
            self.make_space(&mut entries);
        }
        entries.push(Stamped { at, sequence, what });
        drop(entries);
        self.nudge();
    }

    /// Lets those look again who wait for [`recorded`](Self::recorded).
    pub fn nudge(&self) {
        if self.shared.awaited.replace(false) {
            self.shared.recorded.notify_waiters();
        }
    }

    /// Drops the oldest half of a journal that holds twice what it has to keep.
    fn make_space(&self, entries: &mut Vec<Stamped<T>>) {
        let kept = usize::try_from(self.world.limits().max_happenings)
            .unwrap_or(usize::MAX)
            .max(1);
        if entries.len() >= kept.saturating_mul(2) {
            entries.drain(..kept);
            self.shared.dropped.set(self.shared.dropped.get() + kept as u64);
        }
    }

    /// What was recorded so far, in order.
    pub fn entries(&self) -> Ref<'_, [Stamped<T>]> {
        Ref::map(self.shared.entries.borrow(), Vec::as_slice)
    }

    /// What is kept of what was recorded from a place in the order of the world on, in order.
    pub fn since(&self, sequence: u64) -> Ref<'_, [Stamped<T>]> {
        Ref::map(self.shared.entries.borrow(), |entries| {
            &entries[entries.partition_point(|entry| entry.sequence < sequence)..]
        })
    }

    /// Takes everything recorded so far.
    pub fn take(&self) -> Vec<Stamped<T>> {
        self.shared.entries.take()
    }

    /// How many of the oldest were dropped to make space.
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.get()
    }

    /// Waits until something more is recorded, or for a [`nudge`](Self::nudge).
    ///
    /// A world has one thread, so nothing is missed between a look at [`entries`](Self::entries) and this.
    pub async fn recorded(&self) {
        self.shared.awaited.set(true);
        self.shared.recorded.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Genesis, Limits};

    fn genesis(max_happenings: u64) -> Genesis {
        Genesis {
            seed: 0,
            start: jiff::Timestamp::UNIX_EPOCH,
            limits: Limits {
                max_happenings,
                ..Limits::default()
            },
        }
    }

    fn recorded(journal: &Journal<u64>) -> Vec<u64> {
        journal.entries().iter().map(|entry| entry.what).collect()
    }

    #[test]
    fn a_live_journal_drops_the_oldest_and_counts_what_it_dropped() {
        World::run_live(genesis(3), async |world| {
            let journal = Journal::new(&world);
            (0..6).for_each(|what| journal.record(what));
            assert_eq!(
                (recorded(&journal), journal.dropped()),
                (vec![0, 1, 2, 3, 4, 5], 0)
            );
            journal.record(6);
            assert_eq!((recorded(&journal), journal.dropped()), (vec![3, 4, 5, 6], 3));
            assert_eq!(world.within_limits(), Ok(()));
        })
        .unwrap();
    }

    #[test]
    fn a_virtual_journal_that_is_full_ends_the_run() {
        World::run_virtual(genesis(3), async |world| {
            let journal = Journal::new(&world);
            (0..4).for_each(|what| journal.record(what));
            assert_eq!((recorded(&journal), journal.dropped()), (vec![0, 1, 2], 0));
            assert!(world.within_limits().is_err());
        })
        .unwrap();
    }

    #[test]
    fn what_is_new_is_found_by_its_place_also_after_others_were_taken() {
        World::run_live(genesis(100), async |world| {
            let journal = Journal::new(&world);
            (0..4).for_each(|what| journal.record(what));
            assert_eq!(
                journal
                    .since(2)
                    .iter()
                    .map(|entry| entry.what)
                    .collect::<Vec<_>>(),
                [2, 3]
            );
            journal.take();
            journal.record(4);
            assert_eq!(
                journal
                    .since(2)
                    .iter()
                    .map(|entry| entry.what)
                    .collect::<Vec<_>>(),
                [4]
            );
            assert!(journal.since(5).is_empty());
        })
        .unwrap();
    }
}
