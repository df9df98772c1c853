//! Direct URLs: what a copied link says, and what the path of a request says.
//!
//! Pure text. Knows the shapes of the vendor's paths and nothing of which processes exist.

use std::fmt;

use mpo_process::ConvId;
use secrecy::SecretString;

use crate::hash::Hash;

mod path;

pub use path::{DirectPath, masked_path};

/// The version of the API that a link belongs to. Documented (1) and observed (2): receiver sheet 1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiVersion {
    /// `/api/1/`
    One,
    /// `/api/2/`
    Two,
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::One => "1",
            Self::Two => "2",
        })
    }
}

/// The format a link takes; the three links of a process differ in nothing else. Documented: receiver sheet 1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// Name-value pairs, as a form.
    Nvp,
}

impl Format {
    /// All three, in the order of the vendor's "Copy webhook via …".
    pub const ALL: [Self; 3] = [Self::Json, Self::Xml, Self::Nvp];

    /// The word in the path.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Nvp => "nvp",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Nvp => "NVP",
        })
    }
}

/// Where an alias lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AliasScope {
    /// In a stage of a project. Observed: receiver sheet 1.1.
    Project {
        /// Short name of the project.
        project: String,
        /// Short name of the stage.
        stage: String,
        /// Id of the company.
        company: String,
    },
    /// In no project. Assumed: receiver sheet 1.1.
    Company {
        /// Id of the company.
        company: String,
    },
}

/// What a link leads to. Displayed as in the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A process.
    Process(ConvId),
    /// An alias.
    Alias {
        /// Its short name, without the `@`.
        short_name: String,
        /// Where it lives.
        scope: AliasScope,
    },
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process(conv_id) => conv_id.fmt(f),
            Self::Alias {
                short_name,
                scope:
                    AliasScope::Project {
                        project,
                        stage,
                        company,
                    },
            } => {
                write!(f, "@{short_name}/{project}/{stage}/{company}")
            }
            Self::Alias {
                short_name,
                scope: AliasScope::Company { company },
            } => write!(f, "@{short_name}/{company}"),
        }
    }
}

/// Why a text is no direct URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectUrlError {
    /// It doesn't begin with a scheme.
    #[error("it does not begin with `https://` or `http://`")]
    Scheme,
    /// A user and perhaps a password before the host.
    #[error("there is a user before the host; credentials belong in the authorization of the template")]
    UserInfo,
    /// No host, or a character in it that no host has.
    #[error("the host is missing or has a character that a host cannot have")]
    Host,
    /// A port that is none.
    #[error("the port is not a number from 1 to 65535")]
    Port,
    /// A part after `#`, which no client sends.
    #[error("there is a `#`; nothing after it ever reaches the server")]
    Fragment,
    /// The path doesn't begin with `/api/1/` or `/api/2/`.
    #[error("the path does not begin with `/api/1/` or `/api/2/`")]
    Prefix,
    /// The version is another one than the link's, and the profile takes no other.
    #[error("the link belongs to the other version of the API")]
    OtherVersion,
    /// The word after the version is no format.
    #[error("after the version comes `json`, `xml` or `nvp`, not {0}")]
    Format(String),
    /// The URL of a Waiting-for-Callback node. Documented: receiver sheet 1.1; answering it is later work.
    #[error("this is the URL of a Waiting-for-Callback node, not a direct URL")]
    Callback,
    /// The word after the format is another one.
    #[error("after the format comes `public`, not {0}")]
    NotPublic(String),
    /// The path stops too early.
    #[error("the path ends before the {0}")]
    Ends(&'static str),
    /// The process id is no decimal number.
    #[error("the process id is not a decimal number: {0}")]
    ConvId(String),
    /// Something stands between process id and hash.
    #[error("after the process id comes the hash and nothing more")]
    Longer,
    /// An alias has another number of parts.
    #[error("after `@alias` come project, stage and company, or the company alone, and then the hash")]
    AliasParts,
    /// A part of an alias link is empty or has a character that no such part has.
    #[error("the {0} is empty or has a character it cannot have")]
    AliasPart(&'static str),
    /// The hash is empty or has a character that no hash has.
    #[error("the hash is empty or has other characters than letters and digits")]
    Hash,
}

/// A direct URL: the link that "Copy webhook via JSON / XML / NVP" gives.
///
/// ```
/// use mpo_receiver::{DirectUrl, Format};
/// let url = DirectUrl::parse("https://ireland2.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f")?;
/// assert_eq!((url.host(), url.port()), ("ireland2.mpo.mambu.com", 443));
/// assert_eq!(url.masked(), "https://ireland2.mpo.mambu.com/api/1/json/public/31754/<hash>");
/// let wrong = DirectUrl::parse("https://ireland2.mpo.mambu.com/api/1/jsn/public/31754/5f3c").unwrap_err();
/// assert_eq!(wrong.to_string(), "after the version comes `json`, `xml` or `nvp`, not `jsn`");
/// # Ok::<(), mpo_receiver::DirectUrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectUrl {
    https: bool,
    host: String,
    port: Option<u16>,
    version: ApiVersion,
    format: Format,
    target: Target,
    hash: Hash,
}

