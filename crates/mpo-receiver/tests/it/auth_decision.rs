//! `decide` against the model: on headers made by mutating good ones, and on any bytes at all.

use std::collections::BTreeMap;

use mpo_process::Variables;
use mpo_receiver::{ALL_CLASSES, Accepted, Credentials, ResolvedAuth, StartAuth, decide};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::auth_model::{ACCEPTED, OUTCOMES, Outcome, base64, outcome};

pub(crate) fn basic(user: &str, pass: &str) -> StartAuth {
    StartAuth::Basic(Some(Credentials {
        user: user.into(),
        pass: pass.into(),
    }))
}

/// What `decide` says, by name; panics when it says something that it may never say.
pub(crate) fn decided(headers: &[Vec<u8>], auth: &ResolvedAuth) -> Outcome {
    let headers: Vec<&[u8]> = headers.iter().map(Vec::as_slice).collect();
    match decide(&headers, auth) {
        Ok(Accepted::Credentials) => ACCEPTED,
        Ok(Accepted::NoAuth) => "no authorization asked",
        Err(rejection) => {
            let class = rejection.class();
            assert!(ALL_CLASSES.iter().any(|(known, _)| *known == class), "{class}");
            assert!(rejection.is_access_denied(), "{class}");
            class
        }
    }
}

