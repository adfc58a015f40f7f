//! The ledger: its state, and transactions followed until they are final.
//!
//! A transaction is sent, watched, and sent again (the same bytes) whenever the node loses it, until it is in a finalised
//! block or cannot be any more: because another one took its nonce, or because its era is over. One that a runtime upgrade
//! overtakes is signed again. So every transaction ends in exactly one of [`Outcome`] and [`SendError`], and an error other
//! than [`SendError::Node`] means that it has no effect. A broken connection is opened again for as long as the ledger's
//! patience lasts.

mod call;
mod error;
mod event;
mod sender;

pub use call::{Arguments, Call, NestedCall};
pub use error::{NotMember, SendError};
pub use event::{Event, Outcome, Refusal};
pub use sender::Sender;

use crate::{
    connection::{Connection, NodeError},
    rpc::Rpc,
};
use citynet_primitives::{
    Account, CurrencyInfo, CycleId, CycleInfo, DatasetId, DatasetInfo, DeviceId, DeviceInfo, GrantAccount, GrantId,
    GrantInfo, Hash, Moment, ObligationInfo, OrganisationId, Roles,
};
use codec::{Decode, DecodeAll, Encode};
use error::refused;
use sha2::{Digest as _, Sha256};
use sp_crypto_hashing::{blake2_128, twox_128};
use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};
use subxt::{config::Header as _, events::Phase, rpcs::methods::legacy::TransactionStatus, utils::H256, ArcMetadata};
use tokio::sync::{Mutex, RwLock};

/// For how many blocks a transaction can be included. A power of two, well below the number of block hashes that the
/// runtime remembers.
const ERA: u32 = 256;
/// How many decoded blocks are kept, for the transactions that are in the same one.
const BLOCKS_KEPT: usize = 8;
/// How long a watched transaction may go without news. Longer than a slow block and its finality.
const SILENCE: Duration = Duration::from_secs(60);
/// The same after its block lost against another one. A node may forget a transaction then, and say nothing.
const SILENCE_AFTER_FORK: Duration = Duration::from_secs(10);
/// The node's answer to a transaction that was in its pool not long ago, but is no more.
const BANNED: i32 = 1012;
/// The pause before a node that lost a transaction is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often one question is asked over new connections.
const MOST_CONNECTIONS: u32 = 20;

/// The node's answer to more calls in a minute than it allows on a connection.
const RATE_LIMITED: i32 = -32999;
/// How often a question is asked again after that answer.
const MOST_WAITS: u32 = 120;

/// How many keys of a map are asked for at once.
const KEYS: u32 = 512;

/// A signed transaction.
#[derive(Clone, Debug)]
struct Signed {
    bytes: Vec<u8>,
    account: Account,
    nonce: u64,
    /// The first block that cannot include it any more.
    end: u32,
    /// The block after which the first era began in which its call was signed.
    begin: u32,
    /// The version of the runtime for which it is signed.
    spec_version: u32,
    /// SHA-256 of it, and of what was signed for the same call and nonce before. A block has at most one of them.
    digests: Vec<[u8; 32]>,
}

impl Signed {
    /// Takes over from what was signed for the same call and nonce before.
    fn after(mut self, before: Self) -> Self {
        self.begin = before.begin;
        self.digests.extend(before.digests);
        self
    }

    fn position(&self, view: &BlockView) -> Option<usize> {
        self.digests.iter().find_map(|digest| view.positions.get(digest)).copied()
    }
}

/// A finalised block as transactions see it.
struct BlockView {
    hash: H256,
    number: u32,
    positions: HashMap<[u8; 32], usize>,
    events: Vec<Vec<Event>>,
}

/// The ledger behind a node.
pub struct Ledger {
    url: String,
    patience: Duration,
    genesis: Hash,
    current: RwLock<Arc<Connection>>,
    blocks: Mutex<VecDeque<Arc<BlockView>>>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ledger").field(&self.url).finish()
    }
}

