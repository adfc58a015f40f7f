//! `citynet_subscribeRecords`: records by filter, from an index on, those that are there and then those that become final.
//!
//! # No gap and no duplicate
//!
//! The journal only grows, and what is final stays. So the index of a record is all that it takes to go on: every
//! notification has a `next`, which is above all records that were looked at, whether they were selected or not. Who
//! subscribes again `from` there gets exactly what he would have got. The first notification comes at once, even if it is
//! empty, so that there is a `next` before there is a record.
//!
//! # What a reader can cost
//!
//! A subscription holds one notification and reads no further before the connection has taken it. When that takes longer
//! than [`SubscriptionLimits::patience`], the subscription ends, with [`StreamedView::Closed`] as soon as that can be sent.
//! All subscriptions together have [`SubscriptionLimits::readers`] of the index's connections, so that calls find one. None
//! blocks a thread of the server.

mod scan;
mod tip;

use crate::{selection::Selection, synced::at_index, Anchor, Decimal, Error, FilterParams, RecordView};
use citynet_index::{FinalisedChain, Index, Snapshot};
use jsonrpsee::{
    core::RegisterMethodError,
    types::{ErrorObjectOwned, Params},
    Methods, PendingSubscriptionSink, RpcModule, SendTimeoutError, SubscriptionCloseResponse, SubscriptionMessage,
    SubscriptionSink,
};
use scan::{scan, Scanned};
use serde::{Deserialize, Serialize};
use std::{future::Future, sync::Arc, time::Duration};
use tip::Tip;
use tokio::sync::{watch, OwnedSemaphorePermit, Semaphore};

/// Subscribes to records: those from an index on that there are, and then those that become final. Answers with the
/// subscription's id; notifications with the same id follow on the same connection, which is a WebSocket. A node refuses
/// with `limit_exceeded` when it has as many subscriptions as it serves at once.
///
/// When the connection breaks, or the node ends the subscription, another one `from` the last `next` goes on with no gap and
/// no duplicate. A node ends it when notifications are not read for 10 seconds.
pub const SUBSCRIBE_RECORDS: &str = "citynet_subscribeRecords";

/// Ends a subscription of the same connection. Answers whether there was one with this id.
pub const UNSUBSCRIBE_RECORDS: &str = "citynet_unsubscribeRecords";

/// A notification: the subscription's id, and what there is to tell.
pub const STREAMED_RECORDS: &str = "citynet_streamedRecords";

/// The name of a reader's own fault among the reasons of [`StreamedView::Closed`].
const SLOW_READER: &str = "slow_reader";

/// What `citynet_subscribeRecords` takes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionParams {
    /// Which records; all of them unless told. With a `fromIndex`, none below it.
    pub filter: Option<FilterParams>,
    /// The lowest index: `0` for all that there are, or the `next` of the last notification to go on after it. Unless told,
    /// that of the record which will be written next.
    pub from: Option<Decimal>,
}

impl SubscriptionParams {
    fn parse(params: &Params<'_>) -> Result<Self, Error> {
        let parsed = if params.is_object() {
            params.parse()
        } else {
            let mut sequence = params.sequence();
            sequence.optional_next().and_then(|filter| Ok(Self { filter, from: sequence.optional_next()? }))
        };
        parsed.map_err(|refusal| {
            // jsonrpsee says there what is wrong.
            let reason = refusal.data().and_then(|data| serde_json::from_str(data.get()).ok());
            Error::InvalidParams(reason.unwrap_or_else(|| refusal.message().to_owned()))
        })
    }
}

/// What a notification of `citynet_streamedRecords` brings.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StreamedView {
    /// The selected records from where the notification before ended, at most 100, in the order of their indices. There may
    /// be none: the first notification comes at once, and later ones say how far a search is, or that nothing happened.
    Records {
        /// The finalised block to which the index had come.
        anchor: Anchor,
        /// The records.
        items: Vec<RecordView>,
        /// Where to go on, as `from` of another subscription: all selected records below it were sent.
        next: Decimal,
    },
    /// The last notification: the node ended the subscription.
    Closed {
        /// Why: `slow_reader` when notifications waited too long to be read; else the name of the error that stands in the
        /// way, as in its `data.code`: `not_synced`, `too_expensive`, `internal`.
        reason: String,
        /// The same for people.
        message: String,
        /// Where to go on, as `from` of another subscription: all selected records below it were sent.
        next: Decimal,
    },
}