/// How a header is written. The default is a good one.
#[derive(Clone, Debug)]
struct Writing {
    before: Vec<u8>,
    scheme: Vec<u8>,
    gap: Vec<u8>,
    colon: bool,
    swapped: bool,
    encoding: Encoding,
    after: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Encoding {
    Standard,
    UrlSafe,
    Unpadded,
    Padded(usize),
    Truncated(usize),
    TrailingBits,
    Inserted(usize, u8),
    Replaced(usize, u8),
    Twice,
    Plain,
}

impl Encoding {
    fn write(&self, pair: &[u8]) -> Vec<u8> {
        let standard = base64(pair);
        let text = match self {
            Self::Standard => standard,
            Self::UrlSafe => standard.replace('+', "-").replace('/', "_"),
            Self::Unpadded => standard.trim_end_matches('=').into(),
            Self::Padded(count) => standard + &"=".repeat(*count),
            Self::Truncated(count) => standard[..standard.len().saturating_sub(*count)].into(),
            Self::TrailingBits => next_last_symbol(&standard),
            Self::Twice => base64(standard.as_bytes()),
            Self::Inserted(at, byte) => {
                let mut bytes = standard.into_bytes();
                bytes.insert(at % (bytes.len() + 1), *byte);
                return bytes;
            }
            Self::Replaced(at, byte) => {
                let mut bytes = standard.into_bytes();
                let length = bytes.len().max(1);
                if let Some(place) = bytes.get_mut(at % length) {
                    *place = *byte;
                }
                return bytes;
            }
            Self::Plain => return pair.to_vec(),
        };
        text.into_bytes()
    }
}

/// The same text with another last symbol; before padding that sets a bit that means nothing.
fn next_last_symbol(text: &str) -> String {
    let symbols = text.trim_end_matches('=');
    let Some((rest, last)) = symbols
        .char_indices()
        .next_back()
        .map(|(at, last)| (&symbols[..at], last))
    else {
        return text.into();
    };
    let next = match last {
        'Z' => 'a',
        'z' => '0',
        '9' => '+',
        '+' | '/' => '/',
        other => char::from(u8::try_from(other).unwrap_or(b'A') + 1),
    };
    format!("{rest}{next}{}", &text[symbols.len()..])
}

impl Writing {
    fn write(&self, user: &[u8], pass: &[u8]) -> Vec<u8> {
        let (user, pass) = if self.swapped { (pass, user) } else { (user, pass) };
        let pair = [user, if self.colon { b":" } else { b"" }, pass].concat();
        [
            &self.before,
            &self.scheme,
            &self.gap,
            &self.encoding.write(&pair),
            &self.after,
        ]
        .map(Vec::as_slice)
        .concat()
    }
}

/// The usual value, or one of the others in one case of `1 + usual`.
fn mostly<T: Clone + std::fmt::Debug + 'static>(
    usual: T,
    weight: u32,
    others: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = T> {
    prop_oneof![weight => Just(usual), 1 => others]
}

fn bytes_of(texts: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(texts).prop_map(<[u8]>::to_vec)
}

fn encoding() -> impl Strategy<Value = Encoding> {
    mostly(
        Encoding::Standard,
        6,
        prop_oneof![
            Just(Encoding::UrlSafe),
            Just(Encoding::Unpadded),
            (1..5usize).prop_map(Encoding::Padded),
            (1..6usize).prop_map(Encoding::Truncated),
            Just(Encoding::TrailingBits),
            (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Encoding::Inserted(at, byte)),
            (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Encoding::Replaced(at, byte)),
            Just(Encoding::Twice),
            Just(Encoding::Plain),
        ],
    )
}

fn writing() -> impl Strategy<Value = Writing> {
    let before: &[&[u8]] = &[b" ", b"\t ", b",", b"x", b"Basic ", b"\xef\xbb\xbf", b"\0", b"\""];
    let scheme: &[&[u8]] = &[
        b"basic",
        b"BASIC",
        b"bAsIc",
        b"Basic:",
        b"Basic,",
        b"Basi",
        b"Basics",
        b"Bearer",
        b"Digest",
        b"B\xe0sic",
        b"",
    ];
    let gap: &[&[u8]] = &[
        b"  ",
        b"        ",
        b"\t",
        b" \t",
        b"\t ",
        b"",
        b":",
        b"=",
        b"\xa0",
        b"\n ",
    ];
    let after: &[&[u8]] = &[
        b" ",
        b"\t\t",
        b",",
        b" x",
        b" , Basic eDp5",
        b"\r\n",
        b"\0",
        b":",
        b", realm=\"x\"",
        b"\x7f",
    ];
    (
        mostly(vec![], 10, bytes_of(before)),
        mostly(b"Basic".to_vec(), 6, bytes_of(scheme)),
        mostly(b" ".to_vec(), 8, bytes_of(gap)),
        mostly(true, 12, Just(false)),
        mostly(false, 12, Just(true)),
        encoding(),
        mostly(vec![], 10, bytes_of(after)),
    )
        .prop_map(|(before, scheme, gap, colon, swapped, encoding, after)| Writing {
            before,
            scheme,
            gap,
            colon,
            swapped,
            encoding,
            after,
        })
}

/// A user or password as it may be saved: usually something a person types, sometimes anything.
fn saved() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9._+/@ -]{1,12}",
        2 => "\\PC{0,20}",
        1 => "[a:]{0,3}",
        1 => "[\\x00-\\x7f]{0,4}",
        1 => Just(String::new()),
        1 => "\\PC{200,300}",
    ]
}

/// What is sent in place of something that is saved.
fn sent(saved: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let saved = saved.as_bytes().to_vec();
    let variants = [
        saved.to_ascii_uppercase(),
        saved.to_ascii_lowercase(),
        saved.trim_ascii().to_vec(),
        [&saved[..], b" "].concat(),
        [&saved[..], b"\n"].concat(),
        [b"\0", &saved[..]].concat(),
        [&saved[..], b":"].concat(),
        saved
            .split_last()
            .map(|(_, most)| most.to_vec())
            .unwrap_or_default(),
    ];
    mostly(
        saved,
        5,
        prop_oneof![
            prop::sample::select(variants.to_vec()),
            prop::collection::vec(any::<u8>(), 0..6),
        ],
    )
}

/// A Start node's user and password, and the Authorization headers of a request to it.
#[derive(Clone, Debug)]
struct Case {
    user: String,
    pass: String,
    headers: Vec<Vec<u8>>,
}

