//! What must not be printed of a text although nobody has marked it: a net of rules that works line by line, on broken files too.
//!
//! Covered are the values (never the keys) under keys that sound secret, user names, passwords and queries in URLs, the end of direct URLs,
//! and long runs of hex digits (hashes). References such as `${NAME}` are not secret. In doubt the net covers too much.

mod scan;

use std::ops::Range;

use scan::{
    Open, after_key, blank, closing, content_start, direct_urls, hex_runs, in_key, is_reference, opens_block,
    plain_length, queries, quoted_without_colon, reference, token_length, trimmed_end, urls,
};

/// Parts of a key's name that make its value secret.
const SECRET_WORDS: [&str; 18] = [
    "pass",
    // MPO's variables and the headers of templates hold credentials.
    "variables",
    "headers",
    // Slips of the finger, where no decoder has a chance to notice: in files that cannot be parsed.
    "pasw",
    "psas",
    "apss",
    "pwd",
    "pword",
    "secrt",
    "sercet",
    "scret",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "authorization",
    "credential",
];

/// Values that tell nothing, under keys that sound secret.
const SETTINGS: [&[u8]; 6] = [
    b"true",
    b"false",
    b"none",
    b"basic",
    b"NO_AUTHORIZATION",
    b"BASIC_AUTHORIZATION",
];

/// How far behind the end of a value another key is looked for.
const MAX_KEY: usize = 64;

/// What makes a value secret as a word of a key's name (`MPO_PW`), and not within a longer one.
const SECRET_ALONE: &[u8] = b"pw";

/// The key of a scenario whose values are covered, each of them.
const ENVIRONMENT: &[u8] = b"env";

/// Whether a key's name says that its value is secret.
pub(crate) fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    (0..name.len()).any(|at| secret_word(name.as_bytes(), at).is_some())
}

/// Whether a value tells nothing, even under a key that sounds secret.
pub(crate) fn is_setting(text: &str) -> bool {
    SETTINGS.contains(&text.as_bytes())
}

/// Where a word ends that begins at a byte of a line in lower case, if it makes values secret.
fn secret_word(lower: &[u8], at: usize) -> Option<usize> {
    let rest = &lower[at..];
    let part = SECRET_WORDS.iter().find(|word| rest.starts_with(word.as_bytes()));
    let whole = || rest.starts_with(SECRET_ALONE) && stands_alone(lower, at, at + SECRET_ALONE.len());
    part.map(|word| at + word.len())
        .or_else(|| whole().then_some(at + SECRET_ALONE.len()))
        .or_else(|| opens_environment(lower, at).then_some(at + ENVIRONMENT.len()))
}

/// Whether no letter stands before or behind a part of a line.
fn stands_alone(line: &[u8], from: usize, to: usize) -> bool {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    !letter(line[..from].last()) && !letter(line.get(to))
}

/// Whether the key of the environment begins here: at the beginning of a line, indented or not, or behind a comma, a bracket, or a value
/// that lacks its comma.
fn opens_environment(line: &[u8], at: usize) -> bool {
    let Some(behind) = line[at..].strip_prefix(ENVIRONMENT) else {
        return false;
    };
    let is_quote = |byte: Option<&u8>| byte.is_some_and(|byte| b"\"'".contains(byte));
    let behind = &behind[usize::from(is_quote(behind.first()))..];
    let before = &line[..at];
    let before = &before[..at - usize::from(is_quote(before.last()))];
    let begins = match before[..trimmed_end(before)].last() {
        None => true,
        Some(byte) => b"{,}]\"'".contains(byte),
    };
    begins && behind.get(blank(behind, 0)) == Some(&b':')
}

/// Whether a text, quoted or not, is `${NAME}` and nothing else, which tells no secret.
pub(super) fn is_filled_in_whole(written: &str) -> bool {
    let inner = scan::unquoted(written.as_bytes());
    inner.starts_with(b"${") && reference(inner) == Some(inner.len())
}

/// A text as it may be quoted in a message: secrets replaced by `*`, as far as the text alone shows them.
///
/// ```
/// use scenario_runner::document::mask_text;
/// assert_eq!(mask_text("https://mambu:pw@host/x"), "https://********@host/x");
/// ```
pub fn mask_text(text: &str) -> String {
    cover(text, 0..text.len(), &net(text))
}

/// A sentence of ours, in which a file's name or a value may be a URL: what is secret in URLs replaced by `*`.
pub fn mask_links(text: &str) -> String {
    let mut found = Vec::new();
    let line = text.as_bytes();
    scan::urls(line, &mut found);
    scan::direct_urls(line, &mut found);
    scan::queries(line, &mut found);
    scan::hex_runs(line, &mut found);
    cover(text, 0..text.len(), &joined(found))
}

