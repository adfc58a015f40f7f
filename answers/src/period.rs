//! Periods of time.

use citynet_primitives::Moment;
use serde::Serialize;

/// From when to when: half-open, and open where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first moment.
    pub from: Option<Moment>,
    /// The first moment after it.
    pub to: Option<Moment>,
}

impl Period {
    /// Whether it does not end before it begins.
    pub fn is_possible(&self) -> bool {
        self.from.is_none_or(|from| self.to.is_none_or(|to| from <= to))
    }

    /// Whether a time is before its beginning.
    pub fn is_before(&self, time: Moment) -> bool {
        self.from.is_some_and(|from| time < from)
    }

    /// Whether it has ended at a time.
    pub fn is_over(&self, time: Moment) -> bool {
        self.to.is_some_and(|to| to <= time)
    }
}
