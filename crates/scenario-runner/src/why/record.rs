//! A record of Mambu's communication log (documented: webhooks sheet 6.3), read with every mistake at its line.

use std::path::Path;

use mambu_emitter::message::{FailureReason, State};
use mambu_emitter::mistake::nearest;
use mambu_emitter::{Event, mambu};

use crate::document::{Context, Fields, Mistake, Node, NodeValue, Paint, Spanned, json, render};
use crate::named_file::{self, Unreadable};

/// A record, as far as it is looked at.
#[derive(Clone, Debug)]
pub struct Record {
    pub(super) key: Option<String>,
    pub(super) template: Option<String>,
    pub(super) event: Option<String>,
    pub(super) state: String,
    pub(super) reason: Option<String>,
    pub(super) cause: Option<String>,
    pub(super) retries: Option<u64>,
    pub(super) destination: Option<String>,
    pub(super) body: Option<String>,
}

/// A file that should be a record, read.
#[derive(Debug)]
pub struct Reading {
    /// The record, unless what is wrong with it leaves nothing to explain.
    pub record: Option<Record>,
    context: Context,
}

impl Reading {
    /// Everything that is wrong or doubtful, for people.
    pub fn mistakes(&self, paint: Paint) -> String {
        render(&self.context.sources, &self.context.mistakes, paint)
    }
}

/// Reads the file of a record.
///
/// # Errors
/// When there is no text to read.
pub fn read(path: &Path) -> Result<Reading, Unreadable> {
    named_file::read(path).map(|text| read_text(&path.display().to_string(), &text))
}

/// Reads a record from a text, which mistakes name as `label`.
pub fn read_text(label: &str, text: &str) -> Reading {
    let mut context = Context::default();
    let file = context.sources.add(label, text);
    let is_prose = |text: &str| text.trim_start().starts_with(char::is_alphabetic);
    if is_prose(&context.sources.text(file)) {
        context.report(Mistake::error(file.start(), NO_RECORD).hint(WHOLE_RECORD));
        return Reading {
            record: None,
            context,
        };
    }
    let record = json::read(file, &mut context)
        .and_then(|tree| one(&tree, &mut context))
        .and_then(|tree| record(&tree, &mut context));
    Reading {
        record: record.filter(|_| !context.mistakes.has_errors()),
        context,
    }
}

const NO_RECORD: &str = "expected the record of a message in JSON, and this is another text";

/// How to get a record.
const WHOLE_RECORD: &str = "take the whole record: `GET /api/communications/messages/KEY?detailsLevel=FULL`";

/// The record itself; a search of Mambu's API answers with a list of them.
fn one(tree: &Node, cx: &mut Context) -> Option<Node> {
    match tree.items() {
        None => Some(tree.clone()),
        Some([one]) => Some(one.clone()),
        Some(several) => {
            let message = format!("one record can be explained; these are {}", several.len());
            let mistake = Mistake::error(tree.at, message);
            cx.fail(mistake.hint("put the record in question into a file of its own"))
        }
    }
}

/// What is looked at.
const KEYS: [&str; 10] = [
    "encodedKey",
    "templateKey",
    "type",
    "event",
    "state",
    "failureReason",
    "failureCause",
    "numRetries",
    "destination",
    "body",
];

fn record(node: &Node, cx: &mut Context) -> Option<Record> {
    let node = rightly_spelt(node, cx);
    if let Some(cause) = node.get("failureCause") {
        // It may quote credentials.
        cx.hide(cause);
    }
    let mut fields = Fields::of(&node, cx, "the record of a message")?;
    let state = fields.required::<Spanned<String>>("state");
    let kind = fields.optional::<Spanned<String>>("type");
    let event = fields.optional::<Spanned<String>>("event");
    let reason = fields.optional::<Spanned<String>>("failureReason");
    let read = (
        fields.optional("encodedKey"),
        fields.optional("templateKey"),
        fields.optional("failureCause"),
        fields.optional("numRetries"),
        fields.optional("destination"),
        fields.optional("body"),
    );
    fields.finish_open();
    if let Some(Some(kind)) = kind.filter(|kind| kind.as_ref().is_some_and(|kind| kind.value != "WEB_HOOK")) {
        let message = format!("a message of type {} is no webhook", cx.quote_span(kind.span));
        cx.report(Mistake::error(kind.span, message).hint("only WEB_HOOK messages go to a URL"));
    }
    let state = state?;
    check_state(&state, cx);
    let (event, reason) = (event?, reason?);
    if let Some(event) = event.as_ref().filter(|event| Event::from_name(event).is_none()) {
        let message = format!("Mambu has no event {}", cx.quote_span(event.span));
        let near = Event::nearest(event).map(|near| format!("did you mean `{near}`?"));
        cx.report(Mistake::warning(event.span, message).maybe_hint(near));
    }
    if let Some(reason) = &reason {
        check_reason(reason, cx);
    }
    let (key, template, cause, retries, destination, body) = read;
    Some(Record {
        key: key?,
        template: template?,
        event: event.map(|event| event.value),
        state: state.value,
        reason: reason.map(|reason| reason.value),
        cause: cause?,
        retries: retries?,
        destination: destination?,
        body: body?,
    })
}

fn check_state(state: &Spanned<String>, cx: &mut Context) {
    let known = || {
        State::ALL
            .iter()
            .map(|state| state.name())
            .chain(State::OTHER_NAMES)
    };
    if known().all(|known| known != state.value) {
        let message = format!("a message has no state {}", cx.quote_span(state.span));
        let all = known().collect::<Vec<_>>().join(", ");
        let mistake = Mistake::error(state.span, message);
        cx.report(mistake.guess(nearest(state, known()), format!("one of {all}")));
    }
}

