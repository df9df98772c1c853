//! "Did you mean …": the known name nearest to one that is unknown, and lists of names for messages.

/// Words of other tools, and of the vendors, for keys of ours.
const SYNONYMS: &[(&str, &str)] = &[
    ("operator", "is"),
    ("op", "is"),
    ("password", "pass"),
    ("username", "user"),
    ("pass", "password"),
    ("user", "username"),
    ("login", "user"),
    ("status", "state"),
    ("link", "direct_url"),
    ("url", "direct_url"),
    ("hash", "direct_url"),
    ("method", "request_type"),
    ("payload", "body"),
    ("process", "to"),
    ("wait", "after"),
    ("delay", "after"),
    ("sleep", "after"),
    ("time", "at"),
    ("assert", "expect"),
    ("then", "expect"),
    ("send", "post"),
    ("request", "post"),
    ("config", "set"),
    ("resend", "message"),
    ("duration", "for"),
    ("vars", "variables"),
    ("auth", "authorization"),
];

/// Longer words are not compared.
const MAX_LETTERS: usize = 64;

/// How many names a hint lists.
const MAX_LISTED: usize = 40;

/// The known name that somebody probably meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.is_empty() || word.len() > MAX_LETTERS {
        return None;
    }
    let plain = |name: &str| name.to_lowercase().replace(['-', ' ', '.'], "_");
    let word = plain(word);
    known
        .into_iter()
        .filter(|name| name.len() <= MAX_LETTERS)
        .filter_map(|name| {
            let candidate = plain(name);
            let distance = strsim::damerau_levenshtein(&word, &candidate);
            let near = distance <= candidate.chars().count().div_ceil(3).min(3)
                || strsim::jaro_winkler(&word, &candidate) >= 0.9;
            near.then_some((distance, name))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The known key that somebody probably meant: a slip of the finger, or another word for the same.
pub(super) fn nearest_key<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let synonym = |name: &&str| SYNONYMS.contains(&(word, *name));
    nearest(word, known.clone()).or_else(|| known.into_iter().find(synonym))
}

/// The names, quoted and separated by commas; a very long list is cut.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let mut shown: Vec<String> = names
        .by_ref()
        .take(MAX_LISTED)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = names.count();
    if more > 0 {
        shown.push(format!("… and {more} more"));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        let known = ["event", "body", "OPT_IN", "direct_url", "url"];
        assert_eq!(nearest("evnet", known), Some("event"));
        assert_eq!(nearest("Body", known), Some("body"));
        assert_eq!(nearest("opt-in", known), Some("OPT_IN"));
        assert_eq!(nearest("directurl", known), Some("direct_url"));
        assert_eq!(nearest("elephant", known), None);
        assert_eq!(nearest(&"x".repeat(1_000), known), None);
    }

    #[test]
    fn a_long_list_is_cut() {
        assert_eq!(listed(["a", "b"]), "`a`, `b`");
        assert!(listed(["a"; 50]).ends_with("… and 10 more"));
    }
}
