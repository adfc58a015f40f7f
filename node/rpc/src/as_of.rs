//! Blocks by time: the ledger as it was.

use crate::{server::LedgerClient, Block, Decimal, Error, Ledger};
use citynet_primitives::Moment;
use codec::DecodeAll;
use sc_client_api::{Backend, StateBackend, TrieCacheContext};
use serde::Deserialize;
use sp_core::H256;
use sp_crypto_hashing::twox_128;

/// As of when something is asked: either at a block, or at the last block that is not later than a time.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AsOfParams {
    /// The number of a finalised block.
    pub block: Option<u32>,
    /// A time, in milliseconds since 1970, that is not later than the finalised block.
    pub time: Option<Decimal>,
}

/// As of when something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AsOf {
    /// At this block.
    Block(u32),
    /// At the last block that is not later than this.
    Time(Moment),
}

impl AsOfParams {
    pub(crate) fn parse(&self) -> Result<AsOf, Error> {
        match (self.block, self.time) {
            (Some(block), None) => Ok(AsOf::Block(block)),
            (None, Some(time)) => Ok(AsOf::Time(time.0)),
            _ => Err(Error::invalid("ask about either a block or a time")),
        }
    }
}

/// A finalised block with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dated {
    pub(crate) number: u32,
    pub(crate) hash: H256,
    pub(crate) time: Moment,
}

impl<C: LedgerClient, B: Backend<Block> + 'static> Ledger<C, B> {
    /// The finalised block that something is asked as of. What is still to come may change the answer: it is
    /// [`Error::NotFinalYet`].
    pub(crate) fn block_as_of(&self, asked: AsOf) -> Result<Dated, Error> {
        let finalized = self.client.info().finalized_number;
        let number = match asked {
            AsOf::Block(number) if number > finalized => return Err(Error::NotFinalYet),
            AsOf::Block(number) => number,
            AsOf::Time(time) => self.block_at(time, finalized)?,
        };
        self.dated(number)?.ok_or(Error::Pruned { what: "state", block: number })
    }

    /// The last block that is not later than a time.
    fn block_at(&self, time: Moment, finalized: u32) -> Result<u32, Error> {
        let newest = self.dated(finalized)?.ok_or(Error::Pruned { what: "state", block: finalized })?;
        // Of two blocks the later one has a later time, so no other block is of exactly this time.
        if newest.time == time {
            return Ok(finalized);
        }
        if newest.time < time {
            return Err(Error::NotFinalYet);
        }
        // Block 0 has time 0. A block whose state is pruned counts as not later: if it is the last one, its state
        // cannot be asked anyway, and if it is not, it is before one whose state is there.
        let (mut not_later, mut later) = (0, finalized);
        while later.saturating_sub(not_later) > 1 {
            let middle = not_later.saturating_add(later.saturating_sub(not_later) / 2);
            if self.dated(middle)?.is_none_or(|block| block.time <= time) {
                not_later = middle;
            } else {
                later = middle;
            }
        }
        Ok(not_later)
    }

    /// A block with the time that its timestamp inherent set. `None` where its state is pruned.
    fn dated(&self, number: u32) -> Result<Option<Dated>, Error> {
        let hash = self.hash(number)?;
        let state = match self.backend.state_at(hash, TrieCacheContext::Untrusted) {
            Ok(state) => state,
            Err(sp_blockchain::Error::UnknownBlock(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let stored = state.storage(&timestamp_key());
        let stored = stored.map_err(|error| sp_blockchain::Error::from_state(Box::new(error)))?;
        // The genesis block has none.
        let time = stored.map_or(Ok(0), |bytes| Moment::decode_all(&mut bytes.as_slice()));
        let time = time.map_err(|_| Error::inconsistent("the timestamp of a block does not decode"))?;
        Ok(Some(Dated { number, hash, time }))
    }
}

/// Where the state has a block's time: `Now` of pallet-timestamp.
pub fn timestamp_key() -> Vec<u8> {
    [twox_128(b"Timestamp"), twox_128(b"Now")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn either_a_block_or_a_time_is_asked_about() {
        let parse = |params: serde_json::Value| {
            let params: AsOfParams = serde_json::from_value(params).map_err(|error| error.to_string())?;
            params.parse().map_err(|error| error.to_string())
        };
        assert_eq!(parse(json!({ "block": 5 })), Ok(AsOf::Block(5)));
        assert_eq!(parse(json!({ "time": "1536019344000" })), Ok(AsOf::Time(1_536_019_344_000)));
        for (wrong, reason) in [
            (json!({}), "either a block or a time"),
            (json!({ "block": 5, "time": 6 }), "either a block or a time"),
            (json!({ "block": "5" }), "u32"),
            (json!({ "hash": "0x11" }), "unknown field"),
        ] {
            let error = parse(wrong).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
