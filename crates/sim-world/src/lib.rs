//! The ground both fakes stand on: time, seeded randomness, network and faults, the journal.
//!
//! The same code and the same HTTP bytes run in a *virtual* world (time is simulated, hosts live in memory, the same
//! seed gives the same run) and in a *live* one (real time, TCP). Knows nothing of Mambu or MPO.
//!
//! ```
//! use std::time::Duration;
//! use sim_world::{Genesis, Limits, World};
//!
//! let genesis = Genesis { seed: 7, start: "2026-01-05T08:00:00Z".parse()?, limits: Limits::default() };
//! let later = World::run_virtual(genesis, async |world| {
//!     world.sleep(Duration::from_secs(3600)).await; // takes no real time
//!     world.wall_clock(world.now())
//! })?;
//! assert_eq!(later.to_string(), "2026-01-05T09:00:00Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod clock;
pub mod http;
mod journal;
pub mod network;
mod profile;
mod random;
mod world;

pub use clock::{Instant, human};
pub use journal::{Journal, Stamped};
pub use network::{ConnectionId, ExchangeId, Network};
pub use profile::{Choice, Mark, Profile, Setting, SettingInfo, Slot};
pub use random::{Random, random_stream};
pub use world::{Genesis, Held, Hold, Limits, Universe, Unquiet, World};
