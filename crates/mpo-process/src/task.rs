//! What a task is: the data it was started with, its reference, where it stands.
//!
//! Knows nothing of how it arrived. Bytes are kept as they came and parsed when somebody looks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use serde_json::{Map, Value};

use crate::id::{ConvId, NodeId, TaskId};
use crate::json::{Json, JsonMistake, Kind};

/// Why bytes are not the data of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnObject {
    /// They are no JSON at all.
    #[error(transparent)]
    NotJson(#[from] JsonMistake),
    /// They are JSON of another kind.
    #[error("task data is a JSON object, this is another kind of value")]
    OtherKind,
}

/// The data of a task: a JSON object, kept as the bytes that were sent, parsed on the first look. Clones share the bytes,
/// and the fields if somebody has looked before.
///
/// ```
/// use mpo_process::TaskData;
/// let data = TaskData::read(br#"{"amount":"5000.00","tries":1.0}"#)?;
/// assert_eq!(data.raw(), br#"{"amount":"5000.00","tries":1.0}"#);
/// assert_eq!(data.fields()["amount"], "5000.00");
/// # Ok::<(), mpo_process::NotAnObject>(())
/// ```
#[derive(Clone)]
pub struct TaskData {
    raw: Bytes,
    fields: OnceLock<Arc<Map<String, Value>>>,
}

impl TaskData {
    /// Data without fields: `{}`.
    pub fn empty() -> Self {
        Self::of(Bytes::from_static(b"{}"))
    }

    /// Copies the bytes, if they are a JSON object.
    pub fn read(bytes: &[u8]) -> Result<Self, NotAnObject> {
        Self::from_json(Json::read(bytes)?, &mut TaskSpace::default()).ok_or(NotAnObject::OtherKind)
    }

    /// Copies text that is known to be JSON into a space, if it is an object.
    pub fn from_json(json: Json<'_>, space: &mut TaskSpace) -> Option<Self> {
        (json.kind() == Kind::Object).then(|| Self::of(space.keep(json.text().as_bytes())))
    }

    fn of(raw: Bytes) -> Self {
        Self {
            raw,
            fields: OnceLock::new(),
        }
    }

    /// The bytes as they were sent.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The fields by name, each as [tidy text](Json::tidied): numbers with the digits that were sent.
    pub fn tidied(&self) -> BTreeMap<String, String> {
        // They were read when they came.
        let members = Json::read(&self.raw).map(Json::members).unwrap_or_default();
        let tidied = |(name, value): (Cow<'_, str>, Json<'_>)| (name.into_owned(), value.tidied());
        members.into_iter().map(tidied).collect()
    }

    /// The fields, parsed on the first call.
    ///
    /// [`Json`] reads exactly what `serde_json` reads, so the parse doesn't fail; if it did, there would be no fields.
    pub fn fields(&self) -> &Map<String, Value> {
        self.fields
            .get_or_init(|| Arc::new(serde_json::from_slice(&self.raw).unwrap_or_default()))
    }
}

impl PartialEq for TaskData {
    fn eq(&self, other: &Self) -> bool {
        self.raw() == other.raw()
    }
}

impl Eq for TaskData {}

impl fmt::Debug for TaskData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskData({})", String::from_utf8_lossy(&self.raw))
    }
}

/// Space in which the data of many tasks stand one behind another. A piece of it is freed when the last task in it is gone,
/// so that at worst, if nearly all tasks end, each that is left holds a piece of 16 KiB.
///
/// An orchestrator keeps a hundred thousand tasks: memory for each of them alone would be asked for, and come, in small pages.
#[derive(Debug, Default)]
pub struct TaskSpace(BytesMut);

impl TaskSpace {
    /// Bytes of one piece.
    const PIECE: usize = 16 * 1024;

    fn keep(&mut self, bytes: &[u8]) -> Bytes {
        if bytes.len() > Self::PIECE / 4 {
            return Bytes::copy_from_slice(bytes);
        }
        if self.0.capacity() < bytes.len() {
            self.0 = BytesMut::with_capacity(Self::PIECE);
        }
        self.0.extend_from_slice(bytes);
        self.0.split().freeze()
    }
}

/// The external id of a task (`ref`): 1 to 255 characters of any kind.
///
/// Documented: receiver sheet 2. A number is taken as its text (assumed), so `5` and `"5"` are one reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(Arc<str>);

/// Why a value can't be the reference of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// No characters.
    #[error("a reference has at least 1 character")]
    Empty,
    /// More than [`Reference::MAX_CHARS`].
    #[error("a reference has at most 255 characters, this one has {chars}")]
    TooLong {
        /// How many it has.
        chars: usize,
    },
    /// Neither a string nor a number nor null.
    #[error("a reference is a string or a number")]
    OtherKind,
}

impl Reference {
    /// The most characters it can have.
    pub const MAX_CHARS: usize = 255;

    /// The reference of that text.
    pub fn new(text: &str) -> Result<Self, ReferenceError> {
        match text.chars().count() {
            0 => Err(ReferenceError::Empty),
            chars if chars > Self::MAX_CHARS => Err(ReferenceError::TooLong { chars }),
            _ => Ok(Self(text.into())),
        }
    }

