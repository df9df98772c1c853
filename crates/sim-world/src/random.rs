//! Seeded randomness: one stream of `ChaCha8` for each (component, subject), so that one more event does not shift the others.

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// The named algorithm of all randomness in a world.
pub type Random = ChaCha8Rng;

/// The stream of one subject of one component.
///
/// ```
/// use rand::Rng as _;
/// let draw = |subject| sim_world::random_stream(7, "mambu.retry", subject).next_u64();
/// assert_eq!(draw("message 1"), draw("message 1"));
/// assert_ne!(draw("message 1"), draw("message 2"));
/// ```
pub fn random_stream(seed: u64, component: &str, subject: &str) -> Random {
    let mut random = Random::seed_from_u64(seed);
    random.set_stream(fnv1a([component.as_bytes(), b"\0", subject.as_bytes()]));
    random
}

/// FNV-1a, 64 bits: names a stream, guards nothing.
fn fnv1a<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    parts
        .into_iter()
        .flatten()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