fn case() -> impl Strategy<Value = Case> {
    let writing = writing().boxed();
    (saved(), saved()).prop_flat_map(move |(user, pass)| {
        let header = (sent(&user), sent(&pass), writing.clone())
            .prop_map(|(user, pass, writing)| writing.write(&user, &pass))
            .boxed();
        let count = prop_oneof![1 => Just(0), 16 => Just(1), 2 => 2..4usize];
        let headers = count.prop_flat_map(move |count| prop::collection::vec(header.clone(), count));
        headers.prop_map(move |headers| Case {
            user: user.clone(),
            pass: pass.clone(),
            headers,
        })
    })
}

impl Case {
    fn check(&self) -> Result<Outcome, TestCaseError> {
        let auth = ResolvedAuth::new(&basic(&self.user, &self.pass), &Variables::default(), true);
        let expected = outcome(&self.headers, self.user.as_bytes(), self.pass.as_bytes());
        prop_assert_eq!(decided(&self.headers, &auth), expected);
        let open = ResolvedAuth::new(&StartAuth::NoAuth, &Variables::default(), true);
        prop_assert_eq!(decided(&self.headers, &open), "no authorization asked");
        let unsaved = ResolvedAuth::new(&StartAuth::Basic(None), &Variables::default(), true);
        prop_assert_eq!(decided(&self.headers, &unsaved), "no_credentials");
        Ok(expected)
    }
}

/// So many cases, or what `PROPTEST_CASES` says.
fn cases(ours: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig::with_cases(asked.and_then(|cases| cases.parse().ok()).unwrap_or(ours))
}

proptest! {
    #![proptest_config(cases(1_200))]

    #[test]
    fn mutated_headers_are_decided_as_the_rfcs_say(case in case()) {
        case.check()?;
    }

    #[test]
    fn a_good_header_passes_and_one_changed_byte_never_does(
        user in "[a-z0-9]{1,10}", pass in "\\PC{0,20}", at: usize, byte: u8,
    ) {
        let header = format!("Basic {}", base64(format!("{user}:{pass}").as_bytes())).into_bytes();
        let good = Case { user, pass, headers: vec![header.clone()] };
        prop_assert_eq!(good.check()?, ACCEPTED);
        let mut changed = header.clone();
        let at = "Basic ".len() + at % (header.len() - "Basic ".len());
        changed[at] = byte;
        let changed = Case { headers: vec![changed], ..good };
        prop_assert_eq!(changed.check()? == ACCEPTED, changed.headers[0] == header);
    }
}

const STARTS: &[&[u8]] = &[b"", b"Basic ", b"basic  ", b"Basic\t", b"Basic bWFtYnU6"];

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn any_bytes_are_decided_as_the_rfcs_say(
        start in prop::sample::select(STARTS),
        bytes in prop::collection::vec(any::<u8>(), 0..8_192),
        others in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 0..2),
    ) {
        let mut headers = others;
        headers.insert(0, [start, &bytes].concat());
        Case { user: "mambu".into(), pass: "s3cret".into(), headers }.check()?;
    }

    #[test]
    fn any_base64_is_decided_as_the_rfcs_say(
        mut decoded in prop::collection::vec(any::<u8>(), 0..6_000),
        colon: prop::sample::Index,
        padding in 0..4usize,
    ) {
        decoded.insert(colon.index(decoded.len() + 1), b':');
        let header = format!("Basic {}{}", base64(&decoded), "=".repeat(padding)).into_bytes();
        Case { user: "mambu".into(), pass: "s3cret".into(), headers: vec![header] }.check()?;
    }
}

#[test]
fn the_mutations_reach_every_outcome() {
    let mut runner = TestRunner::deterministic();
    let cases = case();
    let mut reached: BTreeMap<Outcome, u32> = BTreeMap::new();
    for _ in 0..1_500 {
        let case = cases.new_tree(&mut runner).unwrap().current();
        *reached.entry(case.check().unwrap()).or_default() += 1;
    }
    for outcome in OUTCOMES {
        let count = reached.get(outcome).copied().unwrap_or_default();
        assert!(count >= 15, "{outcome}: {count} of 1500 cases; {reached:?}");
    }
}
