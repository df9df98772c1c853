//! What a host refuses to read, and how it keeps serving others.

use std::time::Duration;

use bytes::Bytes;
use sim_world::http::ServerLimits;
use sim_world::{ConnectionId, Instant, World};

use crate::host::{Host, Manner, NAME, Seen, ask, virtually, work};
use crate::raw::{finish, read_to_end, write};

const FEW: ServerLimits = ServerLimits {
    head_bytes: 8 * 1024,
    headers: 10,
    head_time: Duration::from_secs(30),
};

async fn say(world: &World, head: &str) -> String {
    let (mut stream, _) = world.network().connect(world, NAME).await.unwrap();
    // A host that hangs up early breaks the rest of the write.
    let _ = write(&mut stream, head.as_bytes(), &[1_000]).await;
    let answer = read_to_end(&mut stream, 1_000).await.unwrap_or_default();
    String::from_utf8(answer).unwrap()
}

#[test]
fn a_head_beyond_a_limit_is_answered_431_or_400_and_written_down() {
    virtually(async |world| {
        let listener = world.network().listen(NAME).unwrap();
        let host = Host::behind(&world, listener, FEW);
        let long = format!("POST / HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(20_000));
        let many = format!("POST / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(11));
        for head in [long.as_str(), &many] {
            let answer = say(&world, head).await;
            assert!(answer.starts_with("HTTP/1.1 431 "), "{answer:?}");
        }
        for head in ["no request at all\r\n\r\n", "POST / HTTP/1.1\r\nno colon\r\n\r\n"] {
            let answer = say(&world, head).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{answer:?}");
        }
        assert_eq!(
            host.seen(),
            [1, 2, 3, 4].map(|id| Seen::Unreadable(ConnectionId(id)))
        );
        assert!(ask(&world).await.result.is_ok());
        assert_eq!(host.seen()[4..], [work(5)]);
    });
}

#[test]
fn as_many_headers_as_allowed_are_read() {
    virtually(async |world| {
        let listener = world.network().listen(NAME).unwrap();
        let host = Host::behind(&world, listener, FEW);
        let head = format!(
            "POST / HTTP/1.1\r\n{}connection: close\r\n\r\n",
            "x: y\r\n".repeat(9)
        );
        assert!(say(&world, &head).await.starts_with("HTTP/1.1 200 "));
        assert_eq!(host.seen().len(), 1);
    });
}

#[test]
fn half_a_head_is_given_up_exactly_at_its_limit() {
    virtually(async |world| {
        let listener = world.network().listen(NAME).unwrap();
        let host = Host::behind(&world, listener, FEW);
        say(&world, "POST / HTTP/1.1\r\nhost: host.exa").await;
        assert_eq!(world.now(), Instant::ZERO + FEW.head_time);
        assert_eq!(host.seen(), []);
        assert!(ask(&world).await.result.is_ok());
    });
}

#[test]
fn half_a_body_is_seen_as_broken_and_served_no_further() {
    virtually(async |world| {
        let host = Host::open(&world);
        let (mut stream, _) = world.network().connect(&world, NAME).await.unwrap();
        let half = b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nhalf";
        write(&mut stream, half, &[half.len()]).await.unwrap();
        finish(&mut stream).await.unwrap();
        let _ = read_to_end(&mut stream, 100).await;
        world.quiet().await.unwrap();
        assert_eq!(host.seen(), [Seen::Broken(crate::host::nth(1))]);
        assert_eq!(world.now(), Instant::ZERO);
    });
}

#[test]
fn requests_on_one_connection_are_counted() {
    virtually(async |world| {
        let host = Host::open(&world);
        let (mut stream, connection) = world.network().connect(&world, NAME).await.unwrap();
        let three = "POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\nx".repeat(2)
            + "POST / HTTP/1.1\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx";
        write(&mut stream, three.as_bytes(), &[7]).await.unwrap();
        let answers = String::from_utf8(read_to_end(&mut stream, 100).await.unwrap()).unwrap();
        assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3);
        let requests: Vec<u32> = host
            .seen()
            .into_iter()
            .filter_map(|seen| match seen {
                Seen::Request(exchange, _) if exchange.connection == connection => Some(exchange.request),
                _ => None,
            })
            .collect();
        assert_eq!(requests, [1, 2, 3]);
    });
}

#[test]
fn an_answer_that_is_read_late_is_not_cut() {
    virtually(async |world| {
        let listener = world.network().listen(NAME).unwrap();
        let host = Host::behind(&world, listener, FEW);
        let long = Bytes::from(vec![b'x'; 300_000]);
        host.behave(Manner {
            answer: Some(long.clone()),
            ..Manner::default()
        });
        let (mut stream, _) = world.network().connect(&world, NAME).await.unwrap();
        let request = b"POST / HTTP/1.1\r\nconnection: close\r\n\r\n";
        write(&mut stream, request, &[request.len()]).await.unwrap();
        world.sleep(3 * FEW.head_time).await;
        let answer = read_to_end(&mut stream, 10_000).await.unwrap();
        assert!(answer.ends_with(&long), "{} bytes", answer.len());
    });
}

#[test]
fn the_time_for_the_next_head_begins_when_an_answer_is_written() {
    virtually(async |world| {
        let listener = world.network().listen(NAME).unwrap();
        let host = Host::behind(&world, listener, FEW);
        host.behave(Manner {
            works_for: Duration::from_secs(45),
            ..Manner::default()
        });
        let (mut stream, _) = world.network().connect(&world, NAME).await.unwrap();
        let request = b"POST / HTTP/1.1\r\n\r\n";
        write(&mut stream, request, &[request.len()]).await.unwrap();
        let answer = read_to_end(&mut stream, 10_000).await.unwrap();
        assert!(answer.ends_with(b"hello"));
        assert_eq!(
            world.now(),
            Instant::ZERO + Duration::from_secs(45) + FEW.head_time
        );
    });
}
