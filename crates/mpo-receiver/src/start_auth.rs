//! Who may start a task: the authorization of a Start node, decided from the bytes of the Authorization headers.
//!
//! One pure decision, [`decide`]. Knows no path, no process and no answer; senders never learn the reason.

use base64::engine::general_purpose::STANDARD;
use base64::{DecodeError, DecodeSliceError, Engine as _};
use mpo_process::{VariableKey, Variables, Visibility, references, resolve};
use secrecy::{ExposeSecret as _, SecretString};

use crate::hash::{Digest, same};
use crate::rejection::{Field, Malformed, NoCredentials, Rejection};

/// The "Type auth" of a Start node. Documented: receiver sheet 1.6.
///
/// `NoAuth` has no place for credentials: switching to it forgets them, as MPO does.
#[derive(Clone, Debug, Default)]
pub enum StartAuth {
    /// Everybody who has the direct URL may start a task.
    #[default]
    NoAuth,
    /// Only requests with these credentials are processed. `None`: Basic was chosen and nothing saved.
    Basic(Option<Credentials>),
}

/// User and password of a Start node; each may refer to variables with `{{env_var[…]}}`.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The user.
    pub user: SecretString,
    /// The password.
    pub pass: SecretString,
}

impl Credentials {
    pub(crate) fn fields(&self) -> [(Field, &str); 2] {
        [
            (Field::User, self.user.expose_secret()),
            (Field::Pass, self.pass.expose_secret()),
        ]
    }
}

/// A [`StartAuth`] with its variables resolved, ready to compare: what [`decide`] takes.
///
/// Built when the configuration changes; a variable's new value works at once (observed: receiver sheet 1.7). Holds the
/// credentials, as a header and as digests, and prints neither.
#[derive(Clone, Debug)]
pub struct ResolvedAuth(Gate);

#[derive(Clone, Debug)]
enum Gate {
    Open,
    Closed(NoCredentials),
    Basic(Lock),
}

/// The credentials of a Start node, ready to compare.
#[derive(Clone, Debug)]
struct Lock {
    user: Digest,
    pass: Digest,
    /// The header that is nearly always sent for them, if one can be.
    usual: Option<SecretString>,
}

impl Lock {
    fn new(user: &SecretString, pass: &SecretString) -> Self {
        let (user, pass) = (user.expose_secret(), pass.expose_secret());
        // Others can never be sent; see `decide`.
        let can_be_sent =
            !user.contains(':') && !user.bytes().chain(pass.bytes()).any(|b| b.is_ascii_control());
        let usual = || format!("Basic {}", STANDARD.encode(format!("{user}:{pass}"))).into();
        Self {
            user: Digest::of(user.as_bytes()),
            pass: Digest::of(pass.as_bytes()),
            usual: can_be_sent.then(usual),
        }
    }

    /// Whether a header is, byte for byte, the usual one for these credentials: then nothing has to be taken apart.
    fn is_opened_by(&self, header: &[u8]) -> bool {
        let usual = self.usual.as_ref().map(|usual| usual.expose_secret().as_bytes());
        usual.is_some_and(|usual| same(usual, header).into())
    }
}

impl ResolvedAuth {
    /// Resolves the references of the credentials. `secret_variables`: whether secret variables work here (see the
    /// profile). If any reference has no value, nobody gets in (assumed: receiver sheet 1.7).
    pub fn new(auth: &StartAuth, variables: &Variables, secret_variables: bool) -> Self {
        Self(match auth {
            StartAuth::NoAuth => Gate::Open,
            StartAuth::Basic(None) => Gate::Closed(NoCredentials::NeverSaved),
            StartAuth::Basic(Some(credentials)) => {
                let [user, pass] = credentials
                    .fields()
                    .map(|(field, template)| resolved(field, template, variables, secret_variables));
                match (user, pass) {
                    (Ok(user), Ok(pass)) => Gate::Basic(Lock::new(&user, &pass)),
                    (Err(why), _) | (_, Err(why)) => Gate::Closed(why),
                }
            }
        })
    }
}

fn resolved(
    field: Field,
    template: &str,
    variables: &Variables,
    secrets: bool,
) -> Result<SecretString, NoCredentials> {
    let is_secret = |key: &VariableKey| {
        variables
            .find(key)
            .is_some_and(|found| found.visibility == Visibility::Secret)
    };
    if let Some(reference) = references(template)
        .into_iter()
        .find(|found| !secrets && is_secret(&found.key))
    {
        return Err(NoCredentials::SecretVariable { field, reference });
    }
    let resolved = resolve(template, variables);
    match resolved.missing.into_iter().next() {
        Some(missing) => Err(NoCredentials::Missing { field, missing }),
        None => Ok(resolved.text),
    }
}

/// Why a request may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// The Start node asks for nothing; headers are not looked at.
    NoAuth,
    /// User and password are right.
    Credentials,
}