/// A reason that is on no list may be a newer one: the rest of the record is explained all the same.
fn check_reason(reason: &Spanned<String>, cx: &mut Context) {
    let webhooks = || FailureReason::ALL.iter().map(|reason| reason.name());
    let quoted = cx.quote_span(reason.span);
    if FailureReason::OTHER_NAMES.contains(&&*reason.value) {
        let message = format!("{quoted} is not known as a reason of webhooks");
        cx.report(Mistake::warning(reason.span, message).hint("Mambu lists it among those of all messages"));
    } else if webhooks().all(|known| known != reason.value) {
        let message = format!("{quoted} is on no list of Mambu's failure reasons");
        let all = webhooks().collect::<Vec<_>>().join(", ");
        let mistake = Mistake::warning(reason.span, message);
        cx.report(mistake.guess(
            nearest(reason, webhooks()),
            format!("those of webhooks are {all}"),
        ));
    }
}

/// The record with misspelt keys under their right names, each of them reported; one beside the right key is doubtful only.
fn rightly_spelt(node: &Node, cx: &mut Context) -> Node {
    let mut node = node.clone();
    let NodeValue::Map(entries) = &mut node.value else {
        return node;
    };
    let missing: Vec<&str> = KEYS
        .into_iter()
        .filter(|key| entries.iter().all(|entry| &*entry.key != *key))
        .collect();
    let known = || KEYS.into_iter().chain(mambu::Record::IDLE_MEMBERS);
    for entry in entries {
        if known().any(|key| key == &*entry.key) {
            continue;
        }
        let message = format!("the record of a message has no key `{}`", entry.key);
        let distance =
            |key: &str| strsim::damerau_levenshtein(&entry.key.to_lowercase(), &key.to_lowercase());
        if let Some(near) = missing.iter().find(|key| distance(key) <= 2) {
            let mistake = Mistake::error(entry.key_span, message);
            cx.report(mistake.hint(format!("did you mean `{near}`?")));
            entry.key = (*near).into();
        } else if let Some(near) = known().find(|key| distance(key) <= 1 + key.len() / 8) {
            let mistake = Mistake::warning(entry.key_span, message);
            cx.report(mistake.hint(format!("did you mean `{near}`? as it is, nothing reads it")));
        }
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        let reading = read_text("m.json", text);
        let said = reading.mistakes(Paint::Plain);
        let is_error = said.starts_with("error") || said.contains("\nerror");
        assert_eq!(reading.record.is_none(), is_error, "{said}");
        said
    }

    #[test]
    fn a_record_is_read_as_strictly_as_any_fixture() {
        for (text, expected) in [
            ("", &["the file is empty; expected a JSON value", "m.json"][..]),
            ("{ // no\n }", &["JSON has no comments; remove it", "m.json:1:3"]),
            (
                "{ \"state\": \"FAILD\" }",
                &[
                    "a message has no state `FAILD`",
                    "did you mean `FAILED`?",
                    "m.json:1:12",
                ],
            ),
            ("{}", &["needs the key `state`"]),
            (
                "{ \"State\": \"SENT\" }",
                &["has no key `State`", "did you mean `state`?"],
            ),
            (
                "{ \"state\": \"SENT\", \"type\": \"SMS\" }",
                &["a message of type `SMS` is no webhook"],
            ),
            (
                "{ \"state\": \"SENT\", \"event\": \"LOAN_REPAYMNT\" }",
                &[
                    "warning: Mambu has no event `LOAN_REPAYMNT`",
                    "did you mean `LOAN_REPAYMENT`?",
                ],
            ),
            (
                "{ \"state\": \"FAILED\", \"failureReason\": \"FOO\" }",
                &["warning: `FOO` is on no list", "BLACKLISTED_URL"],
            ),
            (
                "{ \"state\": \"FAILED\", \"failureReason\": \"BLACKLISTD_URL\" }",
                &["is on no list", "did you mean `BLACKLISTED_URL`?"],
            ),
            (
                "{ \"state\": \"FAILED\", \"failureReason\": \"SMS_TOO_LONG\" }",
                &["not known as a reason of webhooks"],
            ),
            (
                "{ \"state\": \"SENT\", \"sate\": \"SENT\", \"body\": \"{}\", \"bdoy\": \"{}\", \"clientKye\": \"8a\" }",
                &[
                    "warning: the record of a message has no key `sate`",
                    "did you mean `state`? as it is, nothing reads it",
                    "did you mean `body`?",
                    "did you mean `clientKey`?",
                ],
            ),
            ("[{}, {}]", &["one record can be explained; these are 2"]),
            ("5", &["expected the record of a message (a map)"]),
        ] {
            let said = wrong(text);
            for part in expected {
                assert!(said.contains(part), "{text}: {said}");
            }
        }
    }

    #[test]
    fn a_cause_is_not_shown_beside_a_mistake() {
        let said = wrong(r#"{ "state": "FAILD", "failureCause": "401 Basic VE9QU0VDUkVU" }"#);
        assert!(
            said.contains("failureCause") && !said.contains("VE9QU0VDUkVU"),
            "{said}"
        );
    }

    #[test]
    fn a_number_as_cause_is_read_as_its_text() {
        let reading = read_text(
            "m",
            "[{ \"state\": \"FAILED\", \"failureCause\": 500, \"senderKey\": \"8a\", \"date\": 5, \"ours\": 6 }]",
        );
        assert_eq!(reading.mistakes(Paint::Plain), "");
        assert_eq!(reading.record.unwrap().cause.as_deref(), Some("500"));
    }
}