impl Ledger {
    /// Connects to a node. When the connection breaks later, it is opened again for at most `patience`.
    ///
    /// # Errors
    ///
    /// [`NodeError::Unreachable`] when there is no connection now.
    pub async fn connect(url: &str, patience: Duration) -> Result<Self, NodeError> {
        let connection = Connection::open(url).await?;
        Ok(Self {
            url: url.to_owned(),
            patience,
            genesis: *connection.genesis(),
            current: RwLock::new(Arc::new(connection)),
            blocks: Mutex::default(),
        })
    }

    /// The hash of the chain's first block.
    pub fn genesis(&self) -> &Hash {
        &self.genesis
    }

    /// The ledger's JSON-RPC methods.
    pub fn rpc(&self) -> Rpc<'_> {
        Rpc::new(self)
    }

    /// Does something with a connection, again with another when it breaks.
    pub(crate) async fn with<T>(
        &self,
        work: impl AsyncFn(&Connection) -> Result<T, NodeError>,
    ) -> Result<T, NodeError> {
        let (mut connections, mut waits) = (1, 0);
        loop {
            let connection = self.current.read().await.clone();
            match work(&connection).await {
                Err(error @ NodeError::Unreachable { .. }) => {
                    if self.patience.is_zero() || connections == MOST_CONNECTIONS {
                        return Err(error);
                    }
                    connections += 1;
                    self.connect_again(&connection).await?;
                }
                Err(NodeError::Refused { code: RATE_LIMITED, .. }) if waits < MOST_WAITS => {
                    waits += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                done => return done,
            }
        }
    }

    async fn connect_again(&self, broken: &Arc<Connection>) -> Result<(), NodeError> {
        let mut current = self.current.write().await;
        if !Arc::ptr_eq(&current, broken) {
            return Ok(());
        }
        let (begin, mut pause) = (Instant::now(), Duration::from_millis(200));
        loop {
            tracing::debug!(url = %self.url, "connecting again");
            match Connection::open(&self.url).await {
                Ok(connection) if connection.genesis() == &self.genesis => {
                    *current = Arc::new(connection);
                    return Ok(());
                }
                Ok(other) => {
                    return Err(NodeError::OtherChain { url: self.url.clone(), genesis: *other.genesis() });
                }
                Err(error) if begin.elapsed() > self.patience => return Err(error),
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    /// The number and hash of the finalised head.
    ///
    /// # Errors
    ///
    /// [`NodeError`], as with everything below.
    pub async fn finalized(&self) -> Result<(u32, Hash), NodeError> {
        self.with(async |connection| connection.finalized().await.map(|(number, hash)| (number, hash.0))).await
    }

    /// The number of the best block.
    async fn best(&self) -> Result<u32, NodeError> {
        self.with(async |connection| connection.best().await).await
    }

    /// Calls a method of the runtime at a block.
    pub(crate) async fn runtime<T: Decode>(
        &self,
        method: &str,
        arguments: impl Encode,
        at: &Hash,
    ) -> Result<T, NodeError> {
        let arguments = arguments.encode();
        let answer = self
            .with(async |connection| {
                let methods = &connection.methods;
                let answer = methods.state_call(method, Some(arguments.as_slice()), Some(H256(*at))).await;
                answer.map_err(|error| connection.failed(error))
            })
            .await?;
        T::decode_all(&mut answer.as_slice()).map_err(NodeError::answer)
    }

    /// The metadata of the runtime at the finalised head.
    pub async fn metadata(&self) -> Result<ArcMetadata, NodeError> {
        let snapshot = self
            .with(async |connection| {
                let (number, hash) = connection.finalized().await?;
                connection.at(number, hash).await
            })
            .await?;
        Ok(snapshot.metadata())
    }

    /// The hash of a block.
    pub async fn block_hash(&self, number: u32) -> Result<Hash, NodeError> {
        let hash = self
            .with(async |connection| {
                let hash = connection.methods.chain_get_block_hash(Some(number.into())).await;
                hash.map_err(|error| connection.failed(error))
            })
            .await?;
        hash.map(|hash| hash.0).ok_or_else(|| NodeError::Answer(format!("there is no block {number}")))
    }

    /// A value that a pallet keeps, at a block.
    pub(crate) async fn stored<T: Decode>(&self, pallet: &str, item: &str, at: &Hash) -> Result<Option<T>, NodeError> {
        self.value(&storage_key(pallet, item), at).await
    }

    /// The value that a pallet keeps in a map (`Blake2_128Concat`) under a key, at a block.
    async fn stored_in<T: Decode>(
        &self,
        pallet: &str,
        item: &str,
        key: &impl Encode,
        at: &Hash,
    ) -> Result<Option<T>, NodeError> {
        let key = key.encode();
        self.value(&[&storage_key(pallet, item)[..], &blake2_128(&key), &key].concat(), at).await
    }

    async fn value<T: Decode>(&self, key: &[u8], at: &Hash) -> Result<Option<T>, NodeError> {
        let bytes = self
            .with(async |connection| {
                let bytes = connection.methods.state_get_storage(key, Some(H256(*at))).await;
                bytes.map_err(|error| connection.failed(error))
            })
            .await?;
        bytes.map(|bytes| T::decode_all(&mut bytes.as_slice()).map_err(NodeError::answer)).transpose()
    }

    /// The hashes under which a pallet keeps a map, at a block. Its keys must end in them.
    pub(crate) async fn stored_hashes(&self, pallet: &str, item: &str, at: &Hash) -> Result<Vec<Hash>, NodeError> {
        let prefix = storage_key(pallet, item);
        let mut hashes = Vec::new();
        let mut last: Option<Vec<u8>> = None;
        loop {
            let keys = self
                .with(async |connection| {
                    let methods = &connection.methods;
                    let keys = methods.state_get_keys_paged(&prefix, KEYS, last.as_deref(), Some(H256(*at))).await;
                    keys.map_err(|error| connection.failed(error))
                })
                .await?;
            for key in &keys {
                let hash = key.last_chunk::<32>().ok_or_else(|| NodeError::answer("a key is too short"))?;
                hashes.push(*hash);
            }
            match keys.into_iter().next_back() {
                Some(key) => last = Some(key),
                None => return Ok(hashes),
            }
        }
    }

    /// The version of the runtime that executes the block after `at`, or after the best block.
    async fn spec_version(&self, at: Option<&Hash>) -> Result<u32, NodeError> {
        let at = at.map(|at| H256(*at));
        let version = self
            .with(async |connection| {
                let version = connection.methods.state_get_runtime_version(at).await;
                version.map_err(|error| connection.failed(error))
            })
            .await?;
        Ok(version.spec_version)
    }

    /// A device at the finalised head.
    pub async fn device(&self, device: DeviceId) -> Result<Option<DeviceInfo>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("AttestationsApi_device", device, &head).await
    }

    /// A dataset at the finalised head.
    pub async fn dataset(&self, dataset: DatasetId) -> Result<Option<DatasetInfo>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("CatalogApi_dataset", dataset, &head).await
    }

    /// A grant at the finalised head.
    pub async fn grant(&self, grant: GrantId) -> Result<Option<GrantInfo>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("GrantsApi_grant", grant, &head).await
    }

    /// The currencies with their numbers, at the finalised head.
    pub async fn currencies(&self) -> Result<Vec<(u32, CurrencyInfo)>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("SettlementsApi_currencies", (), &head).await
    }

    /// What is stated and billed of a grant, at the finalised head.
    pub async fn grant_account(&self, grant: GrantId) -> Result<Option<GrantAccount>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("SettlementsApi_account", grant, &head).await
    }

    /// An obligation at the finalised head.
    pub async fn obligation(&self, obligation: u64) -> Result<Option<ObligationInfo>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("SettlementsApi_obligation", obligation, &head).await
    }

    /// A netting cycle at the finalised head.
    pub async fn cycle(&self, cycle: CycleId) -> Result<Option<CycleInfo>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("SettlementsApi_cycle", cycle, &head).await
    }

    /// The last netting cycle of a currency, if there was any, at the finalised head.
    pub async fn last_cycle(&self, currency: u32) -> Result<Option<CycleId>, NodeError> {
        let (_, head) = self.finalized().await?;
        let number: u32 = self.runtime("SettlementsApi_last_cycle", currency, &head).await?;
        Ok((number > 0).then_some(CycleId { currency, number }))
    }

    /// The ledger's time: that of the finalised head.
    pub async fn time(&self) -> Result<Moment, NodeError> {
        let (_, head) = self.finalized().await?;
        let now = self.stored("Timestamp", "Now", &head).await?;
        now.ok_or_else(|| NodeError::answer("the chain keeps no time"))
    }

    /// The number and the end of the last report of attempts on a dataset without any grant; zeros before the first.
    pub async fn refusal_reports(&self, dataset: DatasetId) -> Result<(u64, Moment), NodeError> {
        let (_, head) = self.finalized().await?;
        let last = self.stored_in("Grants", "RefusalReports", &dataset, &head).await?;
        Ok(last.unwrap_or_default())
    }

    /// The organisation and roles of an account of an active organisation, at the finalised head.
    pub async fn member(&self, account: &Account) -> Result<Option<(OrganisationId, Roles)>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("ConsortiumApi_member", account, &head).await
    }

    /// Follows a transaction until it is final or cannot be any more. `None` when it must be signed again: the runtime was
    /// upgraded before, or its block lost against another one and the node does not take the same bytes twice.
    async fn follow(&self, signed: &Signed) -> Result<Option<Outcome>, SendError> {
        let mut first = true;
        // The best block when the node said so. The transaction is in none after that, as far as this node knows.
        let mut banned_at = None;
        loop {
            match self.with(async |connection| watch(connection, signed).await).await {
                Ok(Some(hash)) => return self.outcome(hash, signed).await.map(Some),
                Ok(None) => {}
                Err(NodeError::Refused { code: BANNED, .. }) => {
                    if banned_at.is_none() {
                        banned_at = Some(self.best().await?);
                    }
                }
                Err(NodeError::Refused { code, message, data }) => {
                    // What was in the pool before may be in a block that is not final yet, whatever the pool says now. And to
                    // a runtime newer than that at the finalised head the signature looks bad.
                    if let Err(error) = refused(code, message, data) {
                        if first && self.spec_version(None).await? == signed.spec_version {
                            return Err(error);
                        }
                    }
                }
                Err(error) => return Err(error.into()),
            }
            first = false;
            // The node lost it, has it already, or says that its nonce is used. What became of it, the finalised blocks
            // say.
            let (number, head) = self.finalized().await?;
            let nonce: u32 = self.runtime("AccountNonceApi_account_nonce", signed.account, &head).await?;
            if u64::from(nonce) > signed.nonce {
                return match self.find(signed, number).await? {
                    Some(hash) => self.outcome(hash, signed).await.map(Some),
                    None => Err(SendError::Replaced),
                };
            }
            if number >= signed.end {
                return Err(SendError::Expired);
            }
            let lost = banned_at.is_some_and(|best| number >= best);
            if lost || self.spec_version(Some(&head)).await? != signed.spec_version {
                return Ok(None);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The finalised block, up to number `to`, that has a transaction.
    async fn find(&self, signed: &Signed, to: u32) -> Result<Option<H256>, NodeError> {
        for number in signed.begin + 1..=to.min(signed.end) {
            let hash = H256(self.block_hash(number).await?);
            if signed.position(&*self.block(hash).await?).is_some() {
                return Ok(Some(hash));
            }
        }
        Ok(None)
    }

    async fn outcome(&self, hash: H256, signed: &Signed) -> Result<Outcome, SendError> {
        let view = self.block(hash).await?;
        let events = signed.position(&view).and_then(|position| view.events.get(position)).ok_or_else(|| {
            NodeError::Answer(format!("block {} has not the transaction that it should", view.number))
        })?;
        if let Some(refusal) = events.iter().find_map(|event| match event {
            Event::Failed(refusal) => Some(refusal.clone()),
            _ => None,
        }) {
            return Err(SendError::Failed(refusal));
        }
        Ok(Outcome { block: view.number, hash: hash.0, events: events.clone() })
    }

    async fn block(&self, hash: H256) -> Result<Arc<BlockView>, NodeError> {
        // Held while the block is fetched, so that the transactions of one block fetch it once.
        let mut blocks = self.blocks.lock().await;
        if let Some(view) = blocks.iter().find(|view| view.hash == hash) {
            return Ok(view.clone());
        }
        let view = Arc::new(self.with(async |connection| view(connection, hash).await).await?);
        blocks.push_front(view.clone());
        blocks.truncate(BLOCKS_KEPT);
        Ok(view)
    }
}

/// `twox128(pallet) ‖ twox128(item)`.
fn storage_key(pallet: &str, item: &str) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&twox_128(pallet.as_bytes()));
    key[16..].copy_from_slice(&twox_128(item.as_bytes()));
    key
}