    /// The reference a JSON value stands for; null stands for none.
    pub fn from_json(json: Json<'_>) -> Result<Option<Self>, ReferenceError> {
        match json.kind() {
            Kind::Null => Ok(None),
            Kind::Number => Self::new(json.text()).map(Some),
            _ => Self::new(&json.string().ok_or(ReferenceError::OtherKind)?).map(Some),
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where in its process a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the Start node.
    Start,
    /// In a node on the way.
    Node(NodeId),
    /// In a final node: the task is no longer active.
    Final,
}

/// The state of a task. Documented: receiver sheet 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskStatus {
    /// It has been taken in.
    Created,
    /// A node works on it.
    Processing,
    /// It waits for a timer or a callback.
    Delayed,
    /// It has reached a final node.
    Processed,
    /// It was stopped.
    Canceled,
    /// It was removed.
    Deleted,
}

impl TaskStatus {
    /// The name at the API and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Processing => "processing",
            Self::Delayed => "delayed",
            Self::Processed => "processed",
            Self::Canceled => "canceled",
            Self::Deleted => "deleted",
        }
    }
}

/// One task. Cheap to clone: the data and the reference are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Unique in the whole system.
    pub id: TaskId,
    /// The sender's own id for it.
    pub reference: Option<Reference>,
    /// The process it runs in.
    pub conv_id: ConvId,
    /// What it was started with.
    pub data: TaskData,
    /// Where it stands.
    pub place: Place,
    /// What state it is in.
    pub status: TaskStatus,
    /// When it was created, in unix milliseconds.
    pub created_ms: i64,
    /// When it last changed, in unix milliseconds.
    pub changed_ms: i64,
}

impl Task {
    /// A task that has just arrived in the Start node.
    pub fn new(
        id: TaskId,
        conv_id: ConvId,
        reference: Option<Reference>,
        data: TaskData,
        now_ms: i64,
    ) -> Self {
        Self {
            id,
            reference,
            conv_id,
            data,
            place: Place::Start,
            status: TaskStatus::Created,
            created_ms: now_ms,
            changed_ms: now_ms,
        }
    }

    /// The fields it was started with, parsed on the first call.
    pub fn data(&self) -> &Map<String, Value> {
        self.data.fields()
    }

    /// Whether it is outside the final nodes; only then does it hold its reference. Documented: receiver sheet 2.
    pub fn is_active(&self) -> bool {
        self.place != Place::Final
    }

    /// When it was created, in unix seconds: `create_time` of the API.
    pub fn create_time(&self) -> i64 {
        self.created_ms.div_euclid(1000)
    }

    /// When it last changed, in unix seconds: `change_time` of the API.
    pub fn change_time(&self) -> i64 {
        self.changed_ms.div_euclid(1000)
    }

    /// Puts it into a final node.
    pub fn finish(&mut self, now_ms: i64) {
        self.place = Place::Final;
        self.status = TaskStatus::Processed;
        self.changed_ms = now_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(json: &str) -> Result<Option<String>, ReferenceError> {
        let json = Json::read(json.as_bytes()).unwrap();
        Reference::from_json(json).map(|found| found.map(|r| r.to_string()))
    }

    #[test]
    fn a_reference_is_a_string_or_a_number_of_1_to_255_characters() {
        assert_eq!(reference(r#""LN-1001""#), Ok(Some("LN-1001".into())));
        assert_eq!(
            reference("12345678901234567890.50"),
            Ok(Some("12345678901234567890.50".into()))
        );
        assert_eq!(reference("null"), Ok(None));
        assert_eq!(reference(r#""""#), Err(ReferenceError::Empty));
        assert_eq!(reference("true"), Err(ReferenceError::OtherKind));
        assert_eq!(reference("[1]"), Err(ReferenceError::OtherKind));
        assert!(Reference::new(&"ä".repeat(255)).is_ok());
        assert_eq!(
            Reference::new(&"ä".repeat(256)),
            Err(ReferenceError::TooLong { chars: 256 })
        );
    }

    #[test]
    fn data_keeps_its_bytes_and_the_last_of_two_equal_names() {
        let data = TaskData::read(b" {\"a\":1, \"a\":1.50} ").unwrap();
        assert_eq!(data.raw(), b"{\"a\":1, \"a\":1.50}");
        assert_eq!(data.fields()["a"], 1.5);
        assert_eq!(data.tidied()["a"], "1.50");
        assert!(TaskData::empty().fields().is_empty());
        assert_eq!(TaskData::read(b"[]"), Err(NotAnObject::OtherKind));
        assert!(matches!(TaskData::read(b"{"), Err(NotAnObject::NotJson(_))));
    }

    #[test]
    fn data_in_one_space_keep_apart_whatever_their_size() {
        let mut space = TaskSpace::default();
        let texts: Vec<String> = (0..300)
            .map(|n| format!("{{\"n\":\"{}\"}}", "x".repeat(n * n % 9_000)))
            .collect();
        let kept: Vec<TaskData> = texts
            .iter()
            .map(|text| TaskData::from_json(Json::read(text.as_bytes()).unwrap(), &mut space).unwrap())
            .collect();
        for (text, data) in texts.iter().zip(&kept) {
            assert_eq!(data.raw(), text.as_bytes());
        }
    }

    #[test]
    fn a_task_is_active_until_it_reaches_a_final_node() {
        let id = TaskId::new(1, [0; 8]);
        let mut task = Task::new(id, ConvId::new(7), None, TaskData::empty(), -1);
        assert!(task.is_active());
        assert_eq!((task.status.name(), task.create_time()), ("created", -1));
        task.finish(2_999);
        assert!(!task.is_active());
        assert_eq!((task.status.name(), task.change_time()), ("processed", 2));
    }
}
