//! Placeholders of one text against what the event offers, and the patterns they are written with.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::event::Event;
use crate::format::{DatePattern, NumberPattern};
use crate::mistake::{MambuError, Mistake, nearest};
use crate::placeholder::availability::{self, Offer};
use crate::placeholder::catalogue::{self, Placeholder};
use crate::placeholder::syntax::{Name, Segment, SegmentKind, Shape, segments};

/// Checks all placeholders of `text`; nothing is said twice.
pub(super) fn check(pointer: &str, text: &str, event: Event, mistakes: &mut Vec<Mistake>) {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for segment in segments(text) {
        let as_written = &text[segment.span.clone()];
        if segment.kind == SegmentKind::Literal {
            check_unclosed(pointer, text, segment.span, &mut seen, mistakes);
            continue;
        }
        if !seen.insert(as_written) {
            continue;
        }
        let before = mistakes.len();
        check_braces(pointer, text, &segment, mistakes);
        match segment.kind {
            SegmentKind::Literal => {}
            SegmentKind::Unreadable(hint) => mistakes.push(
                Mistake::new(pointer, format!("{as_written} is not a placeholder"))
                    .hint(hint)
                    .refused(MambuError::INVALID_PLACEHOLDER),
            ),
            SegmentKind::Value { name, shape } => {
                check_pattern(pointer, as_written, &name, &shape, mistakes);
                match name {
                    Name::Standard(name) if names.iter().all(|(known, _)| *known != name) => {
                        names.push((name, segment.span.clone()));
                    }
                    _ => {}
                }
            }
        }
        for mistake in mistakes.iter_mut().skip(before) {
            mistake.within = Some(Box::new(segment.span.clone()));
        }
    }
    let Some(offer) = availability::offers(event) else {
        check_on_trust(pointer, &names, event, mistakes);
        return;
    };
    for (name, bytes) in names {
        let mistake = check_offered(pointer, &name, event, offer);
        mistakes.extend(mistake.map(|mistake| mistake.within(bytes)));
    }
}

/// Under an event that came after appendix A nothing is refused, and nothing is sure.
fn check_on_trust(
    pointer: &str,
    names: &[(String, Range<usize>)],
    event: Event,
    mistakes: &mut Vec<Mistake>,
) {
    let (listed, unlisted): (Vec<_>, Vec<_>) = names
        .iter()
        .partition(|(name, _)| catalogue::find(name).is_some());
    mistakes.extend(
        unlisted
            .into_iter()
            .map(|(name, bytes)| warn_of_unlisted(pointer, name, event).within(bytes.clone())),
    );
    if let Some((_, first)) = listed.first() {
        let listed: Vec<String> = listed.iter().map(|(name, _)| format!("{{{name}}}")).collect();
        let problem = format!(
            "what {event} offers is not known, so nobody can say whether {} will be there",
            listed.join(", ")
        );
        mistakes.push(
            Mistake::warning(pointer, problem)
                .hint("the template editor lists what is on offer")
                .within(first.clone()),
        );
    }
}

/// Observed: an event of appendix A that does not offer it refuses the template (webhooks sheet 4.2).
fn check_offered(pointer: &str, name: &str, event: Event, offer: Offer) -> Option<Mistake> {
    if offer.contains(name) {
        return None;
    }
    let known = catalogue::find(name);
    if known.is_some() && availability::is_newer(name) {
        let problem = format!("{event} offers {{{name}}} only if the tenant has the newer placeholders");
        let as_recipient = name
            .split_once('_')
            .map(|(_, rest)| format!("RECIPIENT_{rest}"))
            .filter(|recipient| offer.contains(recipient));
        let warning = Mistake::warning(pointer, problem);
        return Some(match as_recipient {
            Some(recipient) => warning.hint(format!("{{{recipient}}} is there in any case")),
            None => warning.hint("the template editor lists what is on offer"),
        });
    }
    let mistake = if known.is_some() {
        let mistake = Mistake::new(pointer, format!("{event} does not offer {{{name}}}"));
        match nearest(name, offer.names()) {
            Some(near) => mistake.hint(format!("the nearest that it offers is {{{near}}}")),
            None => mistake.hint("leave it out; the process can fetch the value by its id"),
        }
    } else {
        let mistake = Mistake::new(pointer, format!("there is no placeholder {{{name}}}"));
        let all = || catalogue::ALL.iter().map(|known| known.name);
        match nearest(name, offer.names()).or_else(|| nearest(name, all())) {
            Some(near) => mistake.hint(format!("did you mean {{{near}}}?")),
            None => mistake.hint("it stays in the body as it is written"),
        }
    };
    Some(mistake.refused(MambuError::INVALID_PLACEHOLDER))
}

