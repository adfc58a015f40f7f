//! Transactions and inherents, by who signed them, by their block and by their hash.

use crate::{
    page::Walk, selection::parse_account, server::LedgerClient, Anchor, Block, Error, Hex, Ledger, List, NotFound, Page,
};
use citynet_index::{ExtrinsicId, IndexedExtrinsic, Snapshot};
use citynet_primitives::{Account, Hash};
use codec::Encode;
use sc_client_api::Backend;
use serde::{Deserialize, Serialize};
use sp_crypto_hashing::blake2_256;

/// How many extrinsics with one hash an answer has at most. A transaction has a hash of its own.
const MAX_SAME: u32 = 16;

/// What `citynet_extrinsics` selects: those of an account, of a block, or of an account in a block.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtrinsicFilterParams {
    /// The account that signed: `0x` and 64 hex digits.
    pub account: Option<String>,
    /// The number of a block.
    pub block: Option<u32>,
}

/// Which extrinsics are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
enum Wanted {
    /// Those that an account signed, in one block if it is given.
    Signed { by: Account, block: Option<u32> },
    /// Those of a block.
    Within(u32),
}

impl ExtrinsicFilterParams {
    fn parse(&self) -> Result<Wanted, Error> {
        match (self.account.as_deref().map(parse_account).transpose()?, self.block) {
            (Some(by), block) => Ok(Wanted::Signed { by, block }),
            (None, Some(block)) => Ok(Wanted::Within(block)),
            (None, None) => Err(Error::invalid("give an account, a block, or both")),
        }
    }
}

/// An extrinsic: a transaction or an inherent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtrinsicView {
    /// The number of the block that has it.
    pub block: u32,
    /// The hash of that block.
    pub block_hash: Hex,
    /// Its position in the block, from 0.
    pub position: u32,
    /// BLAKE2b-256 of its SCALE encoding.
    pub hash: Hex,
    /// Who signed it. Null for inherents, and for transactions without a signer at the place that version 4 gives it.
    pub signer: Option<Hex>,
}

/// Answer of `citynet_extrinsic`.
#[derive(Clone, Debug, Serialize)]
pub struct ExtrinsicAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The extrinsics with that hash, in the order of their blocks. More than one only of inherents, which may repeat.
    pub items: Vec<ExtrinsicDetailView>,
    /// Whether these are all: an answer has at most 16.
    pub complete: bool,
}

/// An extrinsic with its bytes.
#[derive(Clone, Debug, Serialize)]
pub struct ExtrinsicDetailView {
    /// The fields of [`ExtrinsicView`].
    #[serde(flatten)]
    pub place: ExtrinsicView,
    /// Its SCALE encoding, which begins with its length. Null where the node has pruned the block's body.
    pub bytes: Option<Hex>,
}

