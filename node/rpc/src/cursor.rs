//! Cursors: where a walk through a list goes on, and of what.

use crate::Error;
use citynet_primitives::Hash;
use codec::{Decode, DecodeAll, Encode};
use sp_crypto_hashing::sha2_256;

/// Raised when the meaning of a field changes; older cursors are then refused.
const VERSION: u8 = 1;

/// How many bytes of the checksum a cursor carries.
const CHECKSUM: usize = 4;

/// A cursor. Callers see hex and must not look into it; a checksum refuses what was cut off or mistyped. It is no
/// secret and carries no right: whoever forges one gets a page that anybody may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Cursor {
    version: u8,
    /// The list.
    pub list: List,
    /// The number of the block that the walk is true for.
    pub number: u32,
    /// The hash of that block.
    pub hash: Hash,
    /// A digest of what the list was narrowed to.
    pub filter: [u8; 8],
    /// The index or number of the next item.
    pub next: u64,
}

/// What a cursor walks through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum List {
    /// `citynet_records`.
    #[codec(index = 0)]
    Records,
    /// `citynet_devices`.
    #[codec(index = 1)]
    Devices,
    /// `citynet_datasets`.
    #[codec(index = 2)]
    Datasets,
    /// `citynet_grants`.
    #[codec(index = 3)]
    Grants,
    /// `citynet_obligations`.
    #[codec(index = 4)]
    Obligations,
    /// `citynet_completeness`.
    #[codec(index = 5)]
    Completeness,
    /// `citynet_extrinsics`.
    #[codec(index = 6)]
    Extrinsics,
    /// `citynet_accessAt`.
    #[codec(index = 7)]
    AccessAt,
    /// `citynet_cycles`.
    #[codec(index = 8)]
    Cycles,
}

impl Cursor {
    /// A cursor to `next` in `list` as narrowed by `filter`, at a block.
    pub fn new(list: List, number: u32, hash: Hash, filter: &impl Encode, next: u64) -> Self {
        Self { version: VERSION, list, number, hash, filter: digest(filter), next }
    }

    /// What the caller sees.
    pub fn text(&self) -> String {
        let mut bytes = self.encode();
        bytes.extend_from_slice(&sha2_256(&bytes)[..CHECKSUM]);
        hex::encode(bytes)
    }

    /// Reads what a caller gives back for `list` with the same `filter`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParams`] unless it is what an answer of that very method with that very filter gave.
    pub fn parse(text: &str, list: List, filter: &impl Encode) -> Result<Self, Error> {
        let cursor =
            Self::decode_text(text).ok_or_else(|| Error::invalid("the cursor is not one that this node gave"))?;
        if cursor.list != list {
            return Err(Error::invalid("the cursor is of another method"));
        }
        if cursor.filter != digest(filter) {
            return Err(Error::invalid("the cursor was given for another filter"));
        }
        Ok(cursor)
    }

    fn decode_text(text: &str) -> Option<Self> {
        let bytes = hex::decode(text).ok()?;
        let (encoded, checksum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
        let cursor = Self::decode_all(&mut &*encoded).ok()?;
        (cursor.version == VERSION && sha2_256(encoded).starts_with(checksum)).then_some(cursor)
    }
}

fn digest(filter: &impl Encode) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = sha2_256(&filter.encode());
    [a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor() -> Cursor {
        Cursor::new(List::Records, 77, [5; 32], &("kind", 3u64), 1 << 40)
    }

    fn refused(text: &str) -> String {
        match Cursor::parse(text, List::Records, &("kind", 3u64)) {
            Err(Error::InvalidParams(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        assert_eq!(Cursor::parse(&cursor().text(), List::Records, &("kind", 3u64)).unwrap(), cursor());
    }

    #[test]
    fn a_changed_cursor_is_refused() {
        let text = cursor().text();
        for position in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[position] = if changed[position] == b'0' { b'1' } else { b'0' };
            refused(&String::from_utf8(changed).unwrap());
        }
        for length in 0..text.len() {
            refused(&text[..length]);
        }
        refused(&format!("{text}00"));
        refused("no cursor");
    }

    #[test]
    fn a_cursor_serves_only_its_own_list_and_filter() {
        let text = Cursor::new(List::Devices, 77, [5; 32], &("kind", 3u64), 1).text();
        assert!(refused(&text).contains("another method"));
        let text = Cursor::new(List::Records, 77, [5; 32], &("kind", 4u64), 1).text();
        assert!(refused(&text).contains("another filter"));
    }
}
