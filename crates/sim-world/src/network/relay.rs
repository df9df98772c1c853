//! Stands between a client and the real host and spoils the answer: later, shorter, or not at all.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBuf, Write};

use super::fault::Fault;
use super::stream::Stream;
use crate::World;

/// Most bytes carried at a time.
const CHUNK: usize = 16 * 1024;

/// Starts to carry bytes; the world is busy until both directions are done.
pub(super) fn start(world: &World, host: &str, client: Stream, server: Stream, fault: Fault) {
    let hold = world.hold(format!("a connection to {host} ({fault})"));
    let task = world.clone();
    world.spawn(async move {
        carry(&task, client, server, fault).await;
        drop(hold);
    });
}

async fn carry(world: &World, mut client: Stream, mut server: Stream, fault: Fault) {
    let mut request_over = false;
    let mut answered: usize = 0;
    let mut first = true;
    loop {
        match either(&mut client, &mut server, request_over).await {
            Side::Client(Ok(bytes)) if bytes.is_empty() => {
                // The client has gone (a timeout) or has said all; the host may still be at work.
                request_over = true;
                let _ = shutdown(&mut server).await;
            }
            Side::Client(Ok(bytes)) => {
                if write_all(&mut server, &bytes).await.is_err() {
                    return client.reset();
                }
            }
            Side::Client(Err(_)) => return server.reset(),
            Side::Server(Ok(bytes)) => {
                if first && !bytes.is_empty() {
                    first = false;
                    match &fault {
                        Fault::Delay(span) => world.sleep(*span).await,
                        Fault::LoseAnswer => {
                            client.reset();
                            return;
                        }
                        _ => {}
                    }
                }
                let allowed = match &fault {
                    Fault::CutAnswer(most) => bytes.len().min(most.saturating_sub(answered)),
                    _ => bytes.len(),
                };
                answered += allowed;
                let _ = write_all(&mut client, &bytes[..allowed]).await;
                if bytes.is_empty() || allowed < bytes.len() {
                    let _ = shutdown(&mut client).await;
                    return;
                }
            }
            Side::Server(Err(_)) => return client.reset(),
        }
    }
}

enum Side {
    Client(std::io::Result<Vec<u8>>),
    Server(std::io::Result<Vec<u8>>),
}

/// What comes next from either side; the client first, always in the same order.
async fn either(client: &mut Stream, server: &mut Stream, request_over: bool) -> Side {
    poll_fn(|cx| {
        if !request_over && let Poll::Ready(read) = poll_chunk(client, cx) {
            return Poll::Ready(Side::Client(read));
        }
        poll_chunk(server, cx).map(Side::Server)
    })
    .await
}

fn poll_chunk(stream: &mut Stream, cx: &mut Context<'_>) -> Poll<std::io::Result<Vec<u8>>> {
    let mut bytes = vec![0; CHUNK];
    let mut buffer = ReadBuf::new(&mut bytes);
    match Pin::new(stream).poll_read(cx, buffer.unfilled()) {
        Poll::Ready(Ok(())) => {
            let read = buffer.filled().len();
            bytes.truncate(read);
            Poll::Ready(Ok(bytes))
        }
        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        Poll::Pending => Poll::Pending,
    }
}

async fn write_all(stream: &mut Stream, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let written = poll_fn(|cx| Pin::new(&mut *stream).poll_write(cx, bytes)).await?;
        if written == 0 {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
    }
    poll_fn(|cx| Pin::new(&mut *stream).poll_flush(cx)).await
}

async fn shutdown(stream: &mut Stream) -> std::io::Result<()> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_shutdown(cx)).await
}
