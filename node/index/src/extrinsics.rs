//! Extrinsics by their hash, by who signed them and by their block.
//!
//! They stay opaque: what a call means depends on the runtime of its block. The beginning of a transaction does not, and it
//! says who signed.

use crate::{
    budget::Query,
    database::{values, Row, Stretch},
    read::{Snapshot, FEWER},
    Error,
};
use citynet_primitives::{Account, Hash};
use codec::Encode;
use sp_runtime::OpaqueExtrinsic;

/// The first byte of a signed transaction of version 4. Those of version 5 ("general") are authorised by an extension
/// that the runtime chooses and have no signer at a fixed place; version 5 with the bit for "signed" does not exist.
const SIGNED: u8 = 0b1000_0000 | 4;
/// The codec index of `MultiAddress::Id`, the only way by which this chain's transactions name accounts.
const ADDRESS_ID: u8 = 0;

/// An extrinsic that a finalised block has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexedExtrinsic {
    /// Where it is.
    pub at: ExtrinsicId,
    /// BLAKE2b-256 of its SCALE encoding, length included: what wallets, explorers and the node's RPC call its hash.
    pub hash: Hash,
    /// Who signed it. `None` for inherents, and where the signer is not at the place that version 4 gives it.
    pub signer: Option<Account>,
}

/// An extrinsic by its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExtrinsicId {
    /// The block.
    pub block: u32,
    /// Its position in the block, from 0.
    pub position: u32,
}

/// The hash of an extrinsic.
pub(crate) fn hash(extrinsic: &OpaqueExtrinsic) -> Hash {
    sp_crypto_hashing::blake2_256(&extrinsic.encode())
}

/// Who signed an extrinsic, as far as its first 34 bytes say so.
pub(crate) fn signer(extrinsic: &OpaqueExtrinsic) -> Option<Account> {
    let account = extrinsic.inner().strip_prefix(&[SIGNED, ADDRESS_ID])?;
    account.first_chunk().copied()
}

impl Snapshot<'_> {
    /// At most `limit` extrinsics with a hash, in order. A transaction has a hash of its own, since it has a nonce; an
    /// inherent may repeat.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn extrinsics_with_hash(&self, hash: &Hash, limit: u32) -> Result<Vec<IndexedExtrinsic>, Error> {
        let sql = "SELECT block, position, hash, signer FROM extrinsics WHERE hash = ?1
                   ORDER BY block, position LIMIT ?2";
        self.all(Query { sql, narrow: FEWER }, &values![hash, limit], indexed_extrinsic)
    }

    /// At most `limit` extrinsics that an account signed, from `first` on up to block `last`, in order. For the next page,
    /// ask from the position after the last one's.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn extrinsics_of_account(
        &self,
        account: &Account,
        first: ExtrinsicId,
        last: u32,
        limit: u32,
    ) -> Result<Vec<IndexedExtrinsic>, Error> {
        let stretch =
            Stretch { group: &[("signer", 1)], from: &[("block", 2), ("position", 3)], end: Some(4), apart: true };
        let (condition, order) = self.connection.stretch(&stretch);
        let sql =
            format!("SELECT block, position, hash, signer FROM extrinsics WHERE {condition} ORDER BY {order} LIMIT ?5");
        let end = i64::from(last) + 1;
        let query = Query { sql: &sql, narrow: FEWER };
        self.all(query, &values![account, first.block, first.position, end, limit], indexed_extrinsic)
    }

    /// At most `limit` extrinsics of a block, from position `first` on, in order.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn extrinsics_of_block(&self, block: u32, first: u32, limit: u32) -> Result<Vec<IndexedExtrinsic>, Error> {
        let sql = "SELECT block, position, hash, signer FROM extrinsics
                   WHERE block = ?1 AND position >= ?2 ORDER BY position LIMIT ?3";
        self.all(Query { sql, narrow: FEWER }, &values![block, first, limit], indexed_extrinsic)
    }
}

fn indexed_extrinsic(row: &dyn Row) -> Result<IndexedExtrinsic, Error> {
    let at = ExtrinsicId { block: row.get(0)?, position: row.get(1)? };
    Ok(IndexedExtrinsic { at, hash: row.get(2)?, signer: row.get(3)? })
}
