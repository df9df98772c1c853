//! Reading single lines for the net: where quoted texts, references, keys and plain values end, byte by byte.
//!
//! Nothing here decides what is secret, except for what shows it by its own form: user names in URLs and hex runs.

use std::ops::Range;

/// A reference is not longer than this.
const MAX_REFERENCE: usize = 200;

/// From this length on a run of hex digits is covered.
const HEX_RUN: usize = 40;

/// The brackets and quotes that are open at a place of a line, as far as the line alone shows.
#[derive(Default)]
pub(super) struct Open {
    read: usize,
    brackets: isize,
    single: bool,
    double: bool,
}

impl Open {
    pub(super) fn is_inside(&mut self, before: &[u8]) -> bool {
        for byte in before.get(self.read..).unwrap_or_default() {
            match byte {
                b'{' | b'[' => self.brackets += 1,
                b'}' | b']' => self.brackets -= 1,
                b'\'' => self.single = !self.single,
                b'"' => self.double = !self.double,
                _ => {}
            }
        }
        self.read = before.len();
        self.brackets > 0 || self.single || self.double
    }
}

/// A quoted text, a reference, or a plain run up to a bracket, a comma or a colon; at least one byte.
pub(super) fn token_length(rest: &[u8]) -> usize {
    if let Some(length) = reference(rest) {
        return length;
    }
    if let quote @ (b'"' | b'\'') = rest[0] {
        return closing(rest, 1, quote, 0).map_or(rest.len(), |close| close + 1);
    }
    let ends = |at: usize| match rest[at] {
        b',' | b'{' | b'}' | b'[' | b']' => true,
        b':' => rest.get(at + 1).is_none_or(|next| b" \t".contains(next)),
        _ => false,
    };
    (1..rest.len()).find(|at| ends(*at)).unwrap_or(rest.len())
}

/// The length of `${NAME}` or `{{…}}` at the beginning of a text.
pub(super) fn reference(rest: &[u8]) -> Option<usize> {
    let (open, close): (&[u8], &[u8]) = if rest.starts_with(b"${") {
        (b"${", b"}")
    } else if rest.starts_with(b"{{") {
        (b"{{", b"}}")
    } else {
        return None;
    };
    let name = &rest[open.len()..];
    let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.@[]() ".contains(byte);
    let length = name.iter().take(MAX_REFERENCE).take_while(plain).count();
    name[length..]
        .starts_with(close)
        .then_some(open.len() + length + close.len())
}

/// Whether a text, quoted or not, is one reference and nothing else.
pub(super) fn is_reference(token: &[u8]) -> bool {
    let inner = unquoted(token);
    reference(inner) == Some(inner.len())
}

/// A text without the quotes around it.
pub(super) fn unquoted(token: &[u8]) -> &[u8] {
    match token {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        _ => token,
    }
}

/// The length of a plain value: up to a comment, or one of the bytes that stop it.
pub(super) fn plain_length(rest: &[u8], stop: &[u8]) -> usize {
    let ends =
        |at: &usize| stop.contains(&rest[*at]) || (rest[*at] == b'#' && *at > 0 && rest[at - 1] == b' ');
    (0..rest.len()).find(ends).unwrap_or(rest.len())
}

/// Where a quoted text ends: the place of its closing quote (or of the backslashes before it).
pub(super) fn closing(line: &[u8], from: usize, quote: u8, slashes: usize) -> Option<usize> {
    let mut at = from;
    while at < line.len() {
        let run = line[at..].iter().take_while(|byte| **byte == b'\\').count();
        if line.get(at + run) == Some(&quote) {
            let doubled = quote == b'\'' && slashes == 0 && line.get(at + run + 1) == Some(&quote);
            if doubled {
                at += run + 2;
                continue;
            }
            let escaped = quote == b'"' && slashes == 0 && run % 2 == 1;
            if !escaped && run >= slashes && (slashes == 0 || run == slashes) {
                return Some(at + run - slashes);
            }
        }
        at += run + 1;
    }
    None
}

/// From the end of a secret word to the start of the value: the rest of the key, its quote, and `:` or `=`. When there
/// is no such thing, the error says where to read on.
pub(super) fn after_key(line: &[u8], from: usize) -> Result<usize, usize> {
    let mut at = from;
    while line.get(at).is_some_and(|byte| in_key(*byte)) {
        at += 1;
    }
    let end = at;
    while line.get(at) == Some(&b'\\') {
        at += 1;
    }
    if matches!(line.get(at), Some(b'"' | b'\'')) {
        at += 1;
    }
    at = blank(line, at);
    if matches!(line.get(at), Some(b':' | b'=')) {
        Ok(blank(line, at + 1))
    } else {
        Err(end)
    }
}