/// A name that the sheets don't have, under an event that came after them: perhaps newer as well.
fn warn_of_unlisted(pointer: &str, name: &str, event: Event) -> Mistake {
    let problem = format!("{{{name}}} is on no list, and what {event} offers is not known");
    let near = nearest(name, catalogue::ALL.iter().map(|known| known.name));
    let in_case = format!("if the tenant has it, give its value under `values: {{ {name}: … }}`");
    Mistake::warning(pointer, problem).hint(match near {
        Some(near) => format!("did you mean {{{near}}}? {in_case}"),
        None => in_case,
    })
}

fn check_pattern(pointer: &str, as_written: &str, name: &Name, shape: &Shape, mistakes: &mut Vec<Mistake>) {
    let (problem, example) = match shape {
        Shape::Plain | Shape::InWords(_) => return,
        Shape::Date(pattern) => {
            let problem = DatePattern::parse(pattern).err();
            (problem.map(|problem| problem.to_string()), "yyyy-MM-dd")
        }
        Shape::Number(pattern) => {
            let problem = NumberPattern::parse(pattern).err();
            (problem.map(|problem| problem.to_string()), "#.###,##")
        }
    };
    if let Some(problem) = problem {
        let problem = format!("the pattern of {as_written} cannot be read: {problem}");
        mistakes.push(Mistake::new(pointer, problem).hint(format!("a pattern looks like {example}")));
    }
    let Name::Standard(name) = name else { return };
    let (fits, wanted): (fn(&Placeholder) -> bool, _) = match shape {
        Shape::Date(_) => (|known| known.kind.is_temporal(), "date"),
        _ => (|known| known.kind.is_numeric(), "number"),
    };
    if catalogue::find(name).is_some_and(|known| !fits(known)) {
        let problem = format!("{{{name}}} is not a {wanted}, so its pattern does nothing");
        mistakes.push(Mistake::warning(pointer, problem).hint(format!("write {{{name}}} alone")));
    }
}

/// `{NAME` without its brace stays as it is; only names of placeholders are looked for, braces may be meant for themselves.
fn check_unclosed<'t>(
    pointer: &str,
    text: &'t str,
    literal: Range<usize>,
    seen: &mut BTreeSet<&'t str>,
    mistakes: &mut Vec<Mistake>,
) {
    let inside = &text[literal.clone()];
    for (at, _) in inside.match_indices('{') {
        let behind = &inside[at + 1..];
        let custom = behind.strip_prefix("CF:");
        let is_part =
            |part: char| part.is_ascii_alphanumeric() || part == '_' || custom.is_some() && part == ':';
        let length = behind.find(|part| !is_part(part)).unwrap_or(behind.len());
        let name = &behind[..length];
        let is_known = catalogue::find(name).is_some() || custom.is_some_and(|_| length > "CF:".len());
        let written = &inside[at..=at + length];
        if is_known && seen.insert(written) {
            let start = literal.start + at;
            let mistake = Mistake::warning(
                pointer,
                format!("{written} is not closed, so it stays as it is written"),
            );
            let mistake = mistake.hint(format!("write {{{name}}}"));
            mistakes.push(mistake.within(start..start + written.len()));
        }
    }
}

/// `{{NAME}}` is how other products write it; here the outer braces stay in the text.
fn check_braces(pointer: &str, text: &str, segment: &Segment, mistakes: &mut Vec<Mistake>) {
    let before = text.get(..segment.span.start).unwrap_or_default();
    let after = text.get(segment.span.end..).unwrap_or_default();
    if before.ends_with('{') && after.starts_with('}') {
        let as_written = &text[segment.span.clone()];
        mistakes.push(
            Mistake::warning(pointer, format!("{{{as_written}}} keeps its outer braces")).hint(format!(
                "the process gets them too; Mambu has single braces: {as_written}"
            )),
        );
    }
}
