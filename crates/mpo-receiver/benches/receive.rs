//! What the pure parts of the receiver cost: one request decided, one body read, one header judged.
//!
//! `cargo bench -p mpo-receiver --bench receive`

use divan::{Bencher, black_box};
use mpo_process::{ConvId, Json, ProcessState, TaskSpace, Variables};
use mpo_receiver::{
    Configuration, Credentials, DirectUrl, Orchestrator, ProcessConfig, Profile, Request, ResolvedAuth,
    StartAuth, body, decide,
};

const PATH: &str = "/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
const GOOD: &[u8] = b"Basic bWFtYnU6czNjcmV0";
const BAD: &[u8] = b"Basic bWFtYnU6d3Jvbmc=";
const NOW_MS: i64 = 1_767_600_000_000;

fn main() {
    divan::main();
}

fn basic() -> StartAuth {
    StartAuth::Basic(Some(Credentials {
        user: "mambu".into(),
        pass: "s3cret".into(),
    }))
}

fn orchestrator() -> Orchestrator {
    let configuration = Configuration {
        processes: vec![ProcessConfig {
            name: "intake".into(),
            conv_id: ConvId::new(31_754),
            title: "Intake".into(),
            state: ProcessState::Active,
            direct_url: DirectUrl::parse(&format!("https://mpo.example{PATH}")).expect("a link"),
            direct_url_enabled: true,
            start: basic(),
        }],
        profile: Profile {
            max_tasks_per_process: u64::MAX,
            ..Profile::default()
        },
        ..Configuration::default()
    };
    Orchestrator::new(&configuration, sim_world::random_stream(0, "mpo.task-id", ""))
}

/// A body as templates make them: 430 bytes in a dozen members.
fn body_of_430_bytes() -> String {
    let fields: Vec<String> = (0..12)
        .map(|n| format!(r#""field_{n:02}":"{}""#, "0123456789 abcdefghij"))
        .collect();
    let body = format!("{{{}}}", fields.join(","));
    let filler = 430 - body.len() - r#","n":"""#.len();
    format!(r#"{},"n":"{}"}}"#, body.trim_end_matches('}'), "x".repeat(filler))
}

#[divan::bench(args = [("good", GOOD), ("bad", BAD)])]
fn receive(bencher: Bencher<'_, '_>, (_, authorization): (&str, &[u8])) {
    let body = body_of_430_bytes();
    let mut orchestrator = orchestrator();
    bencher.bench_local(|| {
        if orchestrator.tasks().created() == 10_000 {
            orchestrator.forget_tasks();
        }
        let request = Request {
            method: "POST",
            path: PATH,
            authorization: &[authorization],
            body: body.as_bytes(),
        };
        orchestrator.receive(black_box(request), NOW_MS)
    });
}

#[divan::bench]
fn read_body(bencher: Bencher<'_, '_>) {
    let (body, profile) = (body_of_430_bytes(), Profile::default());
    let mut space = TaskSpace::default();
    bencher.bench_local(|| body::read(black_box(body.as_bytes()), &profile, &mut space));
}

#[divan::bench]
fn scan_json(bencher: Bencher<'_, '_>) {
    let body = body_of_430_bytes();
    bencher.bench(|| Json::read(black_box(body.as_bytes())).is_ok());
}

#[divan::bench(args = [GOOD, BAD])]
fn judge_header(bencher: Bencher<'_, '_>, header: &[u8]) {
    let auth = ResolvedAuth::new(&basic(), &Variables::default(), true);
    bencher.bench(|| decide(black_box(&[header]), &auth));
}
