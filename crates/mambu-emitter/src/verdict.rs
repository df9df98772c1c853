//! Whether a template answers to an event: the one decision, with its reason.

use std::fmt;

use crate::bank::has_id;
use crate::condition::{Outcome, evaluate};
use crate::event::Event;
use crate::profile::Profile;
use crate::scene::{Role, Scene};
use crate::template::{Subscription, Target, Template, Trigger};
use crate::value::Value;

/// What a template makes of an event, the first reason that decides.
#[derive(Clone, Debug)]
pub enum TemplateVerdict {
    /// It listens to another event.
    OtherEvent {
        /// The one it listens to.
        listens_to: Event,
    },
    /// It is deactivated (documented: webhooks sheet 1.3).
    Inactive,
    /// Only a person makes it fire.
    Manual,
    /// The event is about somebody else than its target.
    OtherTarget {
        /// Its target.
        target: Target,
        /// What the event is about.
        about: &'static str,
    },
    /// The client or group is not subscribed (documented: webhooks sheet 1.2).
    NotSubscribed {
        /// The id of the client or group.
        recipient: String,
        /// Whether it was taken out of an opt-out template, or never added to an opt-in one.
        opted_out: bool,
    },
    /// The conditions do not hold.
    NoMatch {
        /// Each clause with what it saw.
        outcome: Outcome,
    },
    /// A message is made.
    Fires {
        /// Each clause with what it saw.
        outcome: Outcome,
    },
}

impl TemplateVerdict {
    /// Whether a message is made.
    pub fn fires(&self) -> bool {
        matches!(self, Self::Fires { .. })
    }
}

impl fmt::Display for TemplateVerdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherEvent { listens_to } => write!(out, "listens to {listens_to}"),
            Self::Inactive => out.write_str("is inactive"),
            Self::Manual => out.write_str("has trigger MANUAL"),
            Self::OtherTarget { target, about } => {
                write!(out, "target is {target}, the event is about {about}")
            }
            Self::NotSubscribed {
                recipient,
                opted_out: true,
            } => write!(out, "{recipient} is unsubscribed (OPT_OUT)"),
            Self::NotSubscribed { recipient, .. } => write!(out, "{recipient} is not subscribed (OPT_IN)"),
            Self::NoMatch { .. } => out.write_str("conditions do not hold"),
            Self::Fires { .. } => out.write_str("fires"),
        }
    }
}

/// Decides whether a template answers to what happened.
pub fn decide(template: &Template, scene: &Scene, profile: &Profile) -> TemplateVerdict {
    if template.event != scene.event {
        return TemplateVerdict::OtherEvent {
            listens_to: template.event,
        };
    }
    if !template.activated {
        return TemplateVerdict::Inactive;
    }
    if template.trigger == Trigger::Manual {
        return TemplateVerdict::Manual;
    }
    if let Some(about) = other_target(template.target, scene) {
        return TemplateVerdict::OtherTarget {
            target: template.target,
            about,
        };
    }
    if let Some(verdict) = unsubscribed(&template.subscription, scene) {
        return verdict;
    }
    let outcome = evaluate(&template.conditions, scene, profile);
    if outcome.holds {
        TemplateVerdict::Fires { outcome }
    } else {
        TemplateVerdict::NoMatch { outcome }
    }
}

/// What each gate by itself says of an event, whatever the ones before it say. [`decide`] stops at the first that is shut.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each gate is open or shut, whatever the others are"
)]
pub struct Gates {
    /// Whether the template listens to the event.
    pub listens: bool,
    /// Whether it is activated.
    pub activated: bool,
    /// Whether it fires by itself.
    pub automatic: bool,
    /// What the event is about, if that is not the template's target.
    pub other_target: Option<&'static str>,
    /// Whether the client or group of the event gets its messages.
    pub subscribed: bool,
    /// The conditions, each with what it saw.
    pub conditions: Outcome,
}

/// Looks at every gate of a template.
pub fn gates(template: &Template, scene: &Scene, profile: &Profile) -> Gates {
    Gates {
        listens: template.event == scene.event,
        activated: template.activated,
        automatic: template.trigger != Trigger::Manual,
        other_target: other_target(template.target, scene),
        subscribed: unsubscribed(&template.subscription, scene).is_none(),
        conditions: evaluate(&template.conditions, scene, profile),
    }
}

/// What the event is about, if that is not the target.
fn other_target(target: Target, scene: &Scene) -> Option<&'static str> {
    let has = |role| scene.entity(role).is_some();
    let matches = match target {
        Target::Client => has(Role::Client),
        Target::Group => has(Role::Group),
        Target::Loans => has(Role::Loan),
        Target::Savings => has(Role::Deposit),
        _ => true,
    };
    if matches {
        return None;
    }
    Some(if has(Role::Group) {
        "a group"
    } else if has(Role::Client) {
        "a client"
    } else {
        "neither client nor group"
    })
}

/// Why the client or group of the event gets nothing. Events without one are for everybody (documented: webhooks
/// sheet 1.2, the option was not offered for Data Access and End of Day).
fn unsubscribed(subscription: &Subscription, scene: &Scene) -> Option<TemplateVerdict> {
    let recipient = scene.entity(Role::Client).or_else(|| scene.entity(Role::Group))?;
    let listed = |ids: &[String]| ids.iter().any(|id| has_id(recipient, id));
    let opted_out = match subscription {
        Subscription::OptIn { subscribed } if !listed(subscribed) => false,
        Subscription::OptOut { unsubscribed } if listed(unsubscribed) => true,
        _ => return None,
    };
    Some(TemplateVerdict::NotSubscribed {
        recipient: recipient
            .get("id")
            .and_then(Value::as_text)
            .unwrap_or_default()
            .to_owned(),
        opted_out,
    })
}
