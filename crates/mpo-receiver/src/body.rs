//! From the bytes of a request to the tasks it asks for.
//!
//! Pure; knows no process and no other task. What becomes data keeps its exact bytes and is parsed by whoever looks.

use mpo_process::json::Kind;
use mpo_process::{Json, Reference, ReferenceError, TaskData, TaskSpace};

use crate::profile::{ArrayBody, EmptyBody, OpsEnvelope, Profile};
use crate::rejection::IncorrectBody;

/// A task that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its data.
    pub data: TaskData,
    /// Its reference, if it has one, or why that can't be one. Only an ops envelope gives references.
    pub reference: Result<Option<Reference>, ReferenceError>,
}

/// What a body asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// One task: a plain body, or an ops envelope with one op.
    Task(Draft),
    /// An ops envelope with several ops.
    Ops(Vec<Draft>),
}

impl Asked {
    /// The tasks, at least one.
    pub fn drafts(&self) -> &[Draft] {
        match self {
            Self::Task(draft) => std::slice::from_ref(draft),
            Self::Ops(drafts) => drafts,
        }
    }
}

/// Reads a JSON body: receiver sheet 1.3.
///
/// The members of the top-level object become the data, a member `ref` like any other (documented). An ops envelope is
/// taken apart if the profile says so: `ops` is then a non-empty array in which each element has `"type":"create"` and
/// `"obj":"task"`. The data are kept in `space`.
///
/// ```
/// use mpo_process::TaskSpace;
/// use mpo_receiver::{Profile, body};
/// let asked = body::read(br#"{"ops":[{"type":"create","obj":"task","ref":7,"data":{"a":1}}]}"#, &Profile::default(), &mut TaskSpace::default())?;
/// assert_eq!(asked.drafts()[0].data.raw(), br#"{"a":1}"#);
/// # Ok::<(), mpo_receiver::IncorrectBody>(())
/// ```
pub fn read(body: &[u8], profile: &Profile, space: &mut TaskSpace) -> Result<Asked, IncorrectBody> {
    if body.is_empty() {
        return match profile.empty_body {
            EmptyBody::Accept => Ok(plain(TaskData::empty())),
            EmptyBody::Reject => Err(IncorrectBody::Empty),
        };
    }
    let (json, ops) = Json::read_with_member(body, "ops")?;
    let ops = ops.filter(|_| profile.ops_envelope == OpsEnvelope::Unwrap);
    if let Some(ops) = ops.and_then(tasks_of) {
        if ops.len() as u64 > profile.max_ops {
            return Err(IncorrectBody::TooManyOps {
                ops: ops.len(),
                max: profile.max_ops,
            });
        }
        return match &ops[..] {
            [op] => draft_of(*op, 1, space).map(Asked::Task),
            _ => (1..)
                .zip(ops)
                .map(|(number, op)| draft_of(op, number, space))
                .collect::<Result<_, _>>()
                .map(Asked::Ops),
        };
    }
    match (json.kind(), profile.array_body) {
        (Kind::Array, ArrayBody::Reject) => Err(IncorrectBody::Array),
        (Kind::Array, ArrayBody::Wrap) => wrap(json, space),
        _ => match TaskData::from_json(json, space) {
            Some(data) => Ok(plain(data)),
            None => Err(IncorrectBody::Scalar),
        },
    }
}

fn plain(data: TaskData) -> Asked {
    Asked::Task(Draft {
        data,
        reference: Ok(None),
    })
}

