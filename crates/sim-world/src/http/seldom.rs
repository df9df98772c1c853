//! A future that waits beside a busy one of the same task, and costs it nothing.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Polled when it was woken itself, not whenever its task is.
pub(super) struct Seldom<F> {
    future: Pin<Box<F>>,
    bell: Option<Arc<Bell>>,
}

/// Wakes the task, and remembers for whom.
struct Bell {
    has_rung: AtomicBool,
    task: Waker,
}

impl<F> Seldom<F> {
    pub(super) fn new(future: F) -> Self {
        Self {
            future: Box::pin(future),
            bell: None,
        }
    }
}

impl<F: Future> Future for Seldom<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let here = &mut *self;
        let bell = match &mut here.bell {
            Some(bell) if bell.task.will_wake(context.waker()) => bell,
            bell => bell.insert(Arc::new(Bell {
                has_rung: AtomicBool::new(true),
                task: context.waker().clone(),
            })),
        };
        // Most of the time it has not, and a look is cheaper than a swap.
        if !bell.has_rung.load(Ordering::Relaxed) || !bell.has_rung.swap(false, Ordering::Acquire) {
            return Poll::Pending;
        }
        let waker = Waker::from(Arc::clone(bell));
        here.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::time::Duration;

    use super::*;

    #[tokio::test(flavor = "current_thread", start_paused = true)]
    async fn it_is_polled_when_it_was_woken_and_not_with_its_neighbour() {
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        let mut sleep = Box::pin(tokio::time::sleep(Duration::from_secs(1)));
        let mut seldom = Seldom::new(poll_fn(move |context| {
            counted.set(counted.get() + 1);
            sleep.as_mut().poll(context)
        }));
        let mut busy = tokio::time::interval(Duration::from_millis(100));
        let mut turns = 0;
        loop {
            tokio::select! {
                biased;
                () = &mut seldom => break,
                _ = busy.tick() => turns += 1,
            }
        }
        assert_eq!((turns, polls.get()), (10, 2));
    }
}
