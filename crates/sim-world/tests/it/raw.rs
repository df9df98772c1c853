//! Bytes on a connection without hyper: writes and reads of chosen sizes.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use hyper::rt::{Read as _, ReadBuf, Write as _};
use sim_world::network::Stream;

/// Writes everything, in pieces of these sizes, the last size again and again.
pub(crate) async fn write(stream: &mut Stream, mut bytes: &[u8], pieces: &[usize]) -> io::Result<()> {
    let mut pieces = pieces.iter().copied();
    let mut piece = 1;
    while !bytes.is_empty() {
        piece = pieces.next().unwrap_or(piece).clamp(1, bytes.len().max(1));
        let mut part = &bytes[..piece.min(bytes.len())];
        bytes = &bytes[part.len()..];
        while !part.is_empty() {
            let written = poll_fn(|cx| Pin::new(&mut *stream).poll_write(cx, part)).await?;
            assert!(written > 0 && written <= part.len());
            part = &part[written..];
        }
    }
    poll_fn(|cx| Pin::new(&mut *stream).poll_flush(cx)).await
}

/// Says that nothing more comes.
pub(crate) async fn finish(stream: &mut Stream) -> io::Result<()> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_shutdown(cx)).await
}

/// What comes next, at most `room` bytes; nothing at the end.
pub(crate) async fn read_some(stream: &mut Stream, room: usize) -> io::Result<Vec<u8>> {
    let mut space = vec![0; room.max(1)];
    let mut buffer = ReadBuf::new(&mut space);
    poll_fn(|cx| Pin::new(&mut *stream).poll_read(cx, buffer.unfilled())).await?;
    Ok(buffer.filled().to_vec())
}

/// Reads to the end, with room for `room` bytes at a time.
pub(crate) async fn read_to_end(stream: &mut Stream, room: usize) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let some = read_some(stream, room).await?;
        if some.is_empty() {
            return Ok(all);
        }
        all.extend(some);
    }
}