fn digest(transaction: &[u8]) -> [u8; 32] {
    Sha256::digest(transaction).into()
}

/// Sends a transaction and waits until it is in a finalised block. `None` when the node lost it.
async fn watch(connection: &Connection, signed: &Signed) -> Result<Option<H256>, NodeError> {
    let submitted = connection.methods.author_submit_and_watch_extrinsic(&signed.bytes).await;
    let mut statuses = submitted.map_err(|error| connection.failed(error))?;
    // A node that says nothing for long is asked what became of the transaction.
    let mut silence = SILENCE;
    while let Ok(Some(status)) = tokio::time::timeout(silence, statuses.next()).await {
        silence = SILENCE;
        match status.map_err(|error| connection.failed(error))? {
            TransactionStatus::Finalized(hash) => return Ok(Some(hash)),
            TransactionStatus::FinalityTimeout(_)
            | TransactionStatus::Usurped(_)
            | TransactionStatus::Dropped
            | TransactionStatus::Invalid => return Ok(None),
            TransactionStatus::Future
            | TransactionStatus::Ready
            | TransactionStatus::Broadcast(_)
            | TransactionStatus::InBlock(_) => {}
            TransactionStatus::Retracted(_) => silence = SILENCE_AFTER_FORK,
        }
    }
    Ok(None)
}

