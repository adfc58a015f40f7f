//! Lists of obligations in the order of their numbers: of each cycle those that it has, and of each currency those that
//! are open and wait for one.
//!
//! A gross list is in the order of numbers, and an obligation can come back to those that wait at any time, so a list
//! is an ordered set: a tree of words of 256 bits. A bit of a word at level 0 is an obligation; a bit above is a word
//! of the level below that is not empty. Adding and removing mostly writes one word, and finding the next one mostly
//! reads one.

use crate::{Config, Listed, Pallet};
use citynet_primitives::CycleId;
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Eight bits of a number a level: 64 bits in all.
pub(crate) const LEVELS: u8 = 8;

/// A set of numbers below 256: bit `n & 7` of byte `n >> 3` is number `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Word([u8; 32]);

impl Word {
    pub(crate) fn contains(&self, number: u8) -> bool {
        let (byte, bit) = place(number);
        self.0.get(byte).is_some_and(|byte| byte & bit != 0)
    }

    pub(crate) fn insert(&mut self, number: u8) {
        let (byte, bit) = place(number);
        if let Some(byte) = self.0.get_mut(byte) {
            *byte |= bit;
        }
    }

    pub(crate) fn remove(&mut self, number: u8) {
        let (byte, bit) = place(number);
        if let Some(byte) = self.0.get_mut(byte) {
            *byte &= !bit;
        }
    }

    /// The numbers in it, ascending.
    #[cfg(any(feature = "try-runtime", test))]
    pub(crate) fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        (0..=u8::MAX).filter(|number| self.contains(*number))
    }

    fn first_from(&self, from: u8) -> Option<u8> {
        (from..=u8::MAX).find(|number| self.contains(*number))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0 == [0; 32]
    }
}

/// The byte of a word in which a number is, and its bit there.
fn place(number: u8) -> (usize, u8) {
    (usize::from(number >> 3), 1_u8.wrapping_shl(u32::from(number & 7)))
}

/// The word in which a number is, and its place there.
pub(crate) fn split(number: u64) -> (u64, u8) {
    let [low, ..] = number.to_le_bytes();
    (number >> 8, low)
}

pub(crate) fn join(word: u64, place: u8) -> u64 {
    (word << 8) | u64::from(place)
}

/// The list of a currency's obligations that are open. Cycles count from 1.
pub(crate) const fn waiting(currency: u32) -> CycleId {
    CycleId { currency, number: 0 }
}

impl<T: Config> Pallet<T> {
    /// Has an obligation that is open wait for its currency's next cycle.
    pub(crate) fn enqueue(currency: u32, obligation: u64) {
        Self::list(waiting(currency), obligation);
    }

    /// Takes an obligation that is not open any more from those that wait.
    pub(crate) fn dequeue(currency: u32, obligation: u64) {
        Self::unlist(waiting(currency), obligation);
    }

    pub(crate) fn list(list: CycleId, obligation: u64) {
        let mut number = obligation;
        for level in 0..LEVELS {
            let (index, place) = split(number);
            let is_new = Listed::<T>::mutate(list, (level, index), |stored| {
                let is_new = stored.is_none();
                stored.get_or_insert_with(Word::default).insert(place);
                is_new
            });
            if !is_new {
                return;
            }
            number = index;
        }
    }

    pub(crate) fn unlist(list: CycleId, obligation: u64) {
        let mut number = obligation;
        for level in 0..LEVELS {
            let (index, place) = split(number);
            let is_gone = Listed::<T>::mutate(list, (level, index), |stored| {
                let Some(word) = stored else { return false };
                word.remove(place);
                let is_gone = word.is_empty();
                if is_gone {
                    *stored = None;
                }
                is_gone
            });
            if !is_gone {
                return;
            }
            number = index;
        }
    }

    /// The first obligation of a list whose number is not below `from`.
    pub(crate) fn next_listed(list: CycleId, from: u64) -> Option<u64> {
        let mut least = from;
        for level in 0..LEVELS {
            let (index, place) = split(least);
            let found = Listed::<T>::get(list, (level, index)).and_then(|word| word.first_from(place));
            if let Some(place) = found {
                return (0..level).rev().try_fold(join(index, place), |index, below| {
                    let word = Listed::<T>::get(list, (below, index))?;
                    Some(join(index, word.first_from(0)?))
                });
            }
            least = index.checked_add(1)?;
        }
        None
    }

    /// Whether a list has an obligation.
    #[cfg(any(feature = "try-runtime", test))]
    pub(crate) fn is_listed(list: CycleId, obligation: u64) -> bool {
        Self::next_listed(list, obligation) == Some(obligation)
    }
}
