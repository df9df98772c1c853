//! Whatever bytes come: no task without credentials, no failure of the server's own, and the next client is served.

use std::collections::BTreeMap;

use mpo_receiver::Received;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::auth_model::ACCEPTED;
use crate::live_mpo::LiveMpo;
use crate::raw_request::{Raw, closing, request};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    }
}

/// Sends the bytes and checks what must hold whatever they are; gives the statuses and the number of tasks begun.
fn play(mpo: &LiveMpo, bytes: &[u8], hang_up: bool) -> Result<(Vec<u16>, u64), TestCaseError> {
    let before = mpo.created();
    let Ok(answers) = mpo.talk(bytes, hang_up) else {
        return Err(TestCaseError::fail("the connection hangs"));
    };
    let statuses = answers.statuses();
    prop_assert!(
        statuses.iter().all(|status| (100..500).contains(status)),
        "{:?}",
        statuses
    );
    let begun = mpo.created() - before;
    prop_assert!(mpo.works(), "a good request afterwards is not served");
    Ok((statuses, begun))
}

/// No connection is written down as unreadable twice.
fn check_journal(mpo: &LiveMpo) {
    let unreadable = mpo.ask(|mpo| {
        let mut unreadable: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for entry in mpo.journal().entries().iter() {
            if let Received::Unreadable { connection, reason } = &entry.what {
                unreadable.entry(*connection).or_default().push(reason.clone());
            }
        }
        unreadable
    });
    assert!(!unreadable.is_empty(), "the cases are too tame");
    for (connection, reasons) in unreadable {
        assert_eq!(reasons.len(), 1, "{connection:?}: {reasons:?}");
    }
}

#[test]
fn one_request_starts_a_task_exactly_if_it_has_credentials_and_is_in_order() {
    let mpo = LiveMpo::start();
    proptest!(config(900), |(raw in request())| {
        if raw.in_order {
            let (statuses, begun) = play(&mpo, &closing(&raw), false)?;
            prop_assert_eq!(statuses, [if raw.at_most == 1 { 200 } else { 403 }]);
            prop_assert_eq!(begun, raw.at_most);
        } else {
            let (_, begun) = play(&mpo, &raw.bytes, true)?;
            prop_assert!(begun <= raw.at_most, "{} tasks", begun);
        }
    });
    check_journal(&mpo);
}

#[test]
fn requests_in_a_row_start_no_more_tasks_than_have_credentials() {
    let mpo = LiveMpo::start();
    proptest!(config(300), |(raws in prop::collection::vec(request(), 2..6))| {
        if raws.iter().all(|raw| raw.in_order) {
            let (last, rest) = raws.split_last().ok_or_else(|| TestCaseError::fail("none"))?;
            let mut bytes: Vec<u8> = rest.iter().flat_map(|raw| raw.bytes.clone()).collect();
            bytes.extend(closing(last));
            let (statuses, begun) = play(&mpo, &bytes, false)?;
            let expected: Vec<u16> = raws.iter().map(|raw| if raw.at_most == 1 { 200 } else { 403 }).collect();
            prop_assert_eq!(statuses, expected);
            prop_assert_eq!(begun, total(&raws));
        } else {
            let bytes: Vec<u8> = raws.iter().flat_map(|raw| raw.bytes.clone()).collect();
            // A length that is too large takes bytes of the next request: a request that alone starts nothing can then be
            // whole. Credentials it must have all the same.
            let most = times(&bytes, TOKEN);
            let (_, begun) = play(&mpo, &bytes, true)?;
            prop_assert!(begun <= most, "{} tasks", begun);
        }
    });
    check_journal(&mpo);
}

/// What every request with the right credentials has, whatever the case of its scheme.
const TOKEN: &[u8] = b"bWFtYnU6czNjcmV0";

/// How often a text stands in bytes.
fn times(bytes: &[u8], text: &[u8]) -> u64 {
    bytes.windows(text.len()).filter(|window| *window == text).count() as u64
}

fn total(raws: &[Raw]) -> u64 {
    raws.iter().map(|raw| raw.at_most).sum()
}

#[test]
fn half_a_request_starts_nothing() {
    let mpo = LiveMpo::start();
    proptest!(config(250), |(raw in request(), cut: prop::sample::Index)| {
        prop_assume!(raw.in_order);
        let half = &raw.bytes[..cut.index(raw.bytes.len())];
        let (_, begun) = play(&mpo, half, true)?;
        prop_assert_eq!(begun, 0);
    });
}

#[test]
fn any_bytes_at_all_are_survived() {
    let mpo = LiveMpo::start();
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..8_192),
        "[A-Z]{1,7} [/ -~]{0,40} HTTP/1\\.[01]\r\n([a-zA-Z-]{1,12}: ?[ -~]{0,20}\r\n){0,5}\r\n[ -~]{0,60}"
            .prop_map(String::into_bytes),
        "([ -~]{0,30}\r?\n){0,20}".prop_map(String::into_bytes),
    ];
    proptest!(config(300), |(bytes in bytes)| {
        let (_, begun) = play(&mpo, &bytes, true)?;
        prop_assert_eq!(begun, 0);
    });
    check_journal(&mpo);
}

#[test]
fn a_changed_byte_anywhere_never_makes_more_than_one_task() {
    let mpo = LiveMpo::start();
    let good = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nAuthorization: {}\r\nContent-Length: 7\r\n\r\n{{\"n\":1}}",
        crate::live_mpo::PATH,
        crate::live_mpo::RIGHT
    )
    .into_bytes();
    let credentials = good.windows(6).position(|window| window == b"Basic ").unwrap();
    let credentials = credentials..credentials + crate::live_mpo::RIGHT.len();
    proptest!(config(250), |(at in 0..good.len(), byte: u8)| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        let (_, begun) = play(&mpo, &bytes, true)?;
        prop_assert!(begun <= 1);
        if credentials.contains(&at) {
            let value = bytes[credentials.clone()].to_vec();
            let accepted = crate::auth_model::outcome(&[value], b"mambu", b"s3cret") == ACCEPTED;
            prop_assert!(begun == 0 || accepted);
        }
    });
}

#[test]
fn the_cases_are_of_every_kind() {
    let mut runner = TestRunner::deterministic();
    let requests = request();
    let mut kinds: BTreeMap<(bool, u64), u32> = BTreeMap::new();
    for _ in 0..1_000 {
        let raw = requests.new_tree(&mut runner).unwrap().current();
        *kinds.entry((raw.in_order, raw.at_most)).or_default() += 1;
    }
    for kind in [(true, 0), (true, 1), (false, 0), (false, 1)] {
        assert!(
            kinds.get(&kind).is_some_and(|count| *count >= 50),
            "{kind:?}: {kinds:?}"
        );
    }
}
