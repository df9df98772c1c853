//! Whatever goes into a connection comes out of it whole and in order, whatever the pieces.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use proptest::prelude::*;
use sim_world::http::exchange;
use sim_world::network::{Fault, FaultPlan};
use sim_world::{Instant, World};

use crate::host::{Host, LIMITS, Manner, NAME, Seen, nth, post, virtually};
use crate::raw::{finish, read_to_end, write};

/// So many bytes, none like its neighbours, different for each `mark`.
fn pattern(mark: u8, length: usize) -> Vec<u8> {
    let mut state = u32::from(mark) + 1;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(length)
    .collect()
}

/// Sizes about the capacities of buffers, and any others.
fn size() -> impl Strategy<Value = usize> {
    prop_oneof![
        0..64usize,
        4_000..20_000usize,
        65_000..66_000usize,
        0..120_000usize
    ]
}

fn pieces() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![1..16usize, 1..70_000usize], 0..8)
        .prop_flat_map(|pieces| (Just(pieces), 500..80_000usize))
        .prop_map(|(mut pieces, rest)| {
            pieces.push(rest);
            pieces
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn bodies_of_an_exchange_arrive_whole_in_both_directions(request in size(), reply in size()) {
        let (sent, replied) = (Bytes::from(pattern(1, request)), Bytes::from(pattern(2, reply)));
        let (answer, seen, at) = virtually(async |world| {
            let host = Host::open(&world);
            host.behave(Manner { answer: Some(replied.clone()), ..Manner::default() });
            let outcome = exchange(&world, NAME, post(sent.clone()), LIMITS).await;
            (outcome.result.unwrap().body, host.seen(), world.now())
        });
        prop_assert!(answer == replied);
        prop_assert!(seen == [Seen::Request(nth(1), sent)]);
        prop_assert_eq!(at, Instant::ZERO, "bytes take no time");
    }

    #[test]
    fn raw_bytes_arrive_whole_in_both_directions_at_once(
        lengths in (size(), size()),
        pieces in (pieces(), pieces()),
        rooms in (1_000..70_000usize, 1_000..70_000usize),
    ) {
        let there = Rc::new(pattern(3, lengths.0));
        let back = Rc::new(pattern(4, lengths.1));
        let (at_server, at_client) = virtually(async |world| {
            let mut listener = world.network().listen(NAME).unwrap();
            let got: Rc<RefCell<Option<Vec<u8>>>> = Rc::default();
            let (into, reply) = (Rc::clone(&got), Rc::clone(&back));
            let hold = world.hold("the server");
            world.spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                *into.borrow_mut() = Some(read_to_end(&mut stream, rooms.0).await.unwrap());
                write(&mut stream, &reply, &pieces.1).await.unwrap();
                drop(hold);
            });
            let client = talk(&world, &there, &pieces.0, rooms.1).await;
            world.quiet().await.unwrap();
            (got.take().unwrap(), client)
        });
        prop_assert!(at_server == *there, "{} bytes of {} arrived", at_server.len(), there.len());
        prop_assert!(at_client == *back, "{} bytes of {} came back", at_client.len(), back.len());
    }
}

/// Writes all, ends its own direction, and reads what comes back.
async fn talk(world: &World, bytes: &[u8], pieces: &[usize], room: usize) -> Vec<u8> {
    let (mut stream, _) = world.network().connect(world, NAME).await.unwrap();
    write(&mut stream, bytes, pieces).await.unwrap();
    finish(&mut stream).await.unwrap();
    read_to_end(&mut stream, room).await.unwrap()
}

#[test]
fn a_writer_waits_for_a_reader_and_loses_nothing() {
    virtually(async |world| {
        let mut listener = world.network().listen(NAME).unwrap();
        let (mut client, _) = world.network().connect(&world, NAME).await.unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        let bytes = Rc::new(pattern(5, 300_000));
        let (sent, task) = (Rc::clone(&bytes), world.clone());
        world.spawn(async move {
            write(&mut client, &sent, &[300_000]).await.unwrap();
            drop(client);
            drop(task);
        });
        world.settle().await;
        assert!(read_to_end(&mut server, 7_000).await.unwrap() == *bytes);
    });
}

#[test]
fn what_was_written_before_a_hang_up_is_still_read() {
    virtually(async |world| {
        let mut listener = world.network().listen(NAME).unwrap();
        let (mut client, _) = world.network().connect(&world, NAME).await.unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        write(&mut client, b"last words", &[4]).await.unwrap();
        drop(client);
        assert_eq!(read_to_end(&mut server, 3).await.unwrap(), b"last words");
        let error = write(&mut server, b"too late", &[8]).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
    });
}

#[test]
fn a_client_that_has_said_all_still_gets_its_delayed_answer() {
    virtually(async |world| {
        let mut listener = world.network().listen(NAME).unwrap();
        let delay = std::time::Duration::from_secs(3);
        world
            .network()
            .plan_fault(FaultPlan::new(NAME, [], Fault::Delay(delay)));
        world.spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let question = read_to_end(&mut stream, 100).await.unwrap();
            write(&mut stream, &question, &[2]).await.unwrap();
        });
        assert_eq!(talk(&world, b"question", &[3], 100).await, b"question");
        assert_eq!(world.now(), Instant::ZERO + delay);
        world.quiet().await.unwrap();
    });
}

/// What a raw client reads of an answer of 100,000 bytes before the connection ends, and how it ends.
fn read_under(fault: Fault) -> (std::io::Result<Vec<u8>>, Instant) {
    virtually(async |world| {
        let host = Host::open(&world);
        let answer = Some(pattern(6, 100_000).into());
        host.behave(Manner {
            answer,
            ..Manner::default()
        });
        world.network().plan_fault(FaultPlan::new(NAME, [], fault));
        let (mut stream, _) = world.network().connect(&world, NAME).await.unwrap();
        let question = b"POST / HTTP/1.1\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx";
        write(&mut stream, question, &[10]).await.unwrap();
        (read_to_end(&mut stream, 1_000).await, world.now())
    })
}

#[test]
fn a_cut_is_exact_also_in_a_large_answer() {
    let (whole, _) = read_under(Fault::Pass);
    let whole = whole.unwrap();
    for bytes in [0, 1, 16_383, 16_384, 16_385, 50_000, 99_999] {
        let (cut, _) = read_under(Fault::CutAnswer(bytes));
        assert!(cut.unwrap() == whole[..bytes], "cut after {bytes}");
    }
}

#[test]
fn a_large_answer_is_delayed_once() {
    let delay = std::time::Duration::from_secs(3);
    let ((late, at), (whole, _)) = (read_under(Fault::Delay(delay)), read_under(Fault::Pass));
    assert!(late.unwrap() == whole.unwrap());
    assert_eq!(at, Instant::ZERO + delay);
}

#[test]
fn a_reset_is_no_orderly_end() {
    for fault in [
        Fault::ResetBeforeRequest,
        Fault::ResetAfterRequest,
        Fault::LoseAnswer,
    ] {
        let (read, _) = read_under(fault.clone());
        assert_eq!(
            read.unwrap_err().kind(),
            std::io::ErrorKind::ConnectionReset,
            "{fault}"
        );
    }
}