/// The name is the vendor's, from array responses in API Call nodes. Observed: receiver sheet 1.3.
fn wrap(array: Json<'_>, space: &mut TaskSpace) -> Result<Asked, IncorrectBody> {
    let text = format!(r#"{{"__conveyor_api_array__":{}}}"#, array.text());
    // Read again, because it is one level deeper now.
    let data = TaskData::from_json(Json::read(text.as_bytes())?, space).ok_or(IncorrectBody::Array)?;
    Ok(plain(data))
}

/// The ops of an envelope, if each asks for a task.
fn tasks_of(ops: Json<'_>) -> Option<Vec<Json<'_>>> {
    let says = |op: &Json<'_>, name, value| {
        op.member(name)
            .and_then(Json::string)
            .is_some_and(|found| found == value)
    };
    let ops = ops.elements();
    let all = ops
        .iter()
        .all(|op| says(op, "type", "create") && says(op, "obj", "task"));
    (all && !ops.is_empty()).then_some(ops)
}

fn draft_of(op: Json<'_>, number: usize, space: &mut TaskSpace) -> Result<Draft, IncorrectBody> {
    let data = match op.member("data") {
        None => TaskData::empty(),
        // An empty array stands for no data. Documented: receiver sheet 3.3.
        Some(data) if data.kind() == Kind::Array && data.elements().is_empty() => TaskData::empty(),
        Some(data) => TaskData::from_json(data, space).ok_or(IncorrectBody::OpData { number })?,
    };
    let reference = op.member("ref").map_or(Ok(None), Reference::from_json);
    Ok(Draft { data, reference })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &[u8], profile: &Profile) -> Result<Asked, IncorrectBody> {
        super::read(body, profile, &mut TaskSpace::default())
    }

    fn summary(body: &str, profile: &Profile) -> Vec<String> {
        match read(body.as_bytes(), profile) {
            Err(why) => vec![why.to_string()],
            Ok(asked) => asked
                .drafts()
                .iter()
                .map(|draft| {
                    let data = String::from_utf8_lossy(draft.data.raw()).into_owned();
                    match &draft.reference {
                        Ok(None) => data,
                        Ok(Some(reference)) => format!("{reference}: {data}"),
                        Err(why) => format!("{why}: {data}"),
                    }
                })
                .collect(),
        }
    }

    #[test]
    fn a_plain_body_becomes_the_data_byte_for_byte() {
        for (body, expected) in [
            (r#"{"text":"Hello!"}"#, r#"{"text":"Hello!"}"#),
            (
                "\n{ \"n\" : 1.00, \"n\" : 9007199254740993 }\n",
                "{ \"n\" : 1.00, \"n\" : 9007199254740993 }",
            ),
            (r#"{"ref":"7","data":{}}"#, r#"{"ref":"7","data":{}}"#),
            ("{}", "{}"),
            ("", "{}"),
            (r#"{"a":null}"#, r#"{"a":null}"#),
        ] {
            assert_eq!(summary(body, &Profile::default()), [expected]);
        }
    }

    #[test]
    fn an_incorrect_body_says_why() {
        for (body, expected) in [
            ("[]", "a JSON array, not an object"),
            ("null", "a single JSON value, not an object"),
            ("\"x\"", "a single JSON value, not an object"),
            ("{\"a\":}", "not JSON: expected a JSON value at line 1 column 6"),
            ("a=b", "not JSON: expected a JSON value at line 1 column 1"),
            (" ", "not JSON: the text ends too early at line 1 column 2"),
            (
                r#"{"ops":[{"type":"create","obj":"task","data":[1]}]}"#,
                "`data` of op 1 is not an object",
            ),
        ] {
            assert_eq!(summary(body, &Profile::default()), [expected], "{body}");
        }
        let deep = format!("{}{}", "{\"a\":".repeat(200), "1");
        assert_eq!(
            summary(&deep, &Profile::default()),
            ["not JSON: nested deeper than 127 at line 1 column 636"]
        );
    }

    #[test]
    fn an_ops_envelope_is_one_task_for_each_op() {
        let body = r#"{"ops":[
            {"type":"create","obj":"task","conv_id":"31754","ref":"a","data":{"n":1.0}},
            {"type":"create","obj":"task","ref":null,"data":[]},
            {"obj":"task","type":"create","ref":17},
            {"type":"create","obj":"task","ref":""}
        ],"more":1}"#;
        let expected = [
            "a: {\"n\":1.0}",
            "{}",
            "17: {}",
            "a reference has at least 1 character: {}",
        ];
        assert_eq!(summary(body, &Profile::default()), expected);
        let raw = Profile {
            ops_envelope: OpsEnvelope::Raw,
            ..Profile::default()
        };
        assert_eq!(summary(body, &raw), [body]);
        let few = Profile {
            max_ops: 3,
            ..Profile::default()
        };
        assert_eq!(summary(body, &few), ["4 ops, the most is 3"]);
    }

    #[test]
    fn what_only_looks_like_an_envelope_is_plain_data() {
        for body in [
            r#"{"ops":[]}"#,
            r#"{"ops":{"type":"create","obj":"task"}}"#,
            r#"{"ops":[{"type":"create","obj":"task"},{"type":"show","obj":"task"}]}"#,
            r#"{"ops":[{"type":"create","obj":"task"},1]}"#,
            r#"{"a":{"ops":[{"type":"create","obj":"task"}]}}"#,
        ] {
            assert_eq!(summary(body, &Profile::default()), [body]);
        }
    }

    #[test]
    fn settings_decide_about_arrays_and_empty_bodies() {
        let profile = Profile {
            array_body: ArrayBody::Wrap,
            empty_body: EmptyBody::Reject,
            ..Profile::default()
        };
        assert_eq!(
            summary("[1, 2]", &profile),
            [r#"{"__conveyor_api_array__":[1, 2]}"#]
        );
        assert_eq!(summary("7", &profile), ["a single JSON value, not an object"]);
        assert_eq!(summary("", &profile), ["it is empty"]);
        let deep = format!("{}{}", "[".repeat(127), "]".repeat(127));
        assert!(summary(&deep, &profile)[0].starts_with("not JSON: nested deeper"));
    }

    proptest! {
        #[test]
        fn what_serde_json_reads_as_an_object_is_taken(text in "\\{?(\"[a-c]\":([0-9.]{1,3}|\"x\"|null|\\{\\}),?){0,3}\\}?") {
            let theirs: Option<serde_json::Value> = serde_json::from_str(&text).ok();
            let ours = read(text.as_bytes(), &Profile { empty_body: EmptyBody::Reject, ..Profile::default() }).ok();
            let ours = ours.as_ref().map(|asked| asked.drafts()[0].data.fields());
            prop_assert_eq!(ours, theirs.as_ref().and_then(serde_json::Value::as_object));
        }

        #[test]
        fn any_bytes_are_read_or_refused(body: Vec<u8>) {
            let _ = read(&body, &Profile::default());
        }
    }
}