/// What subscriptions may cost a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionLimits {
    /// How many there may be at once, of all callers together.
    pub subscriptions: u32,
    /// How many of them read the index at once; the others wait their turn.
    pub readers: u32,
    /// How many records a notification has at most, ...
    pub records: u32,
    /// ... and how many bytes, as they are encoded in SCALE. One record it can always have.
    pub bytes: usize,
    /// After so many records of which none was selected, a notification says how far the search is.
    pub scanned: u64,
    /// After so many blocks without a notification, one says that nothing was missed.
    pub blocks: u32,
    /// How long a notification may wait until the connection takes it.
    pub patience: Duration,
}

impl Default for SubscriptionLimits {
    fn default() -> Self {
        Self {
            subscriptions: 256,
            readers: 2,
            records: 100,
            bytes: 32 * 1024,
            scanned: 10_000,
            blocks: 64,
            patience: Duration::from_secs(10),
        }
    }
}

/// Serves the subscriptions of a node. Clones share the limits.
pub struct Subscriptions<C>(Arc<Inner<C>>);

struct Inner<C> {
    chain: Arc<C>,
    index: Option<Index>,
    tip: watch::Receiver<Tip>,
    limits: SubscriptionLimits,
    places: Arc<Semaphore>,
    readers: Arc<Semaphore>,
}

impl<C> Clone for Subscriptions<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C: FinalisedChain> Subscriptions<C> {
    /// For a chain and its index, which is `None` when the node runs without one. The second is what tells subscriptions that
    /// the index has moved: a task that ends with the node.
    pub fn new(
        chain: Arc<C>,
        index: Option<Index>,
        limits: SubscriptionLimits,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (sender, tip) = watch::channel(Tip::default());
        let permits = |number: u32| Arc::new(Semaphore::new(usize::try_from(number).unwrap_or(Semaphore::MAX_PERMITS)));
        let follow = {
            let (chain, index) = (chain.clone(), index.clone());
            async move {
                if let Some(index) = index {
                    tip::follow(chain, index, sender).await;
                }
            }
        };
        let (places, readers) = (permits(limits.subscriptions), permits(limits.readers));
        (Self(Arc::new(Inner { chain, index, tip, limits, places, readers })), follow)
    }

    /// The methods, to be merged into what else a node serves.
    ///
    /// # Errors
    ///
    /// None with the names as they are: jsonrpsee refuses two of the same.
    pub fn methods(&self) -> Result<Methods, RegisterMethodError> {
        let mut module = RpcModule::from_arc(self.0.clone());
        module.register_subscription(
            SUBSCRIBE_RECORDS,
            STREAMED_RECORDS,
            UNSUBSCRIBE_RECORDS,
            |params, pending, inner, _| async move { inner.serve(&params, pending).await },
        )?;
        Ok(module.into())
    }
}

/// Where a subscription is.
struct Reader {
    selection: Arc<Selection>,
    /// All selected records below it were sent.
    next: u64,
    /// What the last notification said: its `next` and the number of its anchor.
    sent: Option<(u64, u32)>,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// Whether there is something to tell.
    fn is_due(&self, scanned: &Scanned, limits: &SubscriptionLimits) -> bool {
        let Some((next, block)) = self.sent else { return true };
        !scanned.items.is_empty()
            || scanned.next.saturating_sub(next) >= limits.scanned
            || scanned.anchor.number.saturating_sub(block) >= limits.blocks
    }

    /// Whether an index that has come to `tip` is to be looked at again.
    fn is_concerned(&self, tip: &Tip, limits: &SubscriptionLimits) -> bool {
        let silent = |(_, block): (u64, u32)| tip.number.is_some_and(|tip| tip.saturating_sub(block) >= limits.blocks);
        !tip.near || tip.records > self.next || self.sent.is_none_or(silent)
    }
}

/// How a subscription ends.
enum End {
    /// The caller unsubscribed, or the connection is gone.
    Left,
    /// Notifications were not read.
    Slow,
    /// The index does not answer any more.
    Failed(Error),
}

