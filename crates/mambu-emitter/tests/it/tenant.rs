//! A tenant to play with: templates, changes, and what its journal says in few words.

use std::time::Duration;

use jiff::Timestamp;
use mambu_emitter::bank::{Bank, Change};
use mambu_emitter::happening::Happening;
use mambu_emitter::message::FailureReason;
use mambu_emitter::template::Template;
use mambu_emitter::{Configuration, Event, Mambu, Profile};
use rust_decimal::Decimal;
use sim_world::{Genesis, Instant, Limits, World};

/// The host of the stub receiver.
pub(crate) const HOST: &str = "receiver.example";

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// A webhook for disbursements that carries the amount.
pub(crate) fn template(id: &str) -> Template {
    let url = format!("https://{HOST}/{id}");
    Template::new(
        id,
        Event::LoanDisbursement,
        &url,
        r#"{"amount":"{TRANSACTION_AMOUNT}"}"#,
    )
}

/// Without jitter, so that instants can be written down.
pub(crate) fn steady() -> Profile {
    Profile {
        retry_jitter: 0.0,
        ..Profile::default()
    }
}

pub(crate) fn tenant(templates: impl IntoIterator<Item = Template>) -> Configuration {
    Configuration {
        templates: templates.into_iter().collect(),
        profile: steady(),
        ..Configuration::default()
    }
}

/// A disbursement of so much.
pub(crate) fn disbursement(amount: u32) -> Change {
    Change {
        amount: Some(Decimal::from(amount)),
        ..Change::new(Event::LoanDisbursement)
    }
}

pub(crate) fn genesis(seed: u64) -> Genesis {
    Genesis {
        seed,
        start: "2026-01-05T08:00:00Z".parse::<Timestamp>().unwrap(),
        limits: Limits::default(),
    }
}

pub(crate) fn bank(world: &World, configuration: Configuration) -> Mambu {
    Mambu::new(world, Bank::demo(), configuration)
}

/// One attempt: message, attempt, when it began, and its status or the reason of its failure.
pub(crate) type Attempt = (u64, u32, Instant, Result<u16, FailureReason>);

/// The attempts, in the order of their ends.
pub(crate) fn attempts(mambu: &Mambu) -> Vec<Attempt> {
    let entries = mambu.journal().entries();
    let attempts = entries.iter().filter_map(|entry| match &entry.what {
        Happening::Attempted {
            message,
            attempt,
            began,
            result,
            ..
        } => Some((
            message.0,
            *attempt,
            *began,
            result.clone().map_err(|failure| failure.reason),
        )),
        _ => None,
    });
    attempts.collect()
}

/// How each message ended, in the order of their ends.
pub(crate) fn ends(mambu: &Mambu) -> Vec<(u64, Result<(), FailureReason>)> {
    let entries = mambu.journal().entries();
    let ends = entries.iter().filter_map(|entry| match &entry.what {
        Happening::Ended { message, result } => {
            Some((message.0, result.clone().map_err(|failure| failure.reason)))
        }
        _ => None,
    });
    ends.collect()
}

/// The verdicts of a template, as a person reads them.
pub(crate) fn verdicts(mambu: &Mambu, id: &str) -> Vec<String> {
    let entries = mambu.journal().entries();
    let verdicts = entries.iter().filter_map(|entry| match &entry.what {
        Happening::Considered {
            template, verdict, ..
        } if &**template == id => Some(verdict.to_string()),
        _ => None,
    });
    verdicts.collect()
}

/// The instant so many milliseconds after the first moment.
pub(crate) fn at(millis: u64) -> Instant {
    Instant::ZERO + Duration::from_millis(millis)
}
