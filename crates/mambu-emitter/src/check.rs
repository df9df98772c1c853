//! What is wrong with a template: all that Mambu refuses on save, and what is doubtful.
//!
//! Looks at one template by itself, under one profile. Whether the receiver would take what it sends, whether names are
//! unique, and on which line of a file a mistake stands is the runner's business.

mod body;
mod given;
mod headers;
mod hostile;
mod needed;
mod placeholders;
mod stand_ins;
mod url;

pub use given::{given_names, unknown_value};
pub use headers::{header_name, header_value};
pub use hostile::{Hostile, hostile, tell_apart, tells_duplicates_apart};
pub use needed::{Needed, needed_values};
pub use stand_ins::bodies_with_stand_ins;

use crate::condition;
use crate::event::{Event, EventGroup};
use crate::format::DatePattern;
use crate::mistake::{MambuError, Mistake};
use crate::profile::Profile;
use crate::template::{Authorization, Target, Template};

/// Most characters of a webhook's name (documented: webhooks sheet 1.1).
const MAX_NAME_CHARS: usize = 255;

/// Everything wrong or doubtful about a template, with pointers into its Templates API form.
pub fn check(template: &Template, profile: &Profile) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    check_name(&template.name, &mut mistakes);
    check_event(template.event, template.target, &mut mistakes);
    url::check(template, profile, &mut mistakes);
    check_authorization(&template.authorization, &mut mistakes);
    headers::check(template, profile, &mut mistakes);
    body::check(template, &mut mistakes);
    mistakes.extend(condition::check(&template.conditions, template.event));
    mistakes
}

/// What is wrong with the profile's patterns; pointers name the setting (`/date_format`).
pub fn check_profile(profile: &Profile) -> Vec<Mistake> {
    [
        ("/date_format", &profile.date_format),
        ("/date_time_format", &profile.date_time_format),
    ]
    .into_iter()
    .filter_map(|(pointer, pattern)| {
        let problem = DatePattern::parse(pattern).err()?;
        Some(Mistake::new(pointer, problem.to_string()))
    })
    .collect()
}

fn check_name(name: &str, mistakes: &mut Vec<Mistake>) {
    // Blanks at both ends are trimmed on save (documented: webhooks sheet 1.1).
    let name = name.trim();
    if name.is_empty() {
        mistakes.push(missing("/name", "the webhook has no name"));
    }
    let length = name.chars().count();
    if length > MAX_NAME_CHARS {
        let problem = format!("the name has {length} characters, {MAX_NAME_CHARS} at most");
        mistakes.push(Mistake::new("/name", problem).refused(MambuError::INVALID_FIELD_LENGTH));
    }
}

fn check_event(event: Event, target: Target, mistakes: &mut Vec<Mistake>) {
    if !event.targets().contains(&target) {
        let targets: Vec<&str> = event.targets().iter().map(|target| target.name()).collect();
        mistakes.push(
            Mistake::new("/target", format!("{event} does not go with the target {target}"))
                .hint(format!("it goes with {}", one_of(&targets)))
                .refused(MambuError::INVALID_TARGET),
        );
    }
    if event == Event::DoNothing {
        let mistake = Mistake::warning("/event", format!("{event} never fires"));
        mistakes.push(mistake.hint("choose the event that the process waits for"));
    } else if matches!(event.group(), EventGroup::Other | EventGroup::Administrative) {
        let problem = format!("{event} stands only in a newer list, and nobody describes it");
        mistakes.push(
            Mistake::warning("/event", problem).hint("see in your tenant that it fires, and what it offers"),
        );
    }
}

fn check_authorization(authorization: &Authorization, mistakes: &mut Vec<Mistake>) {
    let Authorization::Basic { username, .. } = authorization else {
        return;
    };
    if username.is_empty() {
        let problem = "basic authorization without a user name";
        mistakes.push(missing("/username", problem).hint("or NO_AUTHORIZATION"));
    }
    if username.contains(':') {
        // RFC 7617: the first colon ends the user name.
        let problem = "a colon ends the user name of Basic, so the receiver reads the rest as password";
        mistakes.push(Mistake::new("/username", problem).hint("take a user without a colon, on both sides"));
    }
}

/// A required field that is missing (documented: webhooks sheet 1.1 and 6.5).
fn missing(pointer: &str, problem: &str) -> Mistake {
    Mistake::new(pointer, problem).refused(MambuError::MISSING_REQUIRED_PARAMETER)
}

/// `A`, `A or B`, `A, B or C`.
fn one_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

#[cfg(test)]
pub(super) mod tests;