/// Decides from the raw values of every Authorization header of a request.
///
/// In this order: no authorization asked; no credentials to compare with (no header could help); no header; several
/// headers, equal or not; a rule of the header's format broken, from left to right; another scheme; another user; another
/// password. The scheme's case doesn't matter, every other byte does (assumed: receiver sheet 1.6).
///
/// The header that nearly every client writes for the right credentials is compared as it is, in time that tells its length
/// and no more. Of any other, user and password are both compared, as SHA-256 digests in constant time.
///
/// ```
/// use mpo_process::Variables;
/// use mpo_receiver::{Accepted, Credentials, Rejection, ResolvedAuth, StartAuth, decide};
/// let credentials = Credentials { user: "mambu".into(), pass: "s3cret".into() };
/// let auth = ResolvedAuth::new(&StartAuth::Basic(Some(credentials)), &Variables::default(), true);
/// assert_eq!(decide(&[b"Basic bWFtYnU6czNjcmV0"], &auth), Ok(Accepted::Credentials));
/// assert_eq!(decide(&[b"Basic bWFtYnU6d3Jvbmc="], &auth), Err(Rejection::WrongPassword));
/// assert_eq!(decide(&[], &auth), Err(Rejection::Missing));
/// ```
pub fn decide(authorization: &[&[u8]], auth: &ResolvedAuth) -> Result<Accepted, Rejection> {
    let lock = match &auth.0 {
        Gate::Open => return Ok(Accepted::NoAuth),
        Gate::Closed(why) => return Err(Rejection::NoCredentials(why.clone())),
        Gate::Basic(lock) => lock,
    };
    let token = match authorization {
        [] => return Err(Rejection::Missing),
        [header] if lock.is_opened_by(header) => return Ok(Accepted::Credentials),
        [header] => basic_token(header)?,
        more => return Err(Rejection::Duplicated { count: more.len() }),
    };
    // Nearly every header fits on the stack.
    let mut stack = [0; 256];
    let mut heap;
    let room = if token.len() <= stack.len() {
        &mut stack[..]
    } else {
        heap = vec![0; token.len()];
        &mut heap
    };
    let decoded = match STANDARD.decode_slice(token, room) {
        Ok(length) => room.get(..length).unwrap_or_default(),
        Err(error) => return Err(base64_rule(&error).into()),
    };
    let colon = decoded
        .iter()
        .position(|b| *b == b':')
        .ok_or(Malformed::NoColon)?;
    if decoded.iter().any(u8::is_ascii_control) {
        return Err(Malformed::ControlCharacter.into());
    }
    let (sent_user, sent_pass) = decoded.split_at(colon);
    let user_is_right = lock.user.is_of(sent_user);
    let pass_is_right = lock.pass.is_of(sent_pass.get(1..).unwrap_or_default());
    match (bool::from(user_is_right), bool::from(pass_is_right)) {
        (true, true) => Ok(Accepted::Credentials),
        (true, false) => Err(Rejection::WrongPassword),
        (false, _) => Err(Rejection::UnknownUser),
    }
}

/// The credentials after the scheme Basic: RFC 7235 section 2.1, `auth-scheme 1*SP token68`.
fn basic_token(header: &[u8]) -> Result<&[u8], Rejection> {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    // White space around a field's value is not part of it (RFC 9110 section 5.5).
    let header = trim(header);
    if header.is_empty() {
        return Err(Malformed::EmptyHeader.into());
    }
    let (scheme, rest) = header.split_at(header.iter().position(blank).unwrap_or(header.len()));
    if !scheme.iter().all(|b| is_tchar(*b)) {
        return Err(Malformed::SchemeNotAToken.into());
    }
    if !scheme.eq_ignore_ascii_case(b"Basic") {
        return Err(Rejection::NotBasic {
            scheme: well_known(scheme),
        });
    }
    let credentials = rest
        .get(rest.iter().position(|b| *b != b' ').unwrap_or(rest.len())..)
        .unwrap_or_default();
    match credentials.first() {
        None => return Err(Malformed::NoCredentials.into()),
        Some(b'\t') => return Err(Malformed::NotASpace.into()),
        Some(_) => {}
    }
    let (token, more) = credentials.split_at(credentials.iter().position(blank).unwrap_or(credentials.len()));
    let padding = token.iter().rev().take_while(|b| **b == b'=').count();
    let symbols = token.get(..token.len() - padding).unwrap_or_default();
    let in_token68 = |b: &u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(b);
    if symbols.is_empty() || !symbols.iter().all(in_token68) {
        return Err(Malformed::OutsideToken68.into());
    }
    if !more.is_empty() {
        return Err(Malformed::MoreThanOneToken.into());
    }
    Ok(token)
}

fn trim(value: &[u8]) -> &[u8] {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    let start = value.iter().position(|b| !blank(b)).unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(|b| !blank(b))
        .map_or(start, |last| last + 1);
    value.get(start..end).unwrap_or_default()
}

/// RFC 7230 section 3.2.6.
fn is_tchar(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b)
}

/// A scheme that can be shown. Any other text might be a secret that was sent without a scheme.
fn well_known(scheme: &[u8]) -> Option<&'static str> {
    const SCHEMES: [&str; 7] = [
        "Bearer",
        "Digest",
        "DPoP",
        "HOBA",
        "Mutual",
        "Negotiate",
        "Simulator",
    ];
    SCHEMES
        .into_iter()
        .find(|known| scheme.eq_ignore_ascii_case(known.as_bytes()))
}

/// The rule of RFC 4648 that a token68 breaks. Its `=` are at the end, so one that is "invalid" is wrong padding.
fn base64_rule(error: &DecodeSliceError) -> Malformed {
    match error {
        DecodeSliceError::DecodeError(DecodeError::InvalidByte(_, byte)) if *byte != b'=' => {
            Malformed::Base64Alphabet
        }
        DecodeSliceError::DecodeError(DecodeError::InvalidLastSymbol { .. }) => Malformed::Base64TrailingBits,
        _ => Malformed::Base64Padding,
    }
}

#[cfg(test)]
mod tests;
