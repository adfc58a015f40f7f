//! The justifications by which lists were anchored, kept for a while.
//!
//! A node stores the newest justification aside and replaces it by the next one, mostly within seconds. Whoever fetches
//! several lists as of one block would lose that block between two of them. So the last ones that were handed out are
//! kept in memory.

use crate::proof::Justified;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How many are kept: the blocks of some minutes, and some KiB for each.
const KEPT: usize = 256;

/// The last justifications that were handed out, the oldest first, each block once.
#[derive(Default)]
pub(crate) struct Anchors(Mutex<VecDeque<Justified>>);

impl Anchors {
    /// Keeps a justification. The oldest one makes room for it.
    pub(crate) fn keep(&self, justified: &Justified) {
        let mut kept = self.lock();
        if kept.iter().any(|known| known.header == justified.header) {
            return;
        }
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(justified.clone());
    }

    /// The justification of a block, if it is among the kept ones.
    pub(crate) fn find(&self, number: u32) -> Option<Justified> {
        self.lock().iter().find(|known| known.number == number).cloned()
    }

    /// What a panic left behind is whole: every change is one push or one pop.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Justified>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Header;

    fn justified(number: u32) -> Justified {
        let header = Header {
            number,
            parent_hash: [0; 32].into(),
            state_root: [0; 32].into(),
            extrinsics_root: [0; 32].into(),
            digest: Default::default(),
        };
        Justified { number, header, justification: number.to_be_bytes().to_vec() }
    }

    #[test]
    fn the_last_ones_are_kept() {
        let anchors = Anchors::default();
        let most = u32::try_from(KEPT).unwrap();
        for number in 0..=most {
            anchors.keep(&justified(number));
            anchors.keep(&justified(number));
        }
        assert!(anchors.find(0).is_none());
        assert!(anchors.find(most + 1).is_none());
        for number in 1..=most {
            assert_eq!(anchors.find(number).map(|found| found.justification), Some(number.to_be_bytes().to_vec()));
        }
        assert_eq!(anchors.lock().len(), KEPT);
    }
}
