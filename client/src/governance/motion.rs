//! The council's motions, as one who votes on them sees them.

use crate::rpc::{Hex, MotionView};
use citynet_primitives::Hash;
use sp_crypto_hashing::blake2_256;
use std::{fmt, str::FromStr};

/// A motion cannot be voted on or closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MotionError {
    /// The text names none.
    #[error("`{0}` names no motion; give its number, or its hash as 0x and 64 hex digits")]
    Name(String),
    /// It is not open.
    #[error("there is no open motion {0}; `citynet council list` shows those that there are")]
    NotOpen(MotionName),
    /// The node shows one call and names another.
    #[error("the node is wrong about motion {0}: the call that it shows has not the motion's hash")]
    OtherCall(u32),
}

/// A motion's number or hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MotionName {
    /// Its number.
    Number(u32),
    /// Blake2b-256 of its call.
    Hash(Hash),
}

impl fmt::Display for MotionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Hash(hash) => write!(f, "0x{}", hex::encode(hash)),
        }
    }
}

impl FromStr for MotionName {
    type Err = MotionError;

    fn from_str(text: &str) -> Result<Self, MotionError> {
        let name = match text.strip_prefix("0x") {
            Some(digits) => hex::decode(digits).ok().and_then(|bytes| bytes.try_into().ok()).map(Self::Hash),
            None if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Self::Number),
            None => None,
        };
        name.ok_or_else(|| MotionError::Name(text.into()))
    }
}

impl MotionName {
    /// The motion among those that are open, with its hash. Its call is the one that the hash stands for.
    ///
    /// # Errors
    ///
    /// [`MotionError::NotOpen`] and [`MotionError::OtherCall`].
    pub fn find(self, motions: Vec<MotionView>) -> Result<(Hash, MotionView), MotionError> {
        let named = |motion: &MotionView| match self {
            Self::Number(number) => motion.number == number,
            Self::Hash(hash) => motion.motion.0 == hash,
        };
        let motion = motions.into_iter().find(named).ok_or(MotionError::NotOpen(self))?;
        let hash = blake2_256(&motion.call.0);
        if motion.motion != Hex(hash.to_vec()) {
            return Err(MotionError::OtherCall(motion.number));
        }
        Ok((hash, motion))
    }
}

/// How a motion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Votes can still change it.
    Open,
    /// Enough seats approve. It can be closed.
    Approved,
    /// Too many seats do not approve. It can be closed.
    Rejected,
    /// Its time is over, and too few seats approve. It can be closed.
    Over,
}

impl Standing {
    /// That of a motion at a block.
    pub fn of(motion: &MotionView, block: u32) -> Self {
        let count = |seats: &[u32]| u32::try_from(seats.len()).unwrap_or(u32::MAX);
        if count(&motion.yes) >= motion.threshold {
            Self::Approved
        } else if motion.seats.saturating_sub(count(&motion.no)) < motion.threshold {
            Self::Rejected
        } else if block > motion.end {
            Self::Over
        } else {
            Self::Open
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Approved => "approved, to be closed",
            Self::Rejected => "rejected, to be closed",
            Self::Over => "not approved in time, to be closed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn motion(number: u32, call: &[u8]) -> MotionView {
        MotionView {
            motion: Hex(blake2_256(call).to_vec()),
            number,
            threshold: 3,
            seats: 4,
            yes: vec![1],
            no: vec![],
            end: 100,
            call: Hex(call.to_vec()),
        }
    }

    #[test]
    fn motions_are_named_by_number_and_by_hash() {
        assert_eq!("7".parse(), Ok(MotionName::Number(7)));
        let hash = format!("0x{}", "0a".repeat(32));
        assert_eq!(hash.parse(), Ok(MotionName::Hash([10; 32])));
        assert_eq!(MotionName::Hash([10; 32]).to_string(), hash);
        let long = format!("{hash}00");
        for text in ["", "-1", "+1", "4294967296", "0x", "0x12", "#7", "7.", &hash[2..], &hash[..65], long.as_str()] {
            assert_eq!(text.parse::<MotionName>(), Err(MotionError::Name(text.into())));
        }
    }

    #[test]
    fn a_motion_is_found_with_the_call_that_it_is_about() {
        let motions = vec![motion(4, &[1]), motion(9, &[2, 3])];
        let (hash, found) = MotionName::Number(9).find(motions.clone()).unwrap();
        assert_eq!((hash, found.call.0.as_slice()), (blake2_256(&[2, 3]), &[2, 3][..]));
        let (_, found) = MotionName::Hash(blake2_256(&[1])).find(motions.clone()).unwrap();
        assert_eq!(found.number, 4);
        for name in [MotionName::Number(5), MotionName::Hash([0; 32])] {
            assert_eq!(name.find(motions.clone()).unwrap_err(), MotionError::NotOpen(name));
        }

        let mut wrong = motions;
        wrong[1].call = Hex(vec![2, 4]);
        assert_eq!(MotionName::Number(9).find(wrong).unwrap_err(), MotionError::OtherCall(9));
    }

    #[test]
    fn a_motion_stands_as_its_votes_say() {
        let standing = |yes: &[u32], no: &[u32], block| {
            let motion = MotionView { yes: yes.to_vec(), no: no.to_vec(), ..motion(1, &[1]) };
            Standing::of(&motion, block)
        };
        assert_eq!(standing(&[1, 2], &[3], 100), Standing::Open);
        assert_eq!(standing(&[1, 2], &[3], 101), Standing::Over);
        assert_eq!(standing(&[1, 2, 4], &[3], 101), Standing::Approved);
        assert_eq!(standing(&[1, 2], &[3, 4], 5), Standing::Rejected);
        assert_eq!(standing(&[], &[], 5), Standing::Open);
    }
}
