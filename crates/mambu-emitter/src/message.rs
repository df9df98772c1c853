//! A message: one rendered notification on its way, with the states and failure reasons of the communication log.
//!
//! The body is rendered once and stored; every attempt and every resend carries exactly these bytes
//! (documented: webhooks sheet 4.2).

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::delivery::destination::Address;
use crate::event::Event;
use crate::template::{ContentType, RequestType, names};

/// Ordinal of a message in its world, from 1; stands for the encoded key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

impl fmt::Display for MessageId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "message {}", self.0)
    }
}

names! {
    /// State of a message (documented: webhooks sheet 6.1).
    State {
        /// Waiting to be sent.
        Queued = "QUEUED",
        /// Held until the next try.
        Waiting = "WAITING",
        /// Being sent.
        SendingAsync = "SENDING_ASYNC",
        /// A 2xx answer came; the only success.
        Sent = "SENT",
        /// Given up.
        Failed = "FAILED",
    }
}

names! {
    /// Why a webhook failed (documented names: webhooks sheet 6.2; which cause gets which is assumed there).
    FailureReason {
        /// The tenant's switch is off.
        WebhookNotificationsDisabled = "WEBHOOK_NOTIFICATIONS_DISABLED",
        /// An answer that is not 2xx.
        InvalidHttpResponse = "INVALID_HTTP_RESPONSE",
        /// No answer: timeout, unknown host, refused, reset.
        HttpErrorWhileSending = "HTTP_ERROR_WHILE_SENDING",
        /// The rendered body is not well-formed.
        InvalidJsonBodySyntax = "INVALID_JSON_BODY_SYNTAX",
        /// The template was deleted since.
        MissingTemplateKey = "MISSING_TEMPLATE_KEY",
        /// The body is too large.
        MaxMessageSizeLimitExceeded = "MAX_MESSAGE_SIZE_LIMIT_EXCEEDED",
        /// The URL is empty.
        UndefinedDestination = "UNDEFINED_DESTINATION",
        /// Plain http.
        InvalidHttpProtocol = "INVALID_HTTP_PROTOCOL",
        /// A private or local host.
        BlacklistedUrl = "BLACKLISTED_URL",
        /// Anything else.
        Other = "OTHER",
    }
}

impl State {
    /// Other states that records of the communication log can have (documented: webhooks sheet 6.1).
    pub const OTHER_NAMES: [&'static str; 2] = ["QUEUED_FOR_STREAM", "SENDING"];
}

impl FailureReason {
    /// Reasons on the same list that no webhook is known to fail for (documented: webhooks sheet 6.2).
    pub const OTHER_NAMES: [&'static str; 13] = [
        "MESSAGING_EXCEPTION",
        "INVALID_SMTP_CREDENTIALS",
        "UNSUPPORTED_ENCODING_EXCEPTION",
        "EMAIL_SERVICE_NOT_ENABLED",
        "SMS_TOO_LONG",
        "SMS_SERVICE_NOT_ENABLED",
        "SMS_NOT_SENT",
        "SMS_SERVICE_ERROR",
        "SMS_CONNECTION_EXCEPTION",
        "INVALID_SMS_GATEWAY_CREDENTIALS",
        "MISSING_SMS_RECIPIENT",
        "SMS_GATEWAY_ERROR",
        "MISSING_EMAIL_RECIPIENT_ADDRESS",
    ];

    /// Whether Mambu tries again by itself after it (observed: webhooks sheet 5.1, retried reasons).
    pub fn is_retried(self) -> bool {
        matches!(
            self,
            Self::InvalidHttpResponse | Self::HttpErrorWhileSending | Self::Other
        )
    }
}

/// Why a message failed, or failed for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The reason, from the closed list.
    pub reason: FailureReason,
    /// Free text: `failureCause`.
    pub cause: String,
}

impl Failure {
    /// A failure.
    pub fn new(reason: FailureReason, cause: impl Into<String>) -> Self {
        Self {
            reason,
            cause: cause.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.reason.name())?;
        if self.cause.is_empty() {
            Ok(())
        } else {
            write!(out, ": {}", self.cause)
        }
    }
}

/// What is stored of a message when it is made.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its ordinal.
    pub id: MessageId,
    /// The template's id.
    pub template: Arc<str>,
    /// The event.
    pub event: Event,
    /// HTTP method.
    pub request_type: RequestType,
    /// Kind of the body.
    pub content_type: ContentType,
    /// The rendered URL.
    pub destination: Address,
    /// The rendered body.
    pub body: Bytes,
    /// Why the body is not what its content type says. Looked at once: a body never changes.
    pub malformed: Option<String>,
}
