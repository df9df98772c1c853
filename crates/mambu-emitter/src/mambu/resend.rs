//! Sending a failed message again: what a record of the communication log must have, and how it goes out.
//!
//! The stored body and destination are sent, with the current headers and credentials of the template and a new
//! idempotency key (documented for the body, assumed for the rest: webhooks sheet 5.1 and 5.5).

use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;

use super::{Failure, FailureReason, Happening, Mambu, Message, MessageId};
use crate::event::Event;
use crate::message::State;
use crate::mistake::{MambuError, Mistake, nearest};
use crate::render::check_body;
use crate::url::Url;

/// Members of a message record that a resend looks at (documented: webhooks sheet 6.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// `type`
    pub kind: Option<String>,
    /// `event`
    pub event: Option<String>,
    /// `state`
    pub state: Option<String>,
    /// `failureReason`
    pub failure_reason: Option<String>,
    /// `destination`
    pub destination: Option<String>,
    /// `body`
    pub body: Option<String>,
}

impl Record {
    /// Members that say who and when, which a resend does not look at (documented: webhooks sheet 6.3).
    pub const IDLE_MEMBERS: [&str; 12] = [
        "creationDate",
        "sendDate",
        "subject",
        "senderKey",
        "clientKey",
        "groupKey",
        "userKey",
        "loanAccountKey",
        "depositAccountKey",
        "savingsAccountKey",
        "repaymentKey",
        "referenceId",
    ];
}

/// A failed message, ready to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMessage {
    /// The id of the template whose headers and credentials it goes with.
    pub template: String,
    /// The event that it was about.
    pub event: Event,
    /// The stored URL. May hold a secret: print [`masked`](crate::delivery::destination::masked) only.
    pub destination: Url,
    /// The stored body.
    pub body: Bytes,
    /// Why it failed, as its record says.
    pub failed_with: Option<String>,
}

impl StoredMessage {
    /// Reads a record, to be sent as `template`. Pointers of mistakes name the record's members.
    ///
    /// # Errors
    /// With everything that keeps Mambu from sending it again.
    ///
    /// ```
    /// use mambu_emitter::mambu::{Record, StoredMessage};
    /// let sent = Record { state: Some("SENT".into()), ..Record::default() };
    /// let mistakes = StoredMessage::read(&sent, "repaid").unwrap_err();
    /// assert_eq!(mistakes[1].pointer, "/state");
    /// assert_eq!(mistakes[1].refused_with.unwrap().code, 2606);
    /// ```
    pub fn read(record: &Record, template: &str) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        if let Some(kind) = record.kind.as_deref().filter(|kind| *kind != "WEB_HOOK") {
            let problem = format!("a message of type {kind} is no webhook");
            mistakes.push(Mistake::new("/type", problem).hint("only WEB_HOOK messages go to a URL"));
        }
        let event = Self::event(record.event.as_deref(), &mut mistakes);
        check_state(record.state.as_deref(), &mut mistakes);
        let destination = needed("destination", record.destination.as_deref(), &mut mistakes);
        let body = needed("body", record.body.as_deref(), &mut mistakes);
        match (event, destination, body) {
            (Some(event), Some(destination), Some(body)) if mistakes.is_empty() => Ok(Self {
                template: template.to_owned(),
                event,
                destination: Url::from(destination),
                body: Bytes::copy_from_slice(body.as_bytes()),
                failed_with: record.failure_reason.clone(),
            }),
            _ => Err(mistakes),
        }
    }

    fn event(name: Option<&str>, mistakes: &mut Vec<Mistake>) -> Option<Event> {
        let Some(name) = name else {
            mistakes.push(Mistake::new("", "the record of a message has an `event`"));
            return None;
        };
        let event = Event::from_name(name);
        if event.is_none() {
            let problem = format!("Mambu has no event `{name}`");
            let mistake = Mistake::new("/event", problem).refused(MambuError::INVALID_EVENT);
            mistakes.push(match Event::nearest(name) {
                Some(near) => mistake.hint(format!("did you mean `{near}`?")),
                None => mistake,
            });
        }
        event
    }
}

