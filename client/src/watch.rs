//! Records as they become final, over as many connections as it takes.
//!
//! ```no_run
//! # async fn example() -> Result<(), citynet_client::connection::NodeError> {
//! use citynet_client::{
//!     audit::journal::Query,
//!     ledger::Ledger,
//!     watch::{News, Watch},
//! };
//! use std::time::Duration;
//!
//! let ledger = Ledger::connect("ws://127.0.0.1:9944", Duration::from_secs(1)).await?;
//! let mut watch = Watch::new(&ledger, Query::of_kind("grant_state_changed").to_json(), Some(0));
//! loop {
//!     match watch.next().await? {
//!         News::Records(batch) => println!("{} records; {} is where to go on", batch.items.len(), batch.next),
//!         News::Interrupted { reason, .. } => eprintln!("{reason}"),
//!     }
//! }
//! # }
//! ```
//!
//! # What is not guaranteed
//!
//! That the node tells of every record: it is trusted with that. What it cannot do unnoticed is to repeat one, to change the
//! order, or to leave one out where all are watched. Completeness that is proven is [`crate::audit::completeness`].

use crate::{
    connection::{NodeError, Subscription, LIMIT_EXCEEDED, NOT_SYNCED},
    ledger::Ledger,
    rpc::{Block, Decimal, RecordView},
};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use subxt::rpcs::rpc_params;

/// The pause after the first interruption; each further one in a row doubles it, ...
const SHORTEST: Duration = Duration::from_millis(200);

/// ... up to this one.
const LONGEST: Duration = Duration::from_secs(30);

/// What a node sends to its subscribers.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Notification {
    Records(Batch),
    Closed { reason: String, message: String },
}

/// Some records, perhaps none, that follow those of the batch before.
#[derive(Clone, Debug, Deserialize)]
pub struct Batch {
    /// The finalised block to which the node had looked.
    pub anchor: Block,
    /// The records, by index.
    pub items: Vec<RecordView>,
    /// Where to go on: all that were sought below it are in this batch or were in those before.
    pub next: Decimal,
}

/// What came of waiting.
#[derive(Clone, Debug)]
pub enum News {
    /// Records, or only how far the node has looked.
    Records(Batch),
    /// The node is not heard any more. The next waiting begins with asking it again; nothing is lost.
    Interrupted {
        /// Why.
        reason: String,
        /// How long that waits before it asks.
        pause: Duration,
    },
}

/// Waits for records.
#[derive(Debug)]
pub struct Watch<'a> {
    ledger: &'a Ledger,
    filter: Value,
    order: Order,
    subscription: Option<Subscription<Notification>>,
    pause: Duration,
}

impl<'a> Watch<'a> {
    /// Watches the records that satisfy `filter`, which is as `citynet_records` takes it and as
    /// [`Query::to_json`](crate::audit::journal::Query::to_json) makes it: those from index `from` on, or, without, those
    /// that are written from now on.
    pub fn new(ledger: &'a Ledger, filter: Value, from: Option<u64>) -> Self {
        let all = filter.as_object().is_some_and(serde_json::Map::is_empty);
        Self { ledger, filter, order: Order { all, next: from }, subscription: None, pause: Duration::ZERO }
    }

    /// Where to go on with another watch, once that is known: below it there is no record to come.
    pub fn position(&self) -> Option<u64> {
        self.order.next
    }

    /// Waits for records, or for the news that the node is not heard any more. Whoever stops waiting misses nothing by it.
    ///
    /// # Errors
    ///
    /// [`NodeError`] when asking again cannot help: the node refuses, is of another chain, or its records come twice or not
    /// all.
    pub async fn next(&mut self) -> Result<News, NodeError> {
        loop {
            let Some(subscription) = &mut self.subscription else {
                tokio::time::sleep(self.pause).await;
                match self.subscribe().await {
                    Ok(subscription) => self.subscription = Some(subscription),
                    Err(error) if is_passing(&error) => return Ok(self.interrupted(error.to_string())),
                    Err(error) => return Err(error),
                }
                continue;
            };
            return match subscription.next().await {
                Some(Ok(Notification::Records(batch))) => {
                    self.order.check(&batch)?;
                    self.pause = Duration::ZERO;
                    Ok(News::Records(batch))
                }
                Some(Ok(Notification::Closed { reason, message })) => match reason.as_str() {
                    "slow_reader" | "not_synced" | "internal" => Ok(self.interrupted(message)),
                    _ => Err(NodeError::Answer(format!("the node ended the subscription: {message}"))),
                },
                Some(Err(error)) if is_passing(&error) => Ok(self.interrupted(error.to_string())),
                Some(Err(error)) => Err(error),
                None => Ok(self.interrupted("the connection to the node broke".to_owned())),
            };
        }
    }

    async fn subscribe(&self) -> Result<Subscription<Notification>, NodeError> {
        let from = self.order.next.map(Decimal);
        self.ledger
            .with(async |connection| {
                let params = rpc_params![&self.filter, from];
                connection.subscribe("citynet_subscribeRecords", params, "citynet_unsubscribeRecords").await
            })
            .await
    }

    fn interrupted(&mut self, reason: String) -> News {
        self.subscription = None;
        self.pause = self.pause.saturating_mul(2).clamp(SHORTEST, LONGEST);
        News::Interrupted { reason, pause: self.pause }
    }
}

