//! Two ends of an in-memory connection. Unlike tokio's duplex they can be reset, as a TCP connection can.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use hyper::rt::ReadBufCursor;

use crate::world::Activity;

/// Bytes that one direction holds before its writer has to wait, as a socket's buffer.
const CAPACITY: usize = 64 * 1024;

/// One direction.
#[derive(Debug, Default)]
struct Duct {
    bytes: VecDeque<u8>,
    is_finished: bool,
    is_reset: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Duct {
    fn wake(&mut self) {
        for waker in [self.reader.take(), self.writer.take()].into_iter().flatten() {
            waker.wake();
        }
    }
}

/// One end of a connection in memory.
#[derive(Debug)]
pub(super) struct PipeEnd {
    incoming: Rc<RefCell<Duct>>,
    outgoing: Rc<RefCell<Duct>>,
    activity: Activity,
}

/// The two ends of a new connection.
pub(super) fn pair(activity: &Activity) -> (PipeEnd, PipeEnd) {
    let there: Rc<RefCell<Duct>> = Rc::default();
    let back: Rc<RefCell<Duct>> = Rc::default();
    let end = |incoming: &Rc<RefCell<Duct>>, outgoing: &Rc<RefCell<Duct>>| PipeEnd {
        incoming: Rc::clone(incoming),
        outgoing: Rc::clone(outgoing),
        activity: activity.clone(),
    };
    (end(&back, &there), end(&there, &back))
}

impl PipeEnd {
    pub(super) fn poll_read(
        &self,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut duct = self.incoming.borrow_mut();
        if duct.is_reset {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        if duct.bytes.is_empty() {
            if duct.is_finished {
                return Poll::Ready(Ok(()));
            }
            duct.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let (front, _) = duct.bytes.as_slices();
        let count = front.len().min(buffer.remaining());
        buffer.put_slice(&front[..count]);
        duct.bytes.drain(..count);
        if let Some(writer) = duct.writer.take() {
            writer.wake();
        }
        self.activity.stir();
        Poll::Ready(Ok(()))
    }

    pub(super) fn poll_write(&self, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let mut duct = self.outgoing.borrow_mut();
        if duct.is_reset {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        if duct.is_finished {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let mut written = 0;
        for slice in slices {
            let count = slice.len().min(CAPACITY - duct.bytes.len());
            duct.bytes.extend(&slice[..count]);
            written += count;
        }
        if written == 0 && slices.iter().any(|slice| !slice.is_empty()) {
            duct.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if let Some(reader) = duct.reader.take() {
            reader.wake();
        }
        self.activity.stir();
        Poll::Ready(Ok(written))
    }

    /// Nothing more will be written.
    pub(super) fn finish(&self) {
        let mut duct = self.outgoing.borrow_mut();
        duct.is_finished = true;
        duct.wake();
        self.activity.stir();
    }

    /// Breaks the connection, both ways; bytes on their way are lost.
    pub(super) fn reset(&self) {
        for duct in [&self.incoming, &self.outgoing] {
            let mut duct = duct.borrow_mut();
            duct.is_reset = true;
            duct.bytes.clear();
            duct.wake();
        }
        self.activity.stir();
    }
}

impl Drop for PipeEnd {
    /// The other end reads what was written and then the end; what it writes from now on breaks.
    fn drop(&mut self) {
        self.finish();
        let mut incoming = self.incoming.borrow_mut();
        if !incoming.is_finished {
            incoming.is_finished = true;
            incoming.wake();
        }
    }
}
