//! What of a message is stored, so that a resend has it again, and what comes from the template of that moment (webhooks
//! sheet 5.1: the body documented, URL, headers and credentials assumed).

use mambu_emitter::message::FailureReason;
use mpo_receiver::Rejection;

/// The part of a message that a resend cannot mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// The rendered body.
    Body,
    /// The rendered URL.
    Url,
    /// The key of its template.
    Template,
}

impl Stored {
    /// Each of them.
    pub(super) const ALL: [Self; 3] = [Self::Body, Self::Url, Self::Template];

    /// What to do instead of a resend.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Body => {
                "a resend sends the stored body again, and fails again: mend the template, and let the event happen again"
            }
            Self::Url => {
                "a resend goes to the stored URL again (assumed), and fails again: mend the template, and let the event happen again"
            }
            Self::Template => {
                "a resend needs the template that is gone (assumed): make a new one, and let the event happen again"
            }
        }
    }

    /// What a reason comes from, if it is stored.
    pub(super) fn of_reason(reason: FailureReason) -> Option<Self> {
        match reason {
            FailureReason::InvalidJsonBodySyntax | FailureReason::MaxMessageSizeLimitExceeded => {
                Some(Self::Body)
            }
            FailureReason::UndefinedDestination
            | FailureReason::InvalidHttpProtocol
            | FailureReason::BlacklistedUrl => Some(Self::Url),
            FailureReason::MissingTemplateKey => Some(Self::Template),
            FailureReason::WebhookNotificationsDisabled
            | FailureReason::InvalidHttpResponse
            | FailureReason::HttpErrorWhileSending
            | FailureReason::Other => None,
        }
    }

    /// What a status most likely comes from, if it is stored.
    pub(super) fn of_status(status: u16) -> Option<Self> {
        match status {
            300..=399 | 404 => Some(Self::Url),
            400 | 413 => Some(Self::Body),
            _ => None,
        }
    }

    /// What a rejection comes from, if it is stored and nothing in MPO makes up for it.
    pub(super) fn of_rejection(rejection: &Rejection) -> Option<Self> {
        match rejection {
            // Switched on again, a direct URL has a new hash (documented: receiver sheet 1.1).
            Rejection::UnknownPath(_)
            | Rejection::UnknownProcess(_)
            | Rejection::UnknownAlias { .. }
            | Rejection::DirectUrlOff
            | Rejection::WrongHash
            | Rejection::Deleted(_)
            | Rejection::FormatNotSupported(_) => Some(Self::Url),
            Rejection::BodyTooLarge { .. }
            | Rejection::IncorrectBody(_)
            | Rejection::InvalidReference(_)
            | Rejection::TaskTooLarge { .. } => Some(Self::Body),
            _ => None,
        }
    }
}
