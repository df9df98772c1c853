//! What the sender reads: the HTTP answer to each outcome, in the vendor's words.
//!
//! The only place that knows the vendor's texts and spellings. Sources: receiver sheet 1.4 to 1.6. Whatever class of
//! authorization failure it was, the answer is the same.

use std::borrow::Cow;
use std::fmt::Write as _;

use bytes::Bytes;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Response, StatusCode};
use mpo_process::Reference;

use crate::happening::StartedTask;
use crate::profile::{Profile, ReplyOps};
use crate::rejection::Rejection;

/// An HTTP answer. Length and connection headers are the server's business.
pub type Answer = Response<Bytes>;

/// The vendor's own words, misspellings included.
mod wire {
    pub(super) const JSON: &str = "application/json; charset=utf-8";
    pub(super) const HTML: &str = "text/html";
    pub(super) const ACCESS_DENIED: &str = "Access denied";
    pub(super) const TASK_DENIED: &str = r#"{"proc":"error","obj":"task","description":"Access denied"}"#;
    pub(super) const NOT_ACTIVE: (&str, &str) = ("conveyor_is_not_active", "conveyor is not active");
    pub(super) const NOT_UNIQUE: (&str, &str) = ("not_unical_ref", "not unical reference");
    pub(super) const NEVER_DEPLOYED: &str = "not_found_main_node";
    pub(super) const METHOD: &str = "The specified method is not allowed against this resource";
    pub(super) const INCORRECT_BODY: &str =
        r#"{"request_proc":"error","ops":[{"proc":"error","description":"Incorrect body"}]}"#;
}

/// The answer to a request that has started one task.
pub fn to_task(task: &StartedTask, profile: &Profile) -> Answer {
    json(
        StatusCode::OK,
        reply(profile, |body| push_started(body, task, profile)),
    )
}

/// The answer to an envelope of several ops: assumed to be an array (receiver sheet 1.3), with the status of the signed
/// API (receiver sheet 3.2).
pub fn to_ops(outcomes: &[Result<StartedTask, Rejection>], profile: &Profile) -> Answer {
    let mut body = String::from(r#"{"request_proc":"ok","ops":["#);
    for (index, outcome) in outcomes.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        match outcome {
            Ok(task) => push_started(&mut body, task, profile),
            Err(rejection) => body.push_str(&op_of(rejection, profile)),
        }
    }
    body.push_str("]}");
    json(StatusCode::OK, body)
}

/// The answer to a request that starts no task.
pub fn to_rejection(rejection: &Rejection, profile: &Profile) -> Answer {
    let status = status_of(rejection, profile);
    match rejection {
        Rejection::UnknownPath(_) => html(status, page(status, "Not Found")),
        Rejection::BodyTooLarge { .. } => html(status, page(status, "Request Entity Too Large")),
        Rejection::MethodNotAllowed { .. } => {
            with_header(html(status, wire::METHOD), ALLOW, &profile.methods.join(", "))
        }
        Rejection::IncorrectBody(_) => json(status, wire::INCORRECT_BODY),
        Rejection::FormatNotSupported(format) => json(
            status,
            format!(
                r#"{{"request_proc":"error","ops":[{{"proc":"error","description":"mposim: {format} bodies are not simulated yet"}}]}}"#
            ),
        ),
        _ => {
            let body = reply(profile, |body| body.push_str(&op_of(rejection, profile)));
            let answer = json(status, body);
            if rejection.is_access_denied() && status == StatusCode::UNAUTHORIZED {
                with_header(answer, WWW_AUTHENTICATE, &profile.www_authenticate)
            } else {
                answer
            }
        }
    }
}

fn status_of(rejection: &Rejection, profile: &Profile) -> StatusCode {
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
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn push_started(body: &mut String, started: &StartedTask, profile: &Profile) {
    body.push_str(r#"{"proc":"ok","obj":"task","ref":"#);
    body.push_str(&reference(started.task.reference.as_ref(), profile));
    body.push_str(r#","obj_id":""#);
    let _ = write!(body, "{}", started.task.id);
    body.push_str("\"}");
}

/// The op in the reply to a rejection. The kinds that have no op of their own are error pages, handled before.
fn op_of(rejection: &Rejection, profile: &Profile) -> Cow<'static, str> {
    let op = match rejection {
        _ if rejection.is_access_denied() => return wire::TASK_DENIED.into(),
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
        _ => error_op(wire::ACCESS_DENIED),
    };
    op.into()
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

fn reply(profile: &Profile, push_op: impl FnOnce(&mut String)) -> String {
    let (open, close) = match profile.reply_ops {
        ReplyOps::Object => (r#"{"request_proc":"ok","ops":"#, "}"),
        ReplyOps::Array => (r#"{"request_proc":"ok","ops":["#, "]}"),
    };
    let mut body = String::with_capacity(128);
    body.push_str(open);
    push_op(&mut body);
    body.push_str(close);
    body
}

/// The error page of the nginx in front. Assumed: receiver sheet 1.5 says HTML, not which.
fn page(status: StatusCode, reason: &str) -> String {
    let status = status.as_u16();
    format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n\
         <center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
}

fn json(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    answer(status, wire::JSON, body.into())
}

fn html(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    answer(status, wire::HTML, body.into())
}

fn answer(status: StatusCode, content_type: &'static str, body: Bytes) -> Answer {
    let mut answer = Answer::new(body);
    *answer.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    answer.headers_mut().insert(CONTENT_TYPE, content_type);
    answer
}

/// The check of a configuration refuses values that no header can have.
fn with_header(mut answer: Answer, name: HeaderName, value: &str) -> Answer {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::tests::one_of_each;
    use mpo_process::{ConvId, Task, TaskData, TaskId};

    fn text(answer: &Answer) -> String {
        let body = String::from_utf8_lossy(answer.body());
        format!("{} {body}", answer.status().as_u16())
    }

    fn task(reference: Option<&str>) -> StartedTask {
        let id: TaskId = "597ad4d8f6c3767e8da7be19".parse().unwrap();
        let reference = reference.map(|text| Reference::new(text).unwrap());
        StartedTask {
            ordinal: 1,
            task: Task::new(id, ConvId::new(7), reference, TaskData::empty(), 0).into(),
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
                .map(|answer| (answer.status().as_u16(), answer.headers().clone(), text(&answer)))
                .collect();
            assert!(answers.iter().all(|answer| *answer == answers[0]));
            assert_eq!(u64::from(answers[0].0), status);
            let found = answers[0].1.get(WWW_AUTHENTICATE);
            assert_eq!(found.map(|value| value.to_str().unwrap()), header);
        }
    }
}
