//! Which process a direct URL leads to: decisions 1 to 5, on a table built from the configuration.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use mpo_process::ProcessState;

use super::{DirectPath, Format, Request, masked_path};
use crate::configuration::Configuration;
use crate::direct_url::{ApiVersion, DirectUrl, DirectUrlError};
use crate::happening::{Addressed, ProcessLabel};
use crate::hash::Hash;
use crate::profile::Profile;
use crate::rejection::Rejection;
use crate::start_auth::ResolvedAuth;

/// A process, ready to decide.
pub(super) struct Process {
    pub(super) label: Arc<ProcessLabel>,
    pub(super) state: ProcessState,
    pub(super) auth: ResolvedAuth,
}

/// The direct URL of a process or an alias.
pub(super) struct Link {
    pub(super) alias: Option<Arc<str>>,
    process: Option<usize>,
    version: ApiVersion,
    enabled: bool,
    hash: Hash,
}

/// Every direct URL, by what stands between `public/` and the hash.
pub(super) struct Routes {
    processes: Vec<Process>,
    links: Vec<Link>,
    by_target: HashMap<String, usize>,
    /// By the path as it is copied, without the hash: the way nearly every request goes.
    by_path: BTreeMap<String, (usize, Format)>,
}

impl Routes {
    pub(super) fn new(configuration: &Configuration) -> Self {
        let mut routes = Self {
            processes: Vec::new(),
            links: Vec::new(),
            by_target: HashMap::new(),
            by_path: BTreeMap::new(),
        };
        let mut by_name = HashMap::new();
        let secrets = configuration.profile.secret_variables_in_basic;
        for config in &configuration.processes {
            let number = routes.processes.len();
            by_name.entry(config.name.as_str()).or_insert(number);
            routes.processes.push(Process {
                label: Arc::new(ProcessLabel {
                    name: config.name.clone(),
                    conv_id: config.conv_id,
                    title: config.title.clone(),
                    state: config.state,
                }),
                state: config.state,
                auth: ResolvedAuth::new(&config.start, &configuration.variables, secrets),
            });
            let link = Link::new(&config.direct_url, config.direct_url_enabled, None, Some(number));
            routes.add(config.conv_id.to_string(), link);
        }
        for alias in &configuration.aliases {
            let process = alias.to.as_deref().and_then(|name| by_name.get(name)).copied();
            let short_name = Some(alias.short_name.as_str().into());
            let link = Link::new(&alias.direct_url, alias.direct_url_enabled, short_name, process);
            routes.add(alias.direct_url.target().to_string(), link);
        }
        routes
    }

    /// Of two links to one target the first counts.
    fn add(&mut self, target: String, link: Link) {
        if self.by_target.contains_key(&target) {
            return;
        }
        let number = self.links.len();
        for format in Format::ALL {
            let path = format!("/api/{}/{}/public/{target}", link.version, format.word());
            self.by_path.insert(path, (number, format));
        }
        self.by_target.insert(target, number);
        self.links.push(link);
    }

    fn process_of(&self, link: &Link) -> Option<&Process> {
        self.processes.get(link.process?)
    }

    /// Where a path leads that is, byte for byte, a link as it is copied: then nothing has to be taken apart.
    fn as_copied(&self, path: &str) -> Option<(&Process, &Link, Format)> {
        let (before, hash) = path.split_at_checked(path.len().checked_sub(Hash::USUAL_LENGTH)?)?;
        let before = before.strip_suffix('/')?;
        let (link, format) = *self.by_path.get(before)?;
        let link = self.links.get(link).filter(|link| link.hash.is(hash))?;
        Some((self.process_of(link)?, link, format))
    }

    /// The process a request leads to and the link it came by, or whom it was meant for and why it doesn't get there.
    pub(super) fn route(
        &self,
        request: Request<'_>,
        profile: &Profile,
    ) -> Result<(&Process, &Link, Format), (Addressed, Rejection)> {
        let is_allowed = profile.methods.iter().any(|method| method == request.method);
        if let Some(found) = self.as_copied(request.path)
            && is_allowed
            && found.1.enabled
        {
            return Ok(found);
        }
        let nobody = || Addressed::Nobody {
            path: masked_path(request.path),
        };
        let path = DirectPath::parse(request.path).map_err(|why| (nobody(), Rejection::UnknownPath(why)))?;
        let number = self.by_target.get(path.target);
        let link = number.and_then(|number| self.links.get(*number));
        if link.is_some_and(|link| link.version != path.version && !profile.either_api_version) {
            return Err((nobody(), Rejection::UnknownPath(DirectUrlError::OtherVersion)));
        }
        let process = link.and_then(|link| self.process_of(link));
        let addressed = || match (process, link) {
            (Some(process), Some(link)) => Addressed::Process {
                process: process.label.clone(),
                alias: link.alias.clone(),
            },
            _ => unknown(&path),
        };
        if !is_allowed {
            return Err((
                addressed(),
                Rejection::MethodNotAllowed {
                    method: shortened(request.method),
                },
            ));
        }
        let (Some(link), Some(process)) = (link, process) else {
            let rejection = match unknown(&path) {
                Addressed::UnknownProcess(conv_id) => Rejection::UnknownProcess(conv_id),
                _ if link.is_some() => Rejection::AliasWithoutTarget {
                    short_name: alias_of(&path),
                },
                _ => Rejection::UnknownAlias {
                    short_name: alias_of(&path),
                },
            };
            return Err((addressed(), rejection));
        };
        if !link.enabled {
            return Err((addressed(), Rejection::DirectUrlOff));
        }
        if !link.hash.is(path.hash) {
            return Err((addressed(), Rejection::WrongHash));
        }
        Ok((process, link, path.format))
    }
}

impl Link {
    fn new(url: &DirectUrl, enabled: bool, alias: Option<Arc<str>>, process: Option<usize>) -> Self {
        Self {
            alias,
            process,
            version: url.api_version(),
            enabled,
            hash: url.hash().clone(),
        }
    }
}

fn unknown(path: &DirectPath<'_>) -> Addressed {
    match path.target.parse() {
        Ok(conv_id) => Addressed::UnknownProcess(conv_id),
        Err(_) => Addressed::Alias {
            short_name: alias_of(path),
        },
    }
}

fn alias_of(path: &DirectPath<'_>) -> String {
    shortened(path.alias().unwrap_or_default())
}

/// A text of the sender's, cut to what a ledger has room for.
fn shortened(text: &str) -> String {
    text.chars().take(128).collect()
}
