//! Named settings for what the vendors leave undocumented.
//!
//! A *profile* is a struct made by [`profile!`](crate::profile!): every field carries its default, how sure we are of it
//! ([`Mark`]) and where the fact comes from. Nothing here knows what a setting means; readers of fixtures
//! fill profiles through [`Slot`]s, and the docs list them through [`SettingInfo`].

use std::time::Duration;

/// How sure a fact about a vendor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Stated in the vendor's own documentation.
    Documented,
    /// Seen in public code, exports or configuration, not in prose documentation.
    Observed,
    /// Not documented; a default of this project, open to change.
    Assumed,
}

impl Mark {
    /// The word used in documents and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
        }
    }
}

/// What is known about one setting of a profile.
#[derive(Clone, Copy, Debug)]
pub struct SettingInfo {
    /// The key in a fixture's `profile:`.
    pub name: &'static str,
    /// What it means, with its unit.
    pub meaning: &'static str,
    /// How sure the default is.
    pub mark: Mark,
    /// Where the fact, or the proposal, stands.
    pub source: &'static str,
}

/// An enumeration whose variants have names in fixtures; made by [`choice!`](crate::choice!).
pub trait Choice {
    /// All names, in the order of declaration.
    fn names(&self) -> &'static [&'static str];
    /// The name of the current value.
    fn name(&self) -> &'static str;
    /// Takes the variant of that name; `false` when there is none.
    fn choose(&mut self, name: &str) -> bool;
}

/// A place for the value of one setting, by type.
pub enum Slot<'a> {
    /// Yes or no.
    Flag(&'a mut bool),
    /// A whole number.
    Count(&'a mut u64),
    /// A share between 0 and 1.
    Share(&'a mut f64),
    /// A length of time.
    Span(&'a mut Duration),
    /// Several lengths of time.
    Spans(&'a mut Vec<Duration>),
    /// A text.
    Text(&'a mut String),
    /// Several texts.
    Texts(&'a mut Vec<String>),
    /// One of a closed list of names.
    Choice(&'a mut dyn Choice),
}

/// A type that a setting can have.
pub trait Setting {
    /// The place to write its value to.
    fn slot(&mut self) -> Slot<'_>;
}

macro_rules! setting {
    ($($type:ty => $slot:ident),* $(,)?) => {
        $(impl Setting for $type {
            fn slot(&mut self) -> Slot<'_> {
                Slot::$slot(self)
            }
        })*
    };
}

setting! {
    bool => Flag,
    u64 => Count,
    f64 => Share,
    Duration => Span,
    Vec<Duration> => Spans,
    String => Text,
    Vec<String> => Texts,
}

/// A struct of named settings with defaults.
pub trait Profile: Default {
    /// What is known about each setting, in order of declaration.
    fn infos() -> &'static [SettingInfo];
    /// Each setting with the place of its value, in order of declaration.
    fn slots(&mut self) -> Vec<(&'static SettingInfo, Slot<'_>)>;
}

/// Declares a [`Profile`]: documentation, name, type, default, mark and source of each setting.
///
/// ```
/// use std::time::Duration;
/// use sim_world::Profile as _;
/// sim_world::profile! {
///     /// What a fake post office leaves open.
///     pub struct PostOffice {
///         /// How long a letter lies before it goes out.
///         pub lies_for: Duration = Duration::from_secs(60), Assumed, "nobody says";
///     }
/// }
/// assert_eq!(PostOffice::default().lies_for.as_secs(), 60);
/// assert_eq!(PostOffice::infos()[0].name, "lies_for");
/// ```
#[macro_export]
macro_rules! profile {
    (
        $(#[doc = $about:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $meaning:literal])+
                pub $field:ident : $type:ty = $default:expr, $mark:ident, $source:literal;
            )*
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $(
                $(#[doc = $meaning])+
                #[doc = ""]
                #[doc = concat!("Source: ", $source)]
                pub $field: $type,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $crate::Profile for $name {
            fn infos() -> &'static [$crate::SettingInfo] {
                static INFOS: &[$crate::SettingInfo] = &[
                    $($crate::SettingInfo {
                        name: stringify!($field),
                        meaning: concat!($($meaning),+),
                        mark: $crate::Mark::$mark,
                        source: $source,
                    },)*
                ];
                INFOS
            }

            fn slots(&mut self) -> Vec<(&'static $crate::SettingInfo, $crate::Slot<'_>)> {
                <Self as $crate::Profile>::infos()
                    .iter()
                    .zip([$($crate::Setting::slot(&mut self.$field),)*])
                    .collect()
            }
        }
    };
}

/// Declares an enumeration that can be a setting: each variant with its name in fixtures.
///
/// ```
/// sim_world::choice! {
///     /// How a door is.
///     pub enum Door {
///         /// Anyone may pass.
///         Open = "open",
///         /// Nobody may.
///         Shut = "shut",
///     }
/// }
/// let mut door = Door::Open;
/// assert!(sim_world::Choice::choose(&mut door, "shut"));
/// assert_eq!(door, Door::Shut);
/// ```
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $about:literal])*
        pub enum $name:ident {
            $( $(#[doc = $doc:literal])+ $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $crate::Choice for $name {
            fn names(&self) -> &'static [&'static str] {
                &[$($text),+]
            }
            fn name(&self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
            fn choose(&mut self, name: &str) -> bool {
                match name {
                    $($text => *self = Self::$variant,)+
                    _ => return false,
                }
                true
            }
        }

        impl $crate::Setting for $name {
            fn slot(&mut self) -> $crate::Slot<'_> {
                $crate::Slot::Choice(self)
            }
        }
    };
}
