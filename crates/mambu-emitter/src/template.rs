//! A notification template: what Mambu keeps about one webhook.
//!
//! The fields are those of the Templates API (documented: webhooks sheet 1.1); reading them from a file is the
//! runner's business, judging them is [`check`](crate::check)'s.

use secrecy::SecretString;

use crate::condition::Clause;
use crate::event::Event;
use crate::url::Url;

macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[doc = $doc])+ $variant,)+ }

        impl $name {
            /// All values, in the order of the sheet.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The API's spelling.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// What it is, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// The value of that API spelling.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.name())
            }
        }
    };
}
pub(crate) use names;

names! {
    /// What the template is about (documented: webhooks sheet 1.1).
    Target {
        /// A client, or an account or transaction of a client.
        Client = "CLIENT",
        /// A group, or an account or transaction of a group.
        Group = "GROUP",
        /// Loan accounts.
        Loans = "LOANS",
        /// Deposit accounts.
        Savings = "SAVINGS",
        /// End of day.
        BackgroundProcess = "BACKGROUND_PROCESS",
        /// Read-only and read-write switches.
        DataAccess = "DATA_ACCESS",
        /// Payment and collection orders.
        PaymentOrder = "PAYMENT_ORDER",
        /// Journal entries.
        Accounting = "ACCOUNTING",
        /// Seen only in a newer list (observed).
        Administrative = "ADMINISTRATIVE",
    }
}

names! {
    /// HTTP method of the request (documented: webhooks sheet 1.1).
    RequestType {
        /// POST.
        Post = "POST",
        /// PUT.
        Put = "PUT",
        /// PATCH.
        Patch = "PATCH",
    }
}

names! {
    /// Kind of the body (documented: webhooks sheet 1.1).
    ContentType {
        /// `text/plain; charset=UTF-8`
        PlainText = "PLAIN_TEXT",
        /// `application/json`
        ApplicationJson = "APPLICATION_JSON",
        /// `application/xml`
        ApplicationXml = "APPLICATION_XML",
    }
}

impl ContentType {
    /// The `Content-Type` header (observed: webhooks sheet 5.5).
    pub fn header(self) -> &'static str {
        match self {
            Self::PlainText => "text/plain; charset=UTF-8",
            Self::ApplicationJson => "application/json",
            Self::ApplicationXml => "application/xml",
        }
    }
}

names! {
    /// How the clauses are linked (documented: webhooks sheet 3).
    Linking {
        /// All must hold.
        All = "MATCH_ALL",
        /// One must hold.
        Any = "MATCH_ANY",
    }
}

names! {
    /// What makes a template fire (documented: webhooks sheet 1.1).
    Trigger {
        /// The event.
        Automatic = "AUTOMATIC",
        /// A person.
        Manual = "MANUAL",
    }
}

/// Who is subscribed (documented: webhooks sheet 1.2). Entries are ids or encoded keys of clients and groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// Nobody but those added by hand.
    OptIn {
        /// Those added by hand.
        subscribed: Vec<String>,
    },
    /// Everybody but those taken out by hand.
    OptOut {
        /// Those taken out by hand.
        unsubscribed: Vec<String>,
    },
}

/// How the request proves who sends it; there is no third way (documented: webhooks sheet 1.1).
#[derive(Clone, Debug)]
pub enum Authorization {
    /// `NO_AUTHORIZATION`
    None,
    /// `BASIC_AUTHORIZATION`
    Basic {
        /// The user name.
        username: String,
        /// The password.
        password: SecretString,
    },
}

/// Conditions: clauses and how they are linked. No clauses: always true.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// How the clauses are linked.
    pub linking: Linking,
    /// The clauses, in order. Nesting is not possible (documented: webhooks sheet 3).
    pub clauses: Vec<Clause>,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            linking: Linking::All,
            clauses: Vec::new(),
        }
    }
}

/// A static header (documented: webhooks sheet 1.1); its value may be a key and is never printed.
#[derive(Clone, Debug)]
pub struct CustomHeader {
    /// The header's name.
    pub name: String,
    /// Its value.
    pub value: SecretString,
}

/// One notification template of type `WEB_HOOK`.
#[derive(Clone, Debug)]
pub struct Template {
    /// The name that the fixture calls it by; stands for the encoded key.
    pub id: String,
    /// The webhook's name on the screen.
    pub name: String,
    /// What it is about.
    pub target: Target,
    /// The event it listens to.
    pub event: Event,
    /// What makes it fire.
    pub trigger: Trigger,
    /// Who is subscribed.
    pub subscription: Subscription,
    /// Active or inactive.
    pub activated: bool,
    /// Conditions ("When").
    pub conditions: Conditions,
    /// The URL, with placeholders.
    pub url: Url,
    /// HTTP method.
    pub request_type: RequestType,
    /// Authorization.
    pub authorization: Authorization,
    /// Content type.
    pub content_type: ContentType,
    /// Static headers.
    pub headers: Vec<CustomHeader>,
    /// The body, with placeholders.
    pub body: String,
}

impl Template {
    /// An active template that fires at every event of its kind, for everybody, and sends a POST of JSON without
    /// authorization. Its target is the first that goes with the event.
    ///
    /// ```
    /// use mambu_emitter::template::{Authorization, Template};
    /// use mambu_emitter::Event;
    /// let template = Template {
    ///     authorization: Authorization::Basic { username: "mambu".into(), password: "s3cret".into() },
    ///     ..Template::new("disbursed", Event::LoanDisbursement, "https://m.example/hook", r#"{"loan":"{ACCOUNT_ID}"}"#)
    /// };
    /// assert!(template.conditions.clauses.is_empty());
    /// ```
    pub fn new(id: &str, event: Event, url: &str, body: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            target: event.targets().first().copied().unwrap_or(Target::Client),
            event,
            trigger: Trigger::Automatic,
            subscription: Subscription::OptOut {
                unsubscribed: Vec::new(),
            },
            activated: true,
            conditions: Conditions::default(),
            url: url.into(),
            request_type: RequestType::Post,
            authorization: Authorization::None,
            content_type: ContentType::ApplicationJson,
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }
}
