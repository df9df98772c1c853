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
                recorded: Notify::new(),
            }),
        }
    }

    /// Writes down what happened, now.
    pub fn record(&self, what: T) {
        let Some(sequence) = self.world.next_sequence() else {
            return;
        };
        let at = self.world.now();
        let mut entries = self.shared.entries.borrow_mut();
        if !self.world.is_virtual() {
            self.make_space(&mut entries);
        }
        entries.push(Stamped { at, sequence, what });
        drop(entries);
        self.shared.recorded.notify_waiters();
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

    /// Takes everything recorded so far.
    pub fn take(&self) -> Vec<Stamped<T>> {
        self.shared.entries.take()
    }

    /// How many of the oldest were dropped to make space.
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.get()
    }

    /// Waits until something more is recorded.
    ///
    /// A world has one thread, so nothing is missed between a look at [`entries`](Self::entries) and this.
    pub async fn recorded(&self) {
        self.shared.recorded.notified().await;
    }
}
