//! The journal: everything that happened, stamped with its instant and its place in the order of the whole world.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

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
/// The world bounds the number of happenings of all its journals together
/// ([`Limits::max_happenings`](crate::Limits::max_happenings)); past that nothing is recorded and the run fails.
#[derive(Debug)]
pub struct Journal<T> {
    world: World,
    entries: Rc<RefCell<Vec<Stamped<T>>>>,
}

impl<T> Clone for Journal<T> {
    fn clone(&self) -> Self {
        Self {
            world: self.world.clone(),
            entries: Rc::clone(&self.entries),
        }
    }
}

impl<T> Journal<T> {
    /// An empty journal of a world.
    pub fn new(world: &World) -> Self {
        Self {
            world: world.clone(),
            entries: Rc::default(),
        }
    }

    /// Writes down what happened, now.
    pub fn record(&self, what: T) {
        if let Some(sequence) = self.world.next_sequence() {
            let at = self.world.now();
            self.entries.borrow_mut().push(Stamped { at, sequence, what });
        }
    }

    /// What was recorded so far, in order.
    pub fn entries(&self) -> Ref<'_, [Stamped<T>]> {
        Ref::map(self.entries.borrow(), Vec::as_slice)
    }

    /// Takes everything recorded so far.
    pub fn take(&self) -> Vec<Stamped<T>> {
        self.entries.take()
    }
}