pub(super) fn in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_-. ".contains(&byte)
}

/// Whether a value is `|` or `>`, perhaps behind an anchor or a tag.
pub(super) fn opens_block(rest: &[u8]) -> bool {
    let value = &rest[..plain_length(rest, b"")];
    let value = &value[..trimmed_end(value)];
    let last = value.rsplit(|byte| *byte == b' ').next().unwrap_or(value);
    let mark = matches!(value.first(), Some(b'|' | b'>' | b'&' | b'!'));
    let head = matches!(last.first(), Some(b'|' | b'>'));
    mark && head && last[1..].iter().all(|byte| b"+-123456789".contains(byte))
}

/// The first byte of a line's content, behind its indentation, `- ` and an opening quote.
pub(super) fn content_start(line: &[u8]) -> usize {
    let mut at = blank(line, 0);
    while line.get(at) == Some(&b'-') && line.get(at + 1) == Some(&b' ') {
        at = blank(line, at + 1);
    }
    at + usize::from(matches!(line.get(at), Some(b'"' | b'\'')))
}

pub(super) fn quoted_without_colon(line: &[u8], at: usize) -> bool {
    match line.get(at) {
        Some(quote @ (b'"' | b'\'')) => closing(line, at + 1, *quote, 0)
            .is_none_or(|close| line.get(blank(line, close + 1)) != Some(&b':')),
        _ => false,
    }
}

pub(super) fn blank(line: &[u8], from: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| b" \t".contains(byte)).count()
}

pub(super) fn trimmed_end(line: &[u8]) -> usize {
    line.iter()
        .rposition(|byte| !b" \t".contains(byte))
        .map_or(0, |last| last + 1)
}

/// Covers what stands between `//` and the last `@` before the path.
pub(super) fn urls(line: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(slashes) = line[at..].windows(2).position(|pair| pair == b"//") {
        let start = at + slashes + 2;
        let host = line[start..]
            .iter()
            .take_while(|byte| !b" \t\"'/<>\\".contains(byte))
            .count();
        if let Some(mail) = line[start..start + host].iter().rposition(|byte| *byte == b'@') {
            found.push(start..start + mail);
        }
        at = start;
    }
}

/// Covers the last part of a direct URL's path, its hash, whole or cut short: what stands behind `/public/` and what it leads to.
pub(super) fn direct_urls(line: &[u8], found: &mut Vec<Range<usize>>) {
    const PUBLIC: &[u8] = b"/public/";
    let mut at = 0;
    while let Some(public) = line[at..].windows(PUBLIC.len()).position(|part| part == PUBLIC) {
        let start = at + public + PUBLIC.len();
        let path = line[start..]
            .iter()
            .take_while(|byte| !b" \t\"'<>\\,{}[]()?#$".contains(byte))
            .count();
        let end = start + path;
        if let Some(slash) = line[start..end].iter().rposition(|byte| *byte == b'/') {
            found.push(start + slash + 1..end);
        }
        at = start;
    }
}

/// Covers the values in the queries of URLs, which may be keys; placeholders and references stay.
pub(super) fn queries(line: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(slashes) = line[at..].windows(3).position(|part| part == b"://") {
        let start = at + slashes + 3;
        let url = line[start..]
            .iter()
            .take_while(|byte| !b" \t\"'<>\\`".contains(byte))
            .count();
        let end = start + url;
        let mut from = end;
        if let Some(query) = line[start..end].iter().position(|byte| *byte == b'?') {
            from = start + query + 1;
        }
        while from < end {
            let pair = line[from..end]
                .iter()
                .position(|byte| *byte == b'&')
                .unwrap_or(end - from);
            if let Some(equals) = line[from..from + pair].iter().position(|byte| *byte == b'=') {
                let value = from + equals + 1;
                if !matches!(line.get(value), Some(b'{' | b'$')) {
                    found.push(value..from + pair);
                }
            }
            from += pair + 1;
        }
        at = start;
    }
}

pub(super) fn hex_runs(line: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while at < line.len() {
        let run = line[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        if run >= HEX_RUN {
            found.push(at..at + run);
        }
        at += run + 1;
    }
}