/// Where a known secret stands in a text that is printed line by line. A word in its place is a key, which is none.
pub(super) fn known(text: &str, secrets: &[&str]) -> Vec<Range<usize>> {
    let of_one = |secret: &&str| {
        let found = text
            .match_indices(*secret)
            .map(|(at, found)| at..at + found.len());
        found.collect::<Vec<_>>()
    };
    let found = secrets.iter().flat_map(of_one);
    found.filter(|range| !is_key(text.as_bytes(), range)).collect()
}

/// Whether a part of a text is a whole key, and may be one of ours.
fn is_key(text: &[u8], part: &Range<usize>) -> bool {
    let ours = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
    let before = text[..part.start].last();
    let behind = &text[part.end..];
    text[part.clone()].iter().all(ours)
        && before.is_none_or(|byte| b" \n{,".contains(byte))
        && behind.first() == Some(&b':')
        && behind.get(1).is_none_or(|byte| b" \r\n".contains(byte))
}

/// A part of a text with each character in `masks` replaced by `*`. The masks are in order and apart from one another.
pub(super) fn cover(text: &str, part: Range<usize>, masks: &[Range<usize>]) -> String {
    let first = masks.partition_point(|mask| mask.end <= part.start);
    let mut masks = masks[first..].iter().peekable();
    let start = part.start;
    let shown = text.get(part).unwrap_or_default();
    let cover_one = |(at, letter): (usize, char)| {
        let at = start + at;
        while masks.next_if(|mask| mask.end <= at).is_some() {}
        let covered = masks.peek().is_some_and(|mask| mask.start <= at);
        if covered && !letter.is_whitespace() {
            '*'
        } else {
            letter
        }
    };
    shown.char_indices().map(cover_one).collect()
}

/// The ranges in order, with those that touch joined.
pub(super) fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ if range.is_empty() => {}
            _ => apart.push(range),
        }
    }
    apart
}

/// What the rules cover in a text. All bounds are next to ASCII characters or at the ends of lines, so on character boundaries.
pub(super) fn net(text: &str) -> Vec<Range<usize>> {
    let mut net = Net {
        found: Vec::new(),
        carry: Carry::Nothing,
        covered: 0,
    };
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        net.line(body.as_bytes(), offset);
        offset += line.len();
    }
    joined(net.found)
}

/// What a secret value means for the lines after it.
#[derive(Clone, Copy)]
enum Carry {
    Nothing,
    /// Lines indented deeper than the key belong to the value.
    Deeper {
        column: usize,
        /// A block scalar: the whole line is the value, keys or not.
        whole: bool,
        /// No part of the value was seen yet.
        empty: bool,
    },
    /// A quoted text is open.
    Quote(u8),
    /// So many brackets are open.
    Brackets(usize),
    /// The value is on the next line that is not empty, perhaps with brackets that were opened before.
    Next,
}

struct Net {
    found: Vec<Range<usize>>,
    carry: Carry,
    /// Up to here the values between brackets on the line are covered already.
    covered: usize,
}

impl Net {
    fn line(&mut self, line: &[u8], offset: usize) {
        let from = self.found.len();
        let carried = self.carried(line);
        let carry = self.carry;
        self.covered = 0;
        self.keys(line);
        if carried {
            self.carry = carry;
        }
        urls(line, &mut self.found);
        direct_urls(line, &mut self.found);
        queries(line, &mut self.found);
        hex_runs(line, &mut self.found);
        for range in &mut self.found[from..] {
            *range = range.start + offset..range.end + offset;
        }
    }

    /// Covers a line that still belongs to a value above; `false` when it does not (or not all of it).
    fn carried(&mut self, line: &[u8]) -> bool {
        let indent = blank(line, 0);
        match self.carry {
            Carry::Nothing => false,
            Carry::Deeper { .. } | Carry::Next if indent == line.len() => true,
            Carry::Deeper { column, whole, empty } => {
                let item = line[indent..].starts_with(b"-") && !line[indent..].starts_with(b"---");
                let quoted_alone = empty && quoted_without_colon(line, indent);
                if indent > column || (empty && indent == column && item) || quoted_alone {
                    if whole {
                        self.found.push(indent..line.len());
                    } else {
                        self.values(line, indent, 0);
                    }
                    if quoted_alone {
                        self.carry = Carry::Nothing;
                    }
                    return true;
                }
                self.carry = Carry::Nothing;
                false
            }
            Carry::Quote(quote) => {
                if let Some(end) = closing(line, 0, quote, 0) {
                    self.found.push(0..end);
                    self.carry = Carry::Nothing;
                    false
                } else {
                    self.found.push(0..line.len());
                    true
                }
            }
            Carry::Next => {
                self.values(line, indent, 0);
                self.carry = Carry::Nothing;
                false
            }
            Carry::Brackets(open) => {
                let (left, _) = self.values(line, 0, open);
                self.carry = if left == 0 {
                    Carry::Nothing
                } else {
                    Carry::Brackets(left)
                };
                left > 0
            }
        }
    }