/// A page of `citynet_extrinsics`.
///
/// # Errors
///
/// When the filter or the cursor is refused, the block is none of the index, or the index fails.
pub fn extrinsics(
    snapshot: &Snapshot<'_>,
    filter: &ExtrinsicFilterParams,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<ExtrinsicView>, Error> {
    let wanted = filter.parse()?;
    let walk = Walk::new(snapshot, List::Extrinsics, &wanted, cursor, 0)?;
    let (first, one_more) = (from_key(walk.next), limit.saturating_add(1));
    if let Wanted::Signed { block: Some(block), .. } | Wanted::Within(block) = wanted {
        if block > walk.number {
            return Err(Error::NotFound(NotFound::Block(block)));
        }
    }
    let found = match wanted {
        Wanted::Signed { by, block: None } => snapshot.extrinsics_of_account(&by, first, walk.number, one_more)?,
        Wanted::Signed { by, block: Some(block) } => {
            let first = first.max(ExtrinsicId { block, position: 0 });
            snapshot.extrinsics_of_account(&by, first, block, one_more)?
        }
        Wanted::Within(block) => {
            let first = first.max(ExtrinsicId { block, position: 0 });
            snapshot.extrinsics_of_block(block, first.position, one_more)?
        }
    };
    let Page { anchor, items, next, complete } =
        walk.page(List::Extrinsics, &wanted, found, limit, |found| key(found.at));
    Ok(Page { anchor, items: views(snapshot, &items)?, next, complete })
}

/// What `citynet_extrinsic` answers, but for the bytes.
///
/// # Errors
///
/// When there is none, or the index fails.
pub fn extrinsics_with_hash(snapshot: &Snapshot<'_>, hash: &str) -> Result<Page<ExtrinsicView>, Error> {
    let hash = parse_hash(hash)?;
    let mut found = snapshot.extrinsics_with_hash(&hash, MAX_SAME.saturating_add(1))?;
    if found.is_empty() {
        return Err(Error::NotFound(NotFound::Extrinsic(hash)));
    }
    // So few fit any usize.
    let most = usize::try_from(MAX_SAME).unwrap_or(usize::MAX);
    let complete = found.len() <= most;
    found.truncate(most);
    Ok(Page { anchor: snapshot.position().into(), items: views(snapshot, &found)?, next: None, complete })
}

/// Extrinsics with the hashes of their blocks, each of which is looked up once.
fn views(snapshot: &Snapshot<'_>, found: &[IndexedExtrinsic]) -> Result<Vec<ExtrinsicView>, Error> {
    let mut last: Option<(u32, Hash)> = None;
    let view = |found: &IndexedExtrinsic| -> Result<ExtrinsicView, Error> {
        let ExtrinsicId { block, position } = found.at;
        let block_hash = match last {
            Some((known, hash)) if known == block => hash,
            _ => {
                let missing = Error::inconsistent("the block of an extrinsic is not in the index");
                let hash = snapshot.block(block)?.ok_or(missing)?.hash;
                last = Some((block, hash));
                hash
            }
        };
        let (block_hash, signer) = (block_hash.into(), found.signer.map(Hex::from));
        Ok(ExtrinsicView { block, block_hash, position, hash: found.hash.into(), signer })
    };
    found.iter().map(view).collect()
}

fn parse_hash(text: &str) -> Result<Hash, Error> {
    let mut hash = [0; 32];
    let read = text.strip_prefix("0x").map(|digits| hex::decode_to_slice(digits, &mut hash));
    match read {
        Some(Ok(())) => Ok(hash),
        Some(Err(_)) | None => Err(Error::invalid("a hash is 0x and 64 hex digits")),
    }
}

/// The place of an extrinsic as a cursor has it: the block above, the position below.
fn key(at: ExtrinsicId) -> u64 {
    let ([a, b, c, d], [e, f, g, h]) = (at.block.to_be_bytes(), at.position.to_be_bytes());
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn from_key(key: u64) -> ExtrinsicId {
    let [a, b, c, d, e, f, g, h] = key.to_be_bytes();
    ExtrinsicId { block: u32::from_be_bytes([a, b, c, d]), position: u32::from_be_bytes([e, f, g, h]) }
}

impl<C: LedgerClient, B: Backend<Block> + 'static> Ledger<C, B> {
    /// The extrinsics with a hash, with their bytes.
    pub(crate) fn extrinsics_in_full(&self, hash: &str) -> Result<ExtrinsicAnswer, Error> {
        let Page { anchor, items, next: _, complete } =
            self.at_index(|snapshot| extrinsics_with_hash(snapshot, hash))?;
        let items = items.into_iter().map(|place| {
            let bytes = self.extrinsic_bytes(&place)?;
            Ok(ExtrinsicDetailView { place, bytes })
        });
        Ok(ExtrinsicAnswer { anchor, items: items.collect::<Result<_, Error>>()?, complete })
    }

    /// The encoding of an extrinsic, from the body of its block. `None` where that is pruned.
    fn extrinsic_bytes(&self, place: &ExtrinsicView) -> Result<Option<Hex>, Error> {
        let Some(body) = self.client.block_body(self.hash(place.block)?)? else { return Ok(None) };
        let extrinsic = usize::try_from(place.position).ok().and_then(|position| body.get(position));
        let bytes = extrinsic.map(Encode::encode).filter(|bytes| blake2_256(bytes)[..] == place.hash.0[..]);
        let other = Error::inconsistent("a block's body has another extrinsic than the index");
        bytes.map(|bytes| Some(Hex(bytes))).ok_or(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn filters_are_read() {
        let parse = |filter: serde_json::Value| {
            let filter: ExtrinsicFilterParams = serde_json::from_value(filter).map_err(|error| error.to_string())?;
            filter.parse().map_err(|error| error.to_string())
        };
        let account = format!("0x{}", "11".repeat(32));
        let by = [0x11; 32];
        assert_eq!(parse(json!({ "account": account })), Ok(Wanted::Signed { by, block: None }));
        assert_eq!(parse(json!({ "account": account, "block": 5 })), Ok(Wanted::Signed { by, block: Some(5) }));
        assert_eq!(parse(json!({ "block": 5 })), Ok(Wanted::Within(5)));
        for (wrong, reason) in [
            (json!({}), "an account, a block, or both"),
            (json!({ "account": "0x11" }), "64 hex digits"),
            (json!({ "block": "5" }), "u32"),
            (json!({ "signer": account }), "unknown field"),
        ] {
            let error = parse(wrong).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn places_sort_as_their_keys_do() {
        let places = [(0, 0), (0, u32::MAX), (1, 0), (1, 1), (u32::MAX, 0), (u32::MAX, u32::MAX)];
        let places = places.map(|(block, position)| ExtrinsicId { block, position });
        assert!(places.map(key).is_sorted());
        assert_eq!(places.map(|place| from_key(key(place))), places);
    }

    #[test]
    fn hashes_are_read() {
        let digits = "ab".repeat(32);
        assert_eq!(parse_hash(&format!("0x{digits}")).ok(), Some([0xab; 32]));
        for wrong in ["", "0x", digits.as_str(), "0xab", "0xabc"] {
            assert!(matches!(parse_hash(wrong), Err(Error::InvalidParams(_))), "{wrong}");
        }
    }
}