/// Whether the node may answer in a moment.
fn is_passing(error: &NodeError) -> bool {
    matches!(error, NodeError::Unreachable { .. }) || matches!(error.code(), Some(NOT_SYNCED | LIMIT_EXCEEDED))
}

/// Sees to it that no record comes twice or in a wrong place, and, where all are watched, that none is left out.
#[derive(Debug)]
struct Order {
    /// Whether all records are watched.
    all: bool,
    /// The lowest index that may come; none before the first batch of those who do not say where they begin.
    next: Option<u64>,
}

impl Order {
    /// Takes note of a batch.
    fn check(&mut self, batch: &Batch) -> Result<(), NodeError> {
        for view in &batch.items {
            let index = view.record()?.index;
            if index != view.index.0 {
                return Err(NodeError::Answer(format!("what is given as record {} is record {index}", view.index)));
            }
            self.reach(index)?;
            self.next = Some(index.saturating_add(1));
        }
        self.reach(batch.next.0)?;
        self.next = Some(batch.next.0);
        Ok(())
    }

    /// Sees whether an index may come now.
    fn reach(&self, index: u64) -> Result<(), NodeError> {
        match self.next {
            Some(next) if index < next => {
                Err(NodeError::Answer(format!("the node goes back to {index} when {next} is the lowest index to come")))
            }
            Some(next) if index > next && self.all => {
                Err(NodeError::Answer(format!("the node leaves record {next} out and goes on with {index}")))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{Body, DeviceId, OrganisationId, Record, RECORD_VERSION};
    use codec::Encode as _;
    use serde_json::json;

    fn view(index: u64) -> Value {
        let body = Body::DeviceRetired { device: DeviceId(1), reason: Default::default() };
        let (organisation, account) = (OrganisationId(1), [1; 32]);
        let record = Record { version: RECORD_VERSION, index, block: 1, time: 0, organisation, account, body };
        let encoded = format!("0x{}", hex::encode(record.encode()));
        json!({ "index": index.to_string(), "block": 1, "body": {}, "encoded": encoded })
    }

    fn batch(items: &[u64], next: u64) -> Batch {
        let items: Vec<_> = items.iter().copied().map(view).collect();
        let anchor = json!({ "number": 1, "hash": "0x00" });
        serde_json::from_value(json!({ "anchor": anchor, "items": items, "next": next.to_string() })).unwrap()
    }

    /// What is said about batches after one another.
    fn checked(all: bool, from: Option<u64>, batches: &[Batch]) -> Result<Option<u64>, String> {
        let mut order = Order { all, next: from };
        for batch in batches {
            order.check(batch).map_err(|error| error.to_string())?;
        }
        Ok(order.next)
    }

    #[test]
    fn records_that_follow_one_another_are_in_order() {
        let batches = [batch(&[3, 4], 5), batch(&[], 5), batch(&[5], 6)];
        assert_eq!(checked(true, Some(3), &batches), Ok(Some(6)));
        assert_eq!(checked(true, None, &batches), Ok(Some(6)));
        let sparse = [batch(&[3, 9], 20), batch(&[], 70), batch(&[70], 71)];
        assert_eq!(checked(false, Some(0), &sparse), Ok(Some(71)));
    }

    #[test]
    fn a_record_that_comes_twice_is_seen() {
        for batches in [vec![batch(&[3, 3], 4)], vec![batch(&[3], 4), batch(&[3], 4)], vec![batch(&[4, 3], 5)]] {
            for (all, from) in [(true, Some(3)), (false, Some(3)), (false, None)] {
                let error = checked(all, from, &batches).unwrap_err();
                assert!(error.contains("goes back to 3") || error.contains("leaves record 3 out"), "{error}");
            }
        }
        let error = checked(false, Some(3), &[batch(&[3], 3)]).unwrap_err();
        assert!(error.contains("goes back to 3"), "{error}");
        let error = checked(false, Some(3), &[batch(&[2], 4)]).unwrap_err();
        assert!(error.contains("goes back to 2"), "{error}");
    }

    #[test]
    fn a_record_that_is_left_out_is_seen_where_all_are_watched() {
        for batches in [
            vec![batch(&[3, 5], 6)],
            vec![batch(&[4], 5)],
            vec![batch(&[3], 5)],
            vec![batch(&[3], 4), batch(&[], 5)],
            vec![batch(&[3], 4), batch(&[5], 6)],
        ] {
            let error = checked(true, Some(3), &batches).unwrap_err();
            assert!(error.contains("out and goes on with"), "{error}");
            assert!(checked(false, Some(3), &batches).is_ok());
        }
    }

    #[test]
    fn a_record_is_what_its_bytes_say() {
        let mut wrong = batch(&[3], 4);
        wrong.items[0].index = Decimal(2);
        let error = checked(false, None, &[wrong]).unwrap_err();
        assert!(error.contains("given as record 2 is record 3"), "{error}");
    }

    #[test]
    fn only_what_passes_is_asked_again() {
        let refused = |code| NodeError::Refused { code, message: String::new(), data: None };
        for code in [9001, 9004] {
            assert!(is_passing(&refused(code)), "{code}");
        }
        for code in [9000, 9007, -32602, -32601] {
            assert!(!is_passing(&refused(code)), "{code}");
        }
        assert!(is_passing(&NodeError::Unreachable { url: String::new(), reason: String::new() }));
        assert!(!is_passing(&NodeError::Answer(String::new())));
    }
}
