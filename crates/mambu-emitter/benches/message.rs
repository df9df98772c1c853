//! What the pure parts of the bank cost: an event made, its conditions looked at, its message rendered and checked.
//!
//! `cargo bench -p mambu-emitter --bench message`

use divan::{Bencher, black_box};
use jiff::tz::TimeZone;
use mambu_emitter::bank::{Bank, Change};
use mambu_emitter::condition::{Clause, ScreenClause, evaluate};
use mambu_emitter::render::{Plan, check_body};
use mambu_emitter::template::{Conditions, ContentType, Linking, Template};
use mambu_emitter::verdict::decide;
use mambu_emitter::{Event, Profile, Scene};

const URL: &str =
    "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

const BODY: &str = concat!(
    r#"{"loan":"{ACCOUNT_ID}","client":"{RECIPIENT_ID}","name":"{RECIPIENT_NAME}","#,
    r#""amount":"{TRANSACTION_AMOUNT}","balance":"{TOTAL_BALANCE}","valueDate":"{VALUE_DATE}","#,
    r#""at":"{CURRENT_DATE_TIME}"}"#,
);

fn main() {
    divan::main();
}

fn clause(field: &str, operator: &str, value: &str) -> Clause {
    Clause::from_screen(&ScreenClause {
        field: Some(field.into()),
        is: Some(operator.into()),
        value: Some(value.into()),
        ..ScreenClause::default()
    })
    .expect("a clause")
}

fn template() -> Template {
    Template {
        conditions: Conditions {
            linking: Linking::All,
            clauses: vec![
                clause("TRANSACTION.AMOUNT", "MORE_THAN", "1000"),
                clause("TRANSACTION.VALUE_DATE", "TODAY", ""),
                clause("CLIENT.LAST_NAME", "STARTS_WITH", "Cl"),
            ],
        },
        ..Template::new("disbursed", Event::LoanDisbursement, URL, BODY)
    }
}

fn scene(bank: &mut Bank) -> Scene {
    let moment = "2026-01-05T08:00:00Z".parse().expect("a moment");
    bank.change(&Change::new(Event::LoanDisbursement), moment, &TimeZone::UTC)
        .expect("an event")
}

#[divan::bench]
fn change_the_bank(bencher: Bencher<'_, '_>) {
    let mut bank = Bank::demo();
    bencher.bench_local(|| scene(&mut bank));
}

#[divan::bench]
fn evaluate_three_clauses(bencher: Bencher<'_, '_>) {
    let (template, scene, profile) = (template(), scene(&mut Bank::demo()), Profile::default());
    bencher.bench_local(|| evaluate(&template.conditions, black_box(&scene), &profile));
}

#[divan::bench]
fn decide_a_template(bencher: Bencher<'_, '_>) {
    let (template, scene, profile) = (template(), scene(&mut Bank::demo()), Profile::default());
    assert!(decide(&template, &scene, &profile).fires());
    bencher.bench_local(|| decide(&template, black_box(&scene), &profile));
}

#[divan::bench]
fn compile_a_template() -> Plan {
    Plan::compile(black_box(&template()), &Profile::default())
}

#[divan::bench]
fn render_a_body(bencher: Bencher<'_, '_>) {
    let plan = Plan::compile(&template(), &Profile::default());
    let scene = scene(&mut Bank::demo());
    bencher.bench_local(|| plan.body(black_box(&scene)));
}

#[divan::bench]
fn check_a_body(bencher: Bencher<'_, '_>) {
    let plan = Plan::compile(&template(), &Profile::default());
    let body = plan.body(&scene(&mut Bank::demo()));
    bencher.bench_local(|| check_body(ContentType::ApplicationJson, black_box(body.as_str())));
}
