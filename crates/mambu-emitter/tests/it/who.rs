//! Whom an event is about and who is subscribed: which templates make a message, and the reason where one does not.

use std::time::Duration;

use mambu_emitter::bank::{Bank, Change, Kind, derived_key};
use mambu_emitter::message::FailureReason;
use mambu_emitter::template::{Subscription, Target, Template, Trigger};
use mambu_emitter::value::Value;
use mambu_emitter::{Configuration, Event, Mambu};
use sim_world::World;

use crate::receiver::Receiver;
use crate::tenant::{attempts, disbursement, ends, genesis, template, tenant, verdicts};

/// What templates make of changes in the demo bank with a loan `LN-3001` of its group: verdicts of template `a`, and how
/// many requests came.
fn play(configuration: Configuration, changes: &[Change]) -> (Vec<String>, usize) {
    let (mambu, requests) = played(configuration, changes);
    (verdicts(&mambu, "a"), requests)
}

fn played(configuration: Configuration, changes: &[Change]) -> (Mambu, usize) {
    let mut bank = Bank::demo();
    let mut loan = Value::clone(bank.find(Kind::Loan, "LN-1001").unwrap());
    loan.set("id", Value::text("LN-3001"));
    loan.set("encodedKey", Value::text(derived_key("loan", "LN-3001")));
    loan.set("accountHolderKey", Value::text(derived_key("group", "GRP-3001")));
    loan.set("accountHolderType", Value::text("GROUP"));
    bank.put(Kind::Loan, loan);
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, Duration::ZERO);
        let mambu = Mambu::new(&world, bank, configuration);
        for change in changes {
            mambu.emit(change).unwrap();
        }
        world.quiet().await.unwrap();
        (mambu, receiver.came().len())
    })
    .unwrap()
}

fn of_the_group() -> Change {
    let mut change = disbursement(100);
    change.records.insert(Kind::Loan, "LN-3001".into());
    change
}

fn with(change: impl FnOnce(&mut Template)) -> Configuration {
    let mut template = template("a");
    change(&mut template);
    tenant([template])
}

#[test]
fn a_target_takes_the_events_of_its_own_kind_of_holder() {
    let group = "target is CLIENT, the event is about a group";
    let client = "target is GROUP, the event is about a client";
    for (target, expected, requests) in [
        (Target::Client, ["fires", group], 1),
        (Target::Group, [client, "fires"], 1),
        (Target::Loans, ["fires", "fires"], 2),
        (
            Target::Savings,
            [
                "target is SAVINGS, the event is about a client",
                "target is SAVINGS, the event is about a group",
            ],
            0,
        ),
    ] {
        let configuration = with(|template| template.target = target);
        let (verdicts, came) = play(configuration, &[disbursement(100), of_the_group()]);
        assert_eq!(
            (verdicts, came),
            (expected.map(String::from).to_vec(), requests),
            "{target}"
        );
    }
}

#[test]
fn opt_out_is_everybody_but_those_taken_out() {
    let key = derived_key("client", "CL-1001");
    for (unsubscribed, expected) in [
        (vec![], "fires"),
        (vec!["CL-2002".to_owned()], "fires"),
        (vec!["CL-1001".to_owned()], "CL-1001 is unsubscribed (OPT_OUT)"),
        (vec!["CL-2002".into(), key], "CL-1001 is unsubscribed (OPT_OUT)"),
    ] {
        let configuration = with(|template| {
            template.subscription = Subscription::OptOut {
                unsubscribed: unsubscribed.clone(),
            }
        });
        let (verdicts, came) = play(configuration, &[disbursement(100)]);
        assert_eq!(verdicts, [expected], "{unsubscribed:?}");
        assert_eq!(came, usize::from(expected == "fires"));
    }
}

#[test]
fn opt_in_is_nobody_but_those_added() {
    for (subscribed, expected) in [
        (vec![], "CL-1001 is not subscribed (OPT_IN)"),
        (vec!["CL-2002".to_owned()], "CL-1001 is not subscribed (OPT_IN)"),
        (vec!["CL-1001".to_owned()], "fires"),
    ] {
        let configuration = with(|template| {
            template.subscription = Subscription::OptIn {
                subscribed: subscribed.clone(),
            }
        });
        let (verdicts, came) = play(configuration, &[disbursement(100)]);
        assert_eq!(verdicts, [expected], "{subscribed:?}");
        assert_eq!(came, usize::from(expected == "fires"));
    }
}

#[test]
fn groups_subscribe_as_clients_do() {
    let configuration = with(|template| {
        template.target = Target::Group;
        template.subscription = Subscription::OptIn {
            subscribed: vec!["GRP-3001".into()],
        };
    });
    assert_eq!(
        play(configuration, &[of_the_group()]),
        (vec!["fires".to_owned()], 1)
    );
}

#[test]
fn an_inactive_template_makes_nothing() {
    let configuration = with(|template| template.activated = false);
    assert_eq!(
        play(configuration, &[disbursement(100)]),
        (vec!["is inactive".to_owned()], 0)
    );
}

#[test]
fn a_template_that_people_send_by_hand_makes_nothing_by_itself() {
    let configuration = with(|template| template.trigger = Trigger::Manual);
    assert_eq!(
        play(configuration, &[disbursement(100)]),
        (vec!["has trigger MANUAL".to_owned()], 0)
    );
}

#[test]
fn a_template_for_another_event_says_which() {
    let configuration = with(|template| template.event = Event::LoanRepayment);
    assert_eq!(
        play(configuration, &[disbursement(100)]),
        (vec!["listens to LOAN_REPAYMENT".to_owned()], 0)
    );
}

#[test]
fn with_the_tenants_switch_off_a_message_is_made_and_fails_at_once() {
    let mut configuration = tenant([template("a")]);
    configuration.webhooks_enabled = false;
    let (mambu, came) = played(configuration, &[disbursement(100), disbursement(200)]);
    assert_eq!(verdicts(&mambu, "a"), ["fires", "fires"]);
    assert_eq!((came, attempts(&mambu)), (0, vec![]));
    let off = Err(FailureReason::WebhookNotificationsDisabled);
    assert_eq!(ends(&mambu), [(1, off), (2, off)]);
}

#[test]
fn two_templates_for_one_event_send_a_message_each() {
    let configuration = tenant([template("a"), template("b")]);
    let (mambu, came) = played(configuration, &[disbursement(100)]);
    assert_eq!(came, 2);
    assert_eq!(ends(&mambu), [(1, Ok(())), (2, Ok(()))]);
}

#[test]
fn the_activity_beside_a_change_makes_a_message_of_its_own_unless_the_profile_says_no() {
    for (activity_events, expected) in [(true, "fires"), (false, "listens to LOAN_ACCOUNT_ACTIVITY")] {
        let mut configuration = with(|template| {
            template.event = Event::LoanAccountActivity;
            template.body = r#"{"activity":"{ACTIVITY_TYPE}"}"#.into();
        });
        configuration.profile.activity_events = activity_events;
        let (verdicts, came) = play(configuration, &[disbursement(100)]);
        assert_eq!(
            (verdicts, came),
            (vec![expected.to_owned()], usize::from(activity_events))
        );
    }
}
