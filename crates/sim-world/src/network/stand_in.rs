//! Answers (or does not) in a host's place: what a broken proxy or a dead machine in front of it does.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::rt::{Read as _, ReadBuf};
use hyper::service::service_fn;
use hyper::{Request, Response};
use tokio::sync::oneshot;

use super::fault::{Fault, ScriptedAnswer};
use super::pipe::PipeEnd;
use super::stream::Stream;
use crate::World;

/// Takes the host's place for one connection.
pub(super) fn start(world: &World, end: PipeEnd, fault: Fault) {
    match fault {
        Fault::ResetBeforeRequest => world.spawn(reset_at_first_byte(Stream::from(end))),
        Fault::ResetAfterRequest => world.spawn(serve(Stream::from(end), Part::Reset)),
        Fault::Answer(answer) => world.spawn(serve(Stream::from(end), Part::Answer(answer))),
        _ => world.spawn(serve(Stream::from(end), Part::Silence)),
    }
}

enum Part {
    Answer(ScriptedAnswer),
    Silence,
    Reset,
}

async fn reset_at_first_byte(mut stream: Stream) {
    let mut byte = [0];
    let mut buffer = ReadBuf::new(&mut byte);
    let _ = poll_fn(|cx| Pin::new(&mut stream).poll_read(cx, buffer.unfilled())).await;
    stream.reset();
}

async fn serve(stream: Stream, part: Part) {
    let (has_read, read) = oneshot::channel();
    let has_read = RefCell::new(Some(has_read));
    let part = Rc::new(part);
    let for_service = Rc::clone(&part);
    let service = service_fn(move |request: Request<Incoming>| {
        let part = Rc::clone(&for_service);
        let has_read = has_read.take();
        async move {
            let mut body = request.into_body();
            while let Some(Ok(_)) = body.frame().await {}
            if let Some(has_read) = has_read {
                let _ = has_read.send(());
            }
            match &*part {
                Part::Answer(answer) => Ok::<_, Infallible>(response(answer)),
                Part::Silence | Part::Reset => pending().await,
            }
        }
    });
    let connection = crate::http::server_builder().serve_connection(stream, service);
    if matches!(*part, Part::Reset) {
        let mut connection = connection;
        tokio::select! {
            biased;
            _ = &mut connection => {}
            _ = read => {
                connection.into_parts().io.reset();
            }
        }
    } else {
        let _ = connection.await;
    }
}

fn response(answer: &ScriptedAnswer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body.clone()));
    if let Ok(status) = answer.status.try_into() {
        *response.status_mut() = status;
    }
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (
            hyper::header::HeaderName::try_from(name),
            hyper::header::HeaderValue::try_from(value),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
