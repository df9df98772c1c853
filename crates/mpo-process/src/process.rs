//! What state a process is in.
//!
//! Knows nothing of links or authorization: who may start a task is the receiver's business.

/// Whether a process takes tasks.
///
/// Documented: receiver sheet 1.5 and 2 (paused, debug); what a never deployed or deleted process answers is assumed
/// there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProcessState {
    /// Tasks are created and run.
    #[default]
    Active,
    /// Operations are suspended and new tasks are not created.
    Paused,
    /// Tasks are created and wait in the Start node until somebody steps them.
    Debug,
    /// There is no deployed version, so there is no Start node.
    NeverDeployed,
    /// In the recycle bin.
    Deleted,
}

impl ProcessState {
    /// All states.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::Paused,
        Self::Debug,
        Self::NeverDeployed,
        Self::Deleted,
    ];

    /// The names of all states, in the order of [`ProcessState::ALL`].
    pub const NAMES: [&'static str; 5] = ["active", "paused", "debug", "never_deployed", "deleted"];

    /// The name in fixtures and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Debug => "debug",
            Self::NeverDeployed => "never_deployed",
            Self::Deleted => "deleted",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_own_name() {
        assert_eq!(ProcessState::ALL.map(ProcessState::name), ProcessState::NAMES);
        for state in ProcessState::ALL {
            assert_eq!(ProcessState::from_name(state.name()), Some(state));
        }
        assert_eq!(ProcessState::from_name("stopped"), None);
    }
}