impl DirectUrl {
    /// Reads a whole URL. A query is ignored (assumed: receiver sheet 1.3).
    pub fn parse(url: &str) -> Result<Self, DirectUrlError> {
        let (https, rest) = strip_scheme(url).ok_or(DirectUrlError::Scheme)?;
        if rest.contains('#') {
            return Err(DirectUrlError::Fragment);
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = authority_parts(authority)?;
        // A port that the scheme has anyway makes no other host.
        let port = port.filter(|port| *port != default_port(https));
        let path = DirectPath::parse(path)?;
        Ok(Self {
            https,
            host: host.to_ascii_lowercase(),
            port,
            version: path.version,
            format: path.format,
            target: path.target(),
            hash: Hash::new(path.hash),
        })
    }

    /// `https` or `http`.
    pub fn scheme(&self) -> &'static str {
        if self.https { "https" } else { "http" }
    }

    /// The host in lower case; an IPv6 address in its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's own if the URL has none.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(default_port(self.https))
    }

    /// The host, with its port unless that is the scheme's own.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// The version of the API.
    pub fn api_version(&self) -> ApiVersion {
        self.version
    }

    /// The format of the link that was read.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What the link leads to.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The hash.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// The path of the link that was read, with its hash.
    pub fn path(&self) -> SecretString {
        self.path_with(self.format, self.hash.expose()).into()
    }

    /// The link for a format, with its hash.
    pub fn link(&self, format: Format) -> SecretString {
        self.with(format, self.hash.expose()).into()
    }

    /// The link for a format on another server, such as `http://127.0.0.1:7080`.
    pub fn link_on(&self, server: &str, format: Format) -> SecretString {
        format!("{server}{}", self.path_with(format, self.hash.expose())).into()
    }

    /// The link that was read with `<hash>` in place of the hash, to be shown.
    pub fn masked(&self) -> String {
        self.with(self.format, "<hash>")
    }

    fn with(&self, format: Format, hash: &str) -> String {
        format!(
            "{}://{}{}",
            self.scheme(),
            self.authority(),
            self.path_with(format, hash)
        )
    }

    fn path_with(&self, format: Format, hash: &str) -> String {
        format!(
            "/api/{}/{}/public/{}/{hash}",
            self.version,
            format.word(),
            self.target
        )
    }
}

fn strip_scheme(url: &str) -> Option<(bool, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    match scheme {
        _ if scheme.eq_ignore_ascii_case("https") => Some((true, rest)),
        _ if scheme.eq_ignore_ascii_case("http") => Some((false, rest)),
        _ => None,
    }
}

fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

fn authority_parts(authority: &str) -> Result<(&str, Option<u16>), DirectUrlError> {
    if authority.contains('@') {
        return Err(DirectUrlError::UserInfo);
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            let digits = port.bytes().all(|b| b.is_ascii_digit());
            let number = port.parse().ok().filter(|port| digits && *port > 0);
            (host, Some(number.ok_or(DirectUrlError::Port)?))
        }
        _ => (authority, None),
    };
    let legal = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        }
    };
    if legal {
        Ok((host, port))
    } else {
        Err(DirectUrlError::Host)
    }
}

#[cfg(test)]
mod tests;