async fn view(connection: &Connection, hash: H256) -> Result<BlockView, NodeError> {
    let methods = &connection.methods;
    let block = methods.chain_get_block(Some(hash)).await.map_err(|error| connection.failed(error))?;
    let block = block.ok_or_else(|| NodeError::Answer(format!("there is no block {hash:?}")))?.block;
    let number = u32::try_from(block.header.number()).map_err(NodeError::answer)?;
    let bytes = methods.state_get_storage(&storage_key("System", "Events"), Some(hash)).await;
    let bytes = bytes.map_err(|error| connection.failed(error))?;
    // The runtime that wrote the events is that of the block before: with its own state a block may hand over to the next.
    let snapshot = connection.at(number.saturating_sub(1), block.header.parent_hash).await?;
    let metadata = snapshot.metadata();

    let positions =
        block.extrinsics.iter().enumerate().map(|(position, transaction)| (digest(transaction), position)).collect();
    let mut events = vec![Vec::new(); block.extrinsics.len()];
    for event in snapshot.events().from_bytes(bytes.unwrap_or_default()).iter() {
        let event = event.map_err(NodeError::answer)?;
        let Phase::ApplyExtrinsic(position) = event.phase() else { continue };
        let found = Event::decode(&event, &metadata)?;
        let of_transaction = usize::try_from(position).ok().and_then(|position| events.get_mut(position));
        if let (Some(found), Some(of_transaction)) = (found, of_transaction) {
            of_transaction.push(found);
        }
    }
    Ok(BlockView { hash, number, positions, events })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_keys_are_those_of_the_sdk() {
        let events = "26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7";
        assert_eq!(hex::encode(storage_key("System", "Events")), events);
    }
}