    /// Finds keys that sound secret and covers their values.
    fn keys(&mut self, line: &[u8]) {
        let lower = line.to_ascii_lowercase();
        let content = content_start(line);
        let mut open = Open::default();
        let mut at = 0;
        while at < line.len() {
            let Some(word_end) = secret_word(&lower, at) else {
                at += 1;
                continue;
            };
            at = match after_key(line, word_end) {
                Err(end) => end,
                Ok(value) => {
                    let first = line[content.min(at)..at].iter().all(|byte| in_key(*byte));
                    let inside = open.is_inside(&line[..at]);
                    self.value(line, value, first.then_some(content), inside)
                }
            };
        }
    }

    /// Covers the value that begins at `at`. `column` is the key's when it opens the line; `inside` says that brackets or
    /// quotes are open around it. Returns where to read on.
    fn value(&mut self, line: &[u8], at: usize, column: Option<usize>, inside: bool) -> usize {
        let end = trimmed_end(line);
        let rest = line.get(at..end).unwrap_or_default();
        // `secret: true`, `authorization: none` and the like are settings.
        let word = rest
            .split(|byte| b",}] \t".contains(byte))
            .next()
            .unwrap_or_default();
        let bare: Vec<u8> = word
            .iter()
            .copied()
            .filter(|byte| !b"\"'".contains(byte))
            .collect();
        if SETTINGS.contains(&bare.as_slice()) {
            return at + word.len();
        }
        let block = column.map(|column| (column, rest.first().copied()));
        match block {
            Some((column, None | Some(b'#'))) => {
                self.carry = Carry::Deeper {
                    column,
                    whole: false,
                    empty: true,
                };
                // What is left is a comment.
                return at + 1;
            }
            Some((column, _)) if opens_block(rest) => {
                self.carry = Carry::Deeper {
                    column,
                    whole: true,
                    empty: false,
                };
                // What is left is a comment.
                return at + 1;
            }
            _ => {}
        }
        if matches!(rest.first(), None | Some(b'#')) {
            self.carry = Carry::Next;
            return at + 1;
        }
        if let Some(length) = reference(rest) {
            return at + length;
        }
        let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
        match rest.get(slashes) {
            Some(quote @ (b'"' | b'\'')) => {
                let from = at + slashes + 1;
                let Some(close) = closing(line, from, *quote, slashes) else {
                    self.found.push(from..end);
                    if slashes == 0 && at >= self.covered {
                        self.carry = Carry::Quote(*quote);
                    }
                    return line.len();
                };
                if reference(&line[from..close]) != Some(close - from) {
                    self.found.push(from..close);
                }
                let next = close + slashes + 1;
                let tail = line.get(blank(line, next)..end).unwrap_or_default();
                if tail.first().is_none_or(|byte| b",}]#\"'\\&".contains(byte)) {
                    return next;
                }
                self.found.push(next..end);
                line.len()
            }
            Some(b'{' | b'[') => {
                if at >= self.covered {
                    let (left, end) = self.values(line, at, 0);
                    self.covered = end;
                    if left > 0 {
                        self.carry = Carry::Brackets(left);
                    }
                }
                // What stands between the brackets is read once more: a broken file may hide values there.
                at + 1
            }
            _ => {
                let stop: &[u8] = if inside { b",}]\"'&" } else { b"" };
                // One that begins with `&` is an anchor for YAML; to whoever wrote it, it is a password.
                let from = usize::from(rest.first() == Some(&b'&'));
                let length = from + plain_length(&rest[from..], stop);
                let length = if inside {
                    length
                } else {
                    length - usize::from(rest[..length].ends_with(b","))
                };
                self.found.push(at..at + length);
                if let Some(column) = column.filter(|_| !inside) {
                    self.carry = Carry::Deeper {
                        column,
                        whole: false,
                        empty: false,
                    };
                }
                // The last words of the value may be another key, with a value behind the quote that ended this one.
                at + length.saturating_sub(MAX_KEY)
            }
        }
    }

    /// Covers every value, but no key, from `at` to where the brackets are closed or the line ends; returns how many are open, and
    /// where it stopped.
    fn values(&mut self, line: &[u8], mut at: usize, mut open: usize) -> (usize, usize) {
        let bracketed = open > 0 || matches!(line.get(at), Some(b'{' | b'['));
        while at < line.len() {
            let rest = &line[at..];
            match rest[0] {
                b' ' | b'\t' | b',' => at += 1,
                b'-' if rest.len() == 1 || rest[1] == b' ' => at += 1,
                b'#' if at == 0 || line[at - 1] == b' ' => break,
                b'{' | b'[' => {
                    open += 1;
                    at += 1;
                }
                b'}' | b']' => {
                    open = open.saturating_sub(1);
                    at += 1;
                    if bracketed && open == 0 {
                        break;
                    }
                }
                _ => {
                    let end = at + token_length(rest);
                    let next = blank(line, end);
                    if line.get(next) == Some(&b':') {
                        at = next + 1;
                    } else {
                        if !is_reference(&line[at..end]) {
                            self.found.push(at..end);
                        }
                        at = end;
                    }
                }
            }
        }
        (open, at)
    }
}
