//! Why a request starts no task: the closed list of rejections.
//!
//! Class names are a contract that reports, fixtures and live endpoints rely on. A rejection never holds a credential, a
//! hash or a body. What the sender sees of it is the business of `answer`.

use mpo_process::{ConvId, JsonMistake, Missing, Reference, ReferenceError, VariableReference};

use crate::direct_url::{DirectUrlError, Format};

/// Why a request, or one op of it, starts no task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The path is no direct URL.
    #[error("the path is no direct URL: {0}")]
    UnknownPath(DirectUrlError),
    /// A direct URL doesn't take the method.
    #[error("the method {method} is not allowed")]
    MethodNotAllowed {
        /// The method, shortened.
        method: String,
    },
    /// No process has the id.
    #[error("there is no process {0}")]
    UnknownProcess(ConvId),
    /// There is no such alias.
    #[error("there is no alias @{short_name} of this project, stage and company")]
    UnknownAlias {
        /// Its short name, shortened.
        short_name: String,
    },
    /// The alias is linked to nothing.
    #[error("the alias @{short_name} is linked to no process")]
    AliasWithoutTarget {
        /// Its short name.
        short_name: String,
    },
    /// The direct URL is switched off.
    #[error("the direct URL is switched off")]
    DirectUrlOff,
    /// The hash is another one.
    #[error("the hash of the direct URL is wrong")]
    WrongHash,
    /// The HTTP body is larger than the server reads.
    #[error("the body is larger than {max} bytes")]
    BodyTooLarge {
        /// The most bytes it may have.
        max: u64,
    },
    /// There is no Authorization header.
    #[error("there is no Authorization header")]
    Missing,
    /// There are several Authorization headers.
    #[error("there are {count} Authorization headers")]
    Duplicated {
        /// How many.
        count: usize,
    },
    /// The Authorization header has another scheme.
    #[error("the Authorization header is not Basic{}", .scheme.map(|s| format!(" but {s}")).unwrap_or_default())]
    NotBasic {
        /// The scheme, if it is a well-known one; anything else might be a secret.
        scheme: Option<&'static str>,
    },
    /// The Authorization header breaks a rule of its format.
    #[error("the Authorization header is malformed: {0}")]
    Malformed(Malformed),
    /// The user is another one.
    #[error("the user is unknown")]
    UnknownUser,
    /// The user is right and the password is another one.
    #[error("the password is wrong")]
    WrongPassword,
    /// The Start node has Basic without usable credentials, so that nobody gets in.
    #[error("the Start node has no credentials: {0}")]
    NoCredentials(NoCredentials),
    /// The process is paused.
    #[error("the process is paused")]
    Paused,
    /// The process has no deployed version.
    #[error("the process was never deployed")]
    NeverDeployed,
    /// The process is deleted.
    #[error("the process {0} is deleted")]
    Deleted(ConvId),
    /// The link is for a format that this simulator doesn't read yet.
    #[error("{0} bodies are not simulated yet")]
    FormatNotSupported(Format),
    /// The body is not what becomes task data.
    #[error("incorrect body: {0}")]
    IncorrectBody(IncorrectBody),
    /// The reference can't be one.
    #[error("invalid reference: {0}")]
    InvalidReference(ReferenceError),
    /// An active task of the process holds the reference.
    #[error("an active task of the process has the reference {0}")]
    DuplicateReference(Reference),
    /// The task data is larger than a task may be.
    #[error("the task has {bytes} bytes, the most is {max}")]
    TaskTooLarge {
        /// How many bytes it has.
        bytes: u64,
        /// The most it may have.
        max: u64,
    },
    /// The process has as many active tasks as it may.
    #[error("the process has {max} active tasks, the most it may have")]
    TooManyTasks {
        /// The most it may have.
        max: u64,
    },
}

