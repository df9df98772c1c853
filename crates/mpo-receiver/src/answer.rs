//! What the sender reads: the HTTP answer to each outcome, in the vendor's words.
//!
//! The only place that knows the vendor's texts and spellings. Sources: receiver sheet 1.4 to 1.6. Whatever class of
//! authorization failure it was, the answer is the same.

use std::borrow::Cow;
use std::fmt::Write as _;

use mpo_process::Reference;

use crate::happening::StartedTask;
use crate::profile::{Profile, ReplyOps};
use crate::rejection::Rejection;

/// An HTTP answer. Length and connection headers are the server's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, with their values.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The vendor's own words, misspellings included.
mod wire {
    pub(super) const JSON: &str = "application/json; charset=utf-8";
    pub(super) const HTML: &str = "text/html";
    pub(super) const ACCESS_DENIED: &str = "Access denied";
    pub(super) const NOT_ACTIVE: (&str, &str) = ("conveyor_is_not_active", "conveyor is not active");
    pub(super) const NOT_UNIQUE: (&str, &str) = ("not_unical_ref", "not unical reference");
    pub(super) const NEVER_DEPLOYED: &str = "not_found_main_node";
    pub(super) const METHOD: &str = "The specified method is not allowed against this resource";
    pub(super) const INCORRECT_BODY: &str =
        r#"{"request_proc":"error","ops":[{"proc":"error","description":"Incorrect body"}]}"#;
}

/// The answer to a request that has started one task.
pub fn to_task(task: &StartedTask, profile: &Profile) -> Answer {
    json(200, &reply(&started(task, profile), profile))
}