/// Only FAILED messages can be sent again (documented: webhooks sheet 6.1 and 6.5).
fn check_state(state: Option<&str>, mistakes: &mut Vec<Mistake>) {
    let Some(name) = state else {
        mistakes.push(Mistake::new("", "the record of a message has a `state`"));
        return;
    };
    if name == State::Failed.name() {
        return;
    }
    let known = || {
        State::ALL
            .iter()
            .map(|state| state.name())
            .chain(State::OTHER_NAMES)
    };
    if !known().any(|known| known == name) {
        let mistake = Mistake::new("/state", format!("a message has no state `{name}`"));
        mistakes.push(match nearest(name, known()) {
            Some(near) => mistake.hint(format!("did you mean `{near}`?")),
            None => mistake.hint("only FAILED messages can be sent again"),
        });
        return;
    }
    let hint = if name == State::Sent.name() {
        "Mambu takes it as delivered; let the event happen again with an `event:` step"
    } else {
        "Mambu is not done with it; copy the record again when it has failed"
    };
    mistakes.push(
        Mistake::new(
            "/state",
            format!("only a FAILED message can be sent again, not one that is {name}"),
        )
        .hint(hint)
        .refused(MambuError::MESSAGE_STATE_MUST_BE_FAILED),
    );
}

fn needed<'a>(member: &str, value: Option<&'a str>, mistakes: &mut Vec<Mistake>) -> Option<&'a str> {
    let value = value.filter(|value| !value.trim().is_empty());
    if value.is_none() {
        mistakes.push(
            Mistake::new(
                "",
                format!("the record has no `{member}`, so there is nothing to send again"),
            )
            .hint("copy the whole record: `GET /api/communications/messages/KEY?detailsLevel=FULL`"),
        );
    }
    value
}

impl Mambu {
    /// Sends a failed message again: its body and destination as they are stored, everything else as its template has it
    /// now. A template that is not there any more fails it, as Mambu does.
    pub fn resend(&self, stored: StoredMessage) -> MessageId {
        let setup = Rc::clone(&self.0.state.borrow().setup);
        let id = {
            let mut state = self.0.state.borrow_mut();
            state.messages += 1;
            MessageId(state.messages)
        };
        let found = setup.find(&stored.template);
        let template_id = found.map_or_else(
            || stored.template.as_str().into(),
            |known| Arc::clone(&known.prepared.id),
        );
        let now = self.0.world.now();
        let resent = Happening::Resent {
            message: id,
            event: stored.event,
            template: template_id.clone(),
            failed_with: stored.failed_with,
        };
        self.0.journal.record_at(now, resent);
        let Some(known) = found else {
            self.end(now, id, Err(Failure::new(FailureReason::MissingTemplateKey, "")));
            return id;
        };
        let text = std::str::from_utf8(&stored.body).unwrap_or_default();
        let template = known.template;
        let message = Message {
            id,
            malformed: check_body(template.content_type, text).err(),
            template: template_id,
            event: stored.event,
            request_type: template.request_type,
            content_type: template.content_type,
            destination: stored.destination.into(),
            body: stored.body,
        };
        self.dispatch(now, None, message, &setup, known);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Record {
        Record {
            kind: Some("WEB_HOOK".into()),
            event: Some("LOAN_REPAYMENT".into()),
            state: Some("FAILED".into()),
            failure_reason: Some("INVALID_HTTP_RESPONSE".into()),
            destination: Some("https://receiver.example/hook".into()),
            body: Some("{\"id\": 1}".into()),
        }
    }

    fn problems(change: impl FnOnce(&mut Record)) -> Vec<String> {
        let mut record = failed();
        change(&mut record);
        let mistakes = StoredMessage::read(&record, "repaid").err().unwrap_or_default();
        let line = |mistake: Mistake| format!("{}: {}", mistake.pointer, mistake.problem);
        mistakes.into_iter().map(line).collect()
    }

    #[test]
    fn a_failed_webhook_keeps_its_body_and_destination() {
        let stored = StoredMessage::read(&failed(), "repaid").unwrap();
        assert_eq!(stored.body, Bytes::from_static(b"{\"id\": 1}"));
        assert_eq!(&*stored.destination, "https://receiver.example/hook");
        assert_eq!(stored.event, Event::LoanRepayment);
    }

    #[test]
    fn every_other_state_is_refused() {
        for state in [
            "QUEUED",
            "WAITING",
            "SENDING_ASYNC",
            "SENT",
            "SENDING",
            "QUEUED_FOR_STREAM",
        ] {
            let found = problems(|record| record.state = Some(state.into()));
            assert_eq!(
                found,
                [format!(
                    "/state: only a FAILED message can be sent again, not one that is {state}"
                )]
            );
        }
        let found = problems(|record| record.state = Some("FAILD".into()));
        assert_eq!(found, ["/state: a message has no state `FAILD`"]);
    }

    #[test]
    fn all_mistakes_of_a_record_are_said() {
        let found = problems(|record| {
            *record = Record {
                kind: Some("EMAIL".into()),
                event: Some("LOAN_REPAID".into()),
                ..Record::default()
            }
        });
        assert_eq!(found.len(), 5, "{found:?}");
    }
}
