//! Random choices with a seed that is printed, so that a run which failed can be repeated with `CITYNET_SEED`.

use anyhow::{Context as _, Result};
use std::{ops::Range, time::Duration};

/// The generator SplitMix64, by Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): good
/// enough to choose moments.
#[derive(Debug)]
pub struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    /// With the seed in `CITYNET_SEED`, or with one of the clock.
    ///
    /// # Errors
    ///
    /// When the variable holds no decimal number below 2^64.
    pub fn new() -> Result<Self> {
        let seed = match std::env::var("CITYNET_SEED") {
            Ok(text) => text.parse().with_context(|| format!("CITYNET_SEED is `{text}`, which is no seed"))?,
            Err(_) => crate::device::now(),
        };
        Ok(Self::from_seed(seed))
    }

    /// With that seed.
    pub const fn from_seed(seed: u64) -> Self {
        Self { seed, state: seed }
    }

    /// The seed.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number of the range, which must not be empty.
    pub fn below(&mut self, range: Range<u32>) -> u32 {
        let span = u64::from(range.end.saturating_sub(range.start)).max(1);
        let offset = u32::try_from(self.draw() % span).expect("it is below a number of 32 bits");
        range.start.saturating_add(offset)
    }

    /// A time below that one.
    pub fn time(&mut self, longest: Duration) -> Duration {
        let share = self.below(0..1_000_000);
        longest.mul_f64(f64::from(share) / 1_000_000.0)
    }
}
