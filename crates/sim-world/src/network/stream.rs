//! A connection's end as hyper wants it, in memory or over TCP.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::pipe::PipeEnd;

/// One end of a connection.
#[derive(Debug)]
pub struct Stream(Kind);

#[derive(Debug)]
enum Kind {
    Memory(PipeEnd),
    Tcp(TokioIo<TcpStream>),
}

impl From<TcpStream> for Stream {
    fn from(stream: TcpStream) -> Self {
        Self(Kind::Tcp(TokioIo::new(stream)))
    }
}

impl From<PipeEnd> for Stream {
    fn from(end: PipeEnd) -> Self {
        Self(Kind::Memory(end))
    }
}

impl Stream {
    /// Breaks the connection as a crash does: no orderly end, bytes on their way are lost.
    pub(super) fn reset(self) {
        match self.0 {
            Kind::Memory(end) => end.reset(),
            Kind::Tcp(stream) => {
                // Zero linger makes the kernel send a reset; if that fails the drop still closes.
                let _ = stream.inner().set_zero_linger();
            }
        }
    }
}

impl Read for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().0 {
            Kind::Memory(end) => end.poll_read(cx, buffer),
            Kind::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl Write for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().0 {
            Kind::Memory(end) => end.poll_write(cx, &[IoSlice::new(bytes)]),
            Kind::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().0 {
            Kind::Memory(_) => Poll::Ready(Ok(())),
            Kind::Tcp(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().0 {
            Kind::Memory(end) => {
                end.finish();
                Poll::Ready(Ok(()))
            }
            Kind::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().0 {
            Kind::Memory(end) => end.poll_write(cx, slices),
            Kind::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }
}