/// The answer to an envelope of several ops: assumed to be an array (receiver sheet 1.3), with the status of the signed
/// API (receiver sheet 3.2).
pub fn to_ops(outcomes: &[Result<StartedTask, Rejection>], profile: &Profile) -> Answer {
    let op = |outcome: &Result<_, _>| match outcome {
        Ok(task) => started(task, profile),
        Err(rejection) => op_of(rejection, profile),
    };
    let ops: Vec<_> = outcomes.iter().map(op).collect();
    json(
        200,
        &format!(r#"{{"request_proc":"ok","ops":[{}]}}"#, ops.join(",")),
    )
}

/// The answer to a request that starts no task.
pub fn to_rejection(rejection: &Rejection, profile: &Profile) -> Answer {
    let status = status_of(rejection, profile);
    match rejection {
        Rejection::UnknownPath(_) => html(status, &page(status, "Not Found")),
        Rejection::BodyTooLarge { .. } => html(status, &page(status, "Request Entity Too Large")),
        Rejection::MethodNotAllowed { .. } => {
            let mut answer = html(status, wire::METHOD);
            answer.headers.push(("allow", profile.methods.join(", ").into()));
            answer
        }
        Rejection::IncorrectBody(_) => json(status, wire::INCORRECT_BODY),
        Rejection::FormatNotSupported(format) => json(
            status,
            &format!(
                r#"{{"request_proc":"error","ops":[{{"proc":"error","description":"mposim: {format} bodies are not simulated yet"}}]}}"#
            ),
        ),
        _ => {
            let mut answer = json(status, &reply(&op_of(rejection, profile), profile));
            if rejection.is_access_denied() && status == 401 {
                answer
                    .headers
                    .push(("www-authenticate", profile.www_authenticate.clone().into()));
            }
            answer
        }
    }
}

fn status_of(rejection: &Rejection, profile: &Profile) -> u16 {
    let status = match rejection {
        Rejection::UnknownPath(_) => profile.unknown_path_status,
        Rejection::MethodNotAllowed { .. } => profile.method_not_allowed_status,
        Rejection::UnknownProcess(_)
        | Rejection::UnknownAlias { .. }
        | Rejection::AliasWithoutTarget { .. }
        | Rejection::Deleted(_) => profile.unknown_process_status,
        Rejection::DirectUrlOff => profile.direct_url_off_status,
        Rejection::WrongHash => profile.wrong_hash_status,
        Rejection::BodyTooLarge { .. } => profile.body_too_large_status,
        Rejection::Missing
        | Rejection::Duplicated { .. }
        | Rejection::NotBasic { .. }
        | Rejection::Malformed(_)
        | Rejection::UnknownUser
        | Rejection::WrongPassword
        | Rejection::NoCredentials(_) => profile.access_denied_status,
        Rejection::Paused => profile.paused_status,
        Rejection::NeverDeployed => profile.never_deployed_status,
        Rejection::FormatNotSupported(_) => profile.format_not_supported_status,
        Rejection::IncorrectBody(_) => profile.incorrect_body_status,
        Rejection::InvalidReference(_) => profile.invalid_reference_status,
        Rejection::DuplicateReference(_) => profile.duplicate_reference_status,
        Rejection::TaskTooLarge { .. } => profile.task_too_large_status,
        Rejection::TooManyTasks { .. } => profile.too_many_tasks_status,
    };
    // The configuration's check refuses any other number before it comes here.
    u16::try_from(status)
        .ok()
        .filter(|status| (200..=599).contains(status))
        .unwrap_or(500)
}

fn started(started: &StartedTask, profile: &Profile) -> String {
    let mut op = String::with_capacity(96);
    op.push_str(r#"{"proc":"ok","obj":"task","ref":"#);
    op.push_str(&reference(started.task.reference.as_ref(), profile));
    let _ = write!(op, r#","obj_id":"{}"}}"#, started.task.id);
    op
}

/// The op in the reply to a rejection. The kinds that have no op of their own are error pages, handled before.
fn op_of(rejection: &Rejection, profile: &Profile) -> String {
    match rejection {
        Rejection::Paused => task_op(wire::NOT_ACTIVE, None, profile),
        Rejection::DuplicateReference(held) => task_op(wire::NOT_UNIQUE, Some(held), profile),
        Rejection::NeverDeployed => error_op(wire::NEVER_DEPLOYED),
        Rejection::UnknownProcess(conv_id) | Rejection::Deleted(conv_id) => {
            error_op(&format!("Object conv with id {conv_id} does not exist"))
        }
        // Assumed, after the text for a process.
        Rejection::UnknownAlias { short_name } | Rejection::AliasWithoutTarget { short_name } => error_op(
            &format!("Object alias with short_name {short_name} does not exist"),
        ),
        Rejection::TaskTooLarge { bytes, max } => error_op(&format!(
            "Your task size: {bytes} bytes, Max available task size: {max} bytes, \
             Try to change your data or try to split your task"
        )),
        // Assumed, after the signed API's text for values (receiver sheet 3.2).
        Rejection::InvalidReference(_) => error_op("Value is not valid. Key: ref"),
        // Assumed, after the text for too many requests (receiver sheet 4).
        Rejection::TooManyTasks { .. } => error_op("Too many tasks: limit is reached"),
        _ if rejection.is_access_denied() => {
            format!(
                r#"{{"proc":"error","obj":"task","description":{}}}"#,
                quoted(wire::ACCESS_DENIED)
            )
        }
        _ => error_op(wire::ACCESS_DENIED),
    }
}

fn task_op((proc, description): (&str, &str), held: Option<&Reference>, profile: &Profile) -> String {
    let reference = reference(held, profile);
    format!(r#"{{"proc":"{proc}","obj":"task","ref":{reference},"description":"{description}"}}"#)
}

fn error_op(description: &str) -> String {
    format!(r#"{{"proc":"error","description":{}}}"#, quoted(description))
}

fn reference(reference: Option<&Reference>, profile: &Profile) -> Cow<'static, str> {
    match reference {
        Some(reference) if profile.echo_ref => quoted(reference.as_str()).into(),
        _ => "null".into(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn reply(op: &str, profile: &Profile) -> String {
    match profile.reply_ops {
        ReplyOps::Object => format!(r#"{{"request_proc":"ok","ops":{op}}}"#),
        ReplyOps::Array => format!(r#"{{"request_proc":"ok","ops":[{op}]}}"#),
    }
}

/// The error page of the nginx in front. Assumed: receiver sheet 1.5 says HTML, not which.
fn page(status: u16, reason: &str) -> String {
    format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n\
         <center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
}

fn json(status: u16, body: &str) -> Answer {
    answer(status, wire::JSON, body)
}

fn html(status: u16, body: &str) -> Answer {
    answer(status, wire::HTML, body)
}

fn answer(status: u16, content_type: &'static str, body: &str) -> Answer {
    Answer {
        status,
        headers: vec![("content-type", content_type.into())],
        body: body.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::tests::one_of_each;
    use mpo_process::{ConvId, Task, TaskData, TaskId};

    fn text(answer: &Answer) -> String {
        format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))
    }

    fn task(reference: Option<&str>) -> StartedTask {
        let id: TaskId = "597ad4d8f6c3767e8da7be19".parse().unwrap();
        let reference = reference.map(|text| Reference::new(text).unwrap());
        StartedTask {
            ordinal: 1,
            task: Task::new(id, ConvId::new(7), reference, TaskData::empty(), 0),
        }
    }

    #[test]
    fn the_answer_to_a_started_task_is_the_sheet_s() {
        let profile = Profile::default();
        assert_eq!(
            text(&to_task(&task(None), &profile)),
            r#"200 {"request_proc":"ok","ops":{"proc":"ok","obj":"task","ref":null,"obj_id":"597ad4d8f6c3767e8da7be19"}}"#
        );
        assert_eq!(
            text(&to_task(&task(Some("a\"b")), &profile)),
            r#"200 {"request_proc":"ok","ops":{"proc":"ok","obj":"task","ref":"a\"b","obj_id":"597ad4d8f6c3767e8da7be19"}}"#
        );
        let profile = Profile {
            echo_ref: false,
            reply_ops: ReplyOps::Array,
            ..profile
        };
        assert_eq!(
            text(&to_task(&task(Some("a")), &profile)),
            r#"200 {"request_proc":"ok","ops":[{"proc":"ok","obj":"task","ref":null,"obj_id":"597ad4d8f6c3767e8da7be19"}]}"#
        );
    }

    #[test]
    fn several_ops_get_an_array() {
        let outcomes = [
            Ok(task(Some("a"))),
            Err(Rejection::DuplicateReference(Reference::new("a").unwrap())),
        ];
        assert_eq!(
            text(&to_ops(&outcomes, &Profile::default())),
            concat!(
                r#"200 {"request_proc":"ok","ops":[{"proc":"ok","obj":"task","ref":"a","obj_id":"597ad4d8f6c3767e8da7be19"},"#,
                r#"{"proc":"not_unical_ref","obj":"task","ref":"a","description":"not unical reference"}]}"#
            )
        );
    }

    #[test]
    fn each_class_has_its_answer() {
        let denied =
            r#"403 {"request_proc":"ok","ops":{"proc":"error","obj":"task","description":"Access denied"}}"#;
        let refused = r#"403 {"request_proc":"ok","ops":{"proc":"error","description":"Access denied"}}"#;
        let no_process = r#"404 {"request_proc":"ok","ops":{"proc":"error","description":"Object conv with id 7 does not exist"}}"#;
        let no_alias = r#"404 {"request_proc":"ok","ops":{"proc":"error","description":"Object alias with short_name intake does not exist"}}"#;
        for rejection in one_of_each() {
            let expected = match rejection.class() {
                "unknown_path" => "404 <html>\r\n<head><title>404 Not Found",
                "body_too_large" => "413 <html>\r\n<head><title>413 Request Entity Too Large",
                "method_not_allowed" => "405 The specified method is not allowed against this resource",
                "unknown_process" | "deleted" => no_process,
                "unknown_alias" | "alias_without_target" => no_alias,
                "direct_url_off" | "wrong_hash" => refused,
                "paused" => {
                    r#"200 {"request_proc":"ok","ops":{"proc":"conveyor_is_not_active","obj":"task","ref":null,"description":"conveyor is not active"}}"#
                }
                "never_deployed" => {
                    r#"200 {"request_proc":"ok","ops":{"proc":"error","description":"not_found_main_node"}}"#
                }
                "format_not_supported" => {
                    r#"501 {"request_proc":"error","ops":[{"proc":"error","description":"mposim: XML bodies are not simulated yet"}]}"#
                }
                "incorrect_body" => {
                    r#"400 {"request_proc":"error","ops":[{"proc":"error","description":"Incorrect body"}]}"#
                }
                "invalid_reference" => {
                    r#"200 {"request_proc":"ok","ops":{"proc":"error","description":"Value is not valid. Key: ref"}}"#
                }
                "duplicate_reference" => {
                    r#"200 {"request_proc":"ok","ops":{"proc":"not_unical_ref","obj":"task","ref":"a","description":"not unical reference"}}"#
                }
                "task_too_large" => {
                    r#"200 {"request_proc":"ok","ops":{"proc":"error","description":"Your task size: 3 bytes, Max available task size: 2 bytes, Try to change your data or try to split your task"}}"#
                }
                "too_many_tasks" => {
                    r#"200 {"request_proc":"ok","ops":{"proc":"error","description":"Too many tasks: limit is reached"}}"#
                }
                _ => denied,
            };
            let answer = text(&to_rejection(&rejection, &Profile::default()));
            assert!(answer.starts_with(expected), "{}: {answer}", rejection.class());
        }
    }

    #[test]
    fn every_failed_authorization_gets_the_same_bytes() {
        let denied: Vec<_> = one_of_each()
            .into_iter()
            .filter(Rejection::is_access_denied)
            .collect();
        assert_eq!(denied.len(), 7);
        for (status, header) in [(403, None), (401, Some(r#"Basic realm="corezoid""#)), (200, None)] {
            let profile = Profile {
                access_denied_status: status,
                ..Profile::default()
            };
            let answers: Vec<_> = denied
                .iter()
                .map(|rejection| to_rejection(rejection, &profile))
                .collect();
            assert!(answers.iter().all(|answer| *answer == answers[0]));
            assert_eq!(u64::from(answers[0].status), status);
            let found = answers[0]
                .headers
                .iter()
                .find(|(name, _)| *name == "www-authenticate");
            assert_eq!(found.map(|(_, value)| value.as_ref()), header);
        }
    }
}