/// Which rule an Authorization header breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Nothing in it.
    #[error("the header is empty")]
    EmptyHeader,
    /// What stands before the first space is no scheme.
    #[error("it does not begin with a scheme (RFC 7235 section 2.1)")]
    SchemeNotAToken,
    /// The scheme stands alone.
    #[error("no credentials after the scheme (RFC 7617 section 2)")]
    NoCredentials,
    /// A tab between scheme and credentials.
    #[error("something else than spaces between scheme and credentials (RFC 7235 section 2.1)")]
    NotASpace,
    /// A character that the credentials can't have, or `=` before their end.
    #[error("a character outside token68 in the credentials (RFC 7235 section 2.1)")]
    OutsideToken68,
    /// Something follows the credentials.
    #[error("more than one token after the scheme (RFC 7617 section 2)")]
    MoreThanOneToken,
    /// A character of token68 that base64 doesn't have.
    #[error("a character outside the base64 alphabet (RFC 4648 section 4)")]
    Base64Alphabet,
    /// Too few or too many `=`, or a length that no base64 has.
    #[error("wrong base64 padding (RFC 4648 section 3.2)")]
    Base64Padding,
    /// Bits of the last character that stand for nothing are not zero.
    #[error("non-zero bits at the end of the base64 (RFC 4648 section 3.5)")]
    Base64TrailingBits,
    /// No colon between user and password.
    #[error("no colon between user and password (RFC 7617 section 2)")]
    NoColon,
    /// A control character in user or password.
    #[error("a control character in user or password (RFC 7617 section 2)")]
    ControlCharacter,
}

/// One of the two credentials of a Start node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The user.
    User,
    /// The password.
    Pass,
}

impl Field {
    /// The name in fixtures.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Pass => "pass",
        }
    }
}

/// Why a Start node with Basic has no credentials to compare with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCredentials {
    /// Basic was chosen and no credentials were saved.
    #[error("none were saved")]
    NeverSaved,
    /// A variable, or a part of it, doesn't exist. Assumed: receiver sheet 1.7.
    #[error("{} is {missing}", .field.name())]
    Missing {
        /// Which credential refers to it.
        field: Field,
        /// What is missing.
        missing: Missing,
    },
    /// A secret variable, where the profile says that these don't work.
    #[error("{} is {reference}: a secret variable", .field.name())]
    SecretVariable {
        /// Which credential refers to it.
        field: Field,
        /// The reference.
        reference: VariableReference,
    },
}

/// Why a body is not what becomes task data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IncorrectBody {
    /// There is none, and the profile wants one.
    #[error("it is empty")]
    Empty,
    /// It is not JSON.
    #[error("not JSON: {0}")]
    NotJson(#[from] JsonMistake),
    /// It is a JSON array.
    #[error("a JSON array, not an object")]
    Array,
    /// It is a string, a number, a truth value or null.
    #[error("a single JSON value, not an object")]
    Scalar,
    /// An op's `data` is no object.
    #[error("`data` of op {number} is not an object")]
    OpData {
        /// Which op, from 1.
        number: usize,
    },
    /// More ops than the profile allows.
    #[error("{ops} ops, the most is {max}")]
    TooManyOps {
        /// How many.
        ops: usize,
        /// The most.
        max: u64,
    },
}

/// All classes with their meanings, in the order of the decisions.
pub const ALL_CLASSES: [(&str, &str); 24] = [
    ("unknown_path", "the path is no direct URL"),
    ("method_not_allowed", "a direct URL takes POST"),
    ("unknown_process", "no process has the id in the URL"),
    (
        "unknown_alias",
        "no alias has the name, project, stage and company in the URL",
    ),
    ("alias_without_target", "the alias is linked to no process"),
    ("direct_url_off", "the direct URL is switched off"),
    ("wrong_hash", "the hash at the end of the URL is another one"),
    ("body_too_large", "the HTTP body is larger than the server reads"),
    (
        "missing",
        "Basic is asked for and there is no Authorization header",
    ),
    ("duplicated", "there are several Authorization headers"),
    ("not_basic", "the Authorization header has another scheme"),
    (
        "malformed",
        "the Authorization header breaks a rule of RFC 7235, 7617 or 4648",
    ),
    ("unknown_user", "the user is another one"),
    (
        "wrong_password",
        "the user is right and the password is another one",
    ),
    (
        "no_credentials",
        "Basic is chosen and credentials were never saved, or refer to a variable that does not exist",
    ),
    ("paused", "the process is paused"),
    ("never_deployed", "the process has no deployed version"),
    ("deleted", "the process is deleted"),
    (
        "format_not_supported",
        "the link is for XML or NVP, which this simulator does not read yet",
    ),
    ("incorrect_body", "the body is not JSON, or no JSON object"),
    (
        "invalid_reference",
        "the reference is not a string or number of 1 to 255 characters",
    ),
    (
        "duplicate_reference",
        "an active task of the process has the reference",
    ),
    ("task_too_large", "the task data has too many bytes"),
    ("too_many_tasks", "the process has as many active tasks as it may"),
];

/// Those classes whose sender reads "Access denied"; see [`Rejection::is_access_denied`].
pub const ACCESS_DENIED_CLASSES: [&str; 7] = [
    "missing",
    "duplicated",
    "not_basic",
    "malformed",
    "unknown_user",
    "wrong_password",
    "no_credentials",
];