impl<C: FinalisedChain> Inner<C> {
    async fn serve(
        self: Arc<Self>,
        params: &Params<'_>,
        pending: PendingSubscriptionSink,
    ) -> SubscriptionCloseResponse {
        let mut reader = match self.begin(params).await {
            Ok(reader) => reader,
            Err(error) => {
                pending.reject(error).await;
                return SubscriptionCloseResponse::None;
            }
        };
        // Without a connection there is nobody to be told.
        let Ok(sink) = pending.accept().await else { return SubscriptionCloseResponse::None };
        let (reason, message) = match self.stream(&mut reader, &sink).await {
            End::Left => return SubscriptionCloseResponse::None,
            End::Slow => {
                let patience = self.limits.patience;
                (SLOW_READER.to_owned(), format!("a notification waited {patience:?} to be read; go on from `next`"))
            }
            End::Failed(error) => {
                let reason = error.code().to_owned();
                (reason, ErrorObjectOwned::from(error).message().to_owned())
            }
        };
        let closed = StreamedView::Closed { reason, message, next: Decimal(reader.next) };
        SubscriptionCloseResponse::Notif(message_of(&closed))
    }

    /// Sees whether a subscription can be had, and where it begins.
    async fn begin(self: &Arc<Self>, params: &Params<'_>) -> Result<Reader, Error> {
        let SubscriptionParams { filter, from } = SubscriptionParams::parse(params)?;
        let (selection, lowest) = filter.unwrap_or_default().parse()?;
        let limit = self.limits.subscriptions;
        let place = self.places.clone().try_acquire_owned();
        let place = place.map_err(|_| Error::LimitExceeded { what: "subscriptions of one node", limit })?;
        let records = self.read(|snapshot| Ok(snapshot.position().records())).await?;
        let next = from.map_or(records, |from| from.0).max(lowest);
        Ok(Reader { selection: Arc::new(selection), next, sent: None, _place: place })
    }

    /// Sends notifications until the subscription ends.
    async fn stream(self: &Arc<Self>, reader: &mut Reader, sink: &SubscriptionSink) -> End {
        let limits = self.limits;
        let mut tip = self.tip.clone();
        loop {
            // What the index writes from here on is told below; what it wrote before is found now.
            tip.mark_unchanged();
            let (selection, first) = (reader.selection.clone(), reader.next);
            let scanned = tokio::select! {
                scanned = self.read(move |snapshot| scan(snapshot, &selection, first, &limits)) => scanned,
                () = sink.closed() => return End::Left,
            };
            let scanned = match scanned {
                Ok(scanned) => scanned,
                Err(error) => return End::Failed(error),
            };
            let (next, block, complete) = (scanned.next, scanned.anchor.number, scanned.complete);
            if reader.is_due(&scanned, &limits) {
                let Scanned { anchor, items, .. } = scanned;
                let message = message_of(&StreamedView::Records { anchor, items, next: Decimal(next) });
                match sink.send_timeout(message, limits.patience).await {
                    Ok(()) => reader.sent = Some((next, block)),
                    Err(SendTimeoutError::Timeout(_)) => return End::Slow,
                    Err(SendTimeoutError::Closed(_)) => return End::Left,
                }
            }
            reader.next = next;
            if complete {
                if let Err(end) = self.more(&mut tip, reader, sink).await {
                    return end;
                }
            }
        }
    }

    /// Waits until the index has something for a reader who has come to its end.
    async fn more(&self, tip: &mut watch::Receiver<Tip>, reader: &Reader, sink: &SubscriptionSink) -> Result<(), End> {
        loop {
            tokio::select! {
                told = tip.changed() => told.map_err(|_| End::Failed(self.not_followed(reader)))?,
                () = sink.closed() => return Err(End::Left),
            }
            let now = *tip.borrow_and_update();
            if reader.is_concerned(&now, &self.limits) {
                return Ok(());
            }
        }
    }

    /// Runs a query on the index where it may block.
    async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&Snapshot<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.readers.clone().acquire_owned().await.expect("the semaphore is never closed");
        let inner = self.clone();
        let answer = tokio::task::spawn_blocking(move || {
            // Kept to the end of the query, even when nobody waits for its answer any more.
            let _turn = turn;
            let hash_of = |number| inner.chain.hash_of(number).map_err(Error::from);
            at_index(inner.index.as_ref(), inner.chain.finalised(), hash_of, query)
        });
        answer.await.map_err(|died| Error::from(citynet_index::Error::from(died)))?
    }

    /// Nobody tells of further blocks any more, as when the node ends.
    fn not_followed(&self, reader: &Reader) -> Error {
        Error::NotSynced { indexed: reader.sent.map(|(_, block)| block), finalized: self.chain.finalised() }
    }
}

fn message_of(view: &StreamedView) -> SubscriptionMessage {
    SubscriptionMessage::from_json(view).expect("what goes over the wire is written as JSON")
}
