//! The netting cycles of a currency, one after the other.

use crate::{server::LedgerClient, Anchor, Block, Cursor, Error, Ledger, List, NotFound, Page};
use citynet_primitives::{CycleId, CycleInfo};
use citynet_runtime_api::SettlementsApi;
use sc_client_api::Backend;
use serde::Serialize;
use sp_api::ApiError;
use sp_core::H256;

/// A netting cycle, as the chain's state has it.
#[derive(Clone, Debug, Serialize)]
pub struct CycleView {
    /// `currency` and `number`.
    #[serde(flatten)]
    pub cycle: CycleId,
    /// The fields of [`CycleInfo`].
    #[serde(flatten)]
    pub info: CycleInfo,
}

impl<C: LedgerClient, B: Backend<Block> + 'static> Ledger<C, B> {
    /// A page of a currency's cycles. The state has them all, so a walk needs no index: it is anchored at the finalised
    /// block of its first page.
    pub(crate) fn cycles_of(&self, currency: u32, cursor: Option<&str>, limit: u32) -> Result<Page<CycleView>, Error> {
        let info = self.client.info();
        let (number, hash, first) = match cursor {
            None => (info.finalized_number, info.finalized_hash, 1),
            Some(text) => {
                let cursor = Cursor::parse(text, List::Cycles, &currency)?;
                let hash = H256(cursor.hash);
                if cursor.number > info.finalized_number || self.client.hash(cursor.number)? != Some(hash) {
                    return Err(Error::CursorExpired);
                }
                (cursor.number, hash, u32::try_from(cursor.next).unwrap_or(u32::MAX))
            }
        };
        let found = self.at_block(hash, number, |api, at| {
            if !api.currencies(at)?.iter().any(|(known, _)| *known == currency) {
                return Ok(None);
            }
            let last = api.last_cycle(at, currency)?;
            let numbers = first..=last.min(first.saturating_add(limit.saturating_sub(1)));
            let cycles = numbers.map(|number| {
                let cycle = CycleId { currency, number };
                Ok(api.cycle(at, cycle)?.map(|info| CycleView { cycle, info }))
            });
            Ok(Some((last, cycles.collect::<Result<Option<Vec<_>>, ApiError>>()?)))
        })?;
        let (last, items) = found.ok_or(Error::NotFound(NotFound::Currency(currency)))?;
        let items = items.ok_or(Error::inconsistent("a currency has fewer cycles than its last one's number"))?;
        let beyond = first.checked_add(limit).filter(|next| *next <= last);
        let next = beyond.map(|next| Cursor::new(List::Cycles, number, hash.0, &currency, next.into()).text());
        Ok(Page { anchor: Anchor::new(number, hash.0), items, complete: next.is_none(), next })
    }
}