impl Rejection {
    /// The name of its class, from [`ALL_CLASSES`].
    pub fn class(&self) -> &'static str {
        match self {
            Self::UnknownPath(_) => "unknown_path",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::UnknownProcess(_) => "unknown_process",
            Self::UnknownAlias { .. } => "unknown_alias",
            Self::AliasWithoutTarget { .. } => "alias_without_target",
            Self::DirectUrlOff => "direct_url_off",
            Self::WrongHash => "wrong_hash",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::Missing => "missing",
            Self::Duplicated { .. } => "duplicated",
            Self::NotBasic { .. } => "not_basic",
            Self::Malformed(_) => "malformed",
            Self::UnknownUser => "unknown_user",
            Self::WrongPassword => "wrong_password",
            Self::NoCredentials(_) => "no_credentials",
            Self::Paused => "paused",
            Self::NeverDeployed => "never_deployed",
            Self::Deleted(_) => "deleted",
            Self::FormatNotSupported(_) => "format_not_supported",
            Self::IncorrectBody(_) => "incorrect_body",
            Self::InvalidReference(_) => "invalid_reference",
            Self::DuplicateReference(_) => "duplicate_reference",
            Self::TaskTooLarge { .. } => "task_too_large",
            Self::TooManyTasks { .. } => "too_many_tasks",
        }
    }

    /// Whether the Start node's authorization said no; the sender then reads "Access denied" whatever the class.
    pub fn is_access_denied(&self) -> bool {
        matches!(
            self,
            Self::Missing
                | Self::Duplicated { .. }
                | Self::NotBasic { .. }
                | Self::Malformed(_)
                | Self::UnknownUser
                | Self::WrongPassword
                | Self::NoCredentials(_)
        )
    }
}

impl From<Malformed> for Rejection {
    fn from(rule: Malformed) -> Self {
        Self::Malformed(rule)
    }
}

impl From<IncorrectBody> for Rejection {
    fn from(why: IncorrectBody) -> Self {
        Self::IncorrectBody(why)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One of every class, in the order of [`ALL_CLASSES`].
    pub(crate) fn one_of_each() -> [Rejection; 24] {
        [
            Rejection::UnknownPath(DirectUrlError::Callback),
            Rejection::MethodNotAllowed { method: "GET".into() },
            Rejection::UnknownProcess(ConvId::new(7)),
            Rejection::UnknownAlias {
                short_name: "intake".into(),
            },
            Rejection::AliasWithoutTarget {
                short_name: "intake".into(),
            },
            Rejection::DirectUrlOff,
            Rejection::WrongHash,
            Rejection::BodyTooLarge { max: 16 },
            Rejection::Missing,
            Rejection::Duplicated { count: 2 },
            Rejection::NotBasic {
                scheme: Some("Bearer"),
            },
            Rejection::Malformed(Malformed::NoColon),
            Rejection::UnknownUser,
            Rejection::WrongPassword,
            Rejection::NoCredentials(NoCredentials::NeverSaved),
            Rejection::Paused,
            Rejection::NeverDeployed,
            Rejection::Deleted(ConvId::new(7)),
            Rejection::FormatNotSupported(Format::Xml),
            Rejection::IncorrectBody(IncorrectBody::Array),
            Rejection::InvalidReference(ReferenceError::Empty),
            Rejection::DuplicateReference(Reference::new("a").unwrap()),
            Rejection::TaskTooLarge { bytes: 3, max: 2 },
            Rejection::TooManyTasks { max: 2 },
        ]
    }

    #[test]
    fn the_list_of_denials_is_complete() {
        let denials: Vec<_> = one_of_each()
            .iter()
            .filter(|rejection| rejection.is_access_denied())
            .map(Rejection::class)
            .collect();
        assert_eq!(denials, ACCESS_DENIED_CLASSES);
    }

    #[test]
    fn the_list_of_classes_is_complete() {
        let classes = one_of_each().map(|rejection| rejection.class());
        assert_eq!(classes, ALL_CLASSES.map(|(class, _)| class));
    }

    #[test]
    fn a_rejection_reads_as_a_sentence() {
        assert_eq!(
            Rejection::NotBasic { scheme: None }.to_string(),
            "the Authorization header is not Basic"
        );
        assert_eq!(
            Rejection::from(Malformed::NoColon).to_string(),
            "the Authorization header is malformed: no colon between user and password (RFC 7617 section 2)"
        );
        assert_eq!(
            Rejection::FormatNotSupported(Format::Nvp).to_string(),
            "NVP bodies are not simulated yet"
        );
    }
}
