//! The ledger: its state, and transactions followed until they are final.
//!
//! A transaction is sent, watched, and sent again (the same bytes) whenever the node loses it, until it is in a finalised
//! block or cannot be any more: because another one took its nonce, or because its era is over. So every transaction ends
//! in exactly one of [`Outcome`] and [`SendError`], and an error other than [`SendError::Node`] means that it has no
//! effect. A broken connection is opened again for as long as the ledger's patience lasts.

use crate::{
    archive::SignedBatch,
    connection::{Connection, NodeError, Snapshot},
    keys::AccountKey,
    rpc::Rpc,
};
use citynet_primitives::{
    Account, DeviceId, DeviceInfo, DeviceKey, DeviceProfile, Hash, Moment, OrganisationId, Roles, Signature, Text,
};
use codec::{Decode, DecodeAll, Encode};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::{Duration, Instant},
};
use subxt::{
    config::{substrate::SubstrateExtrinsicParamsBuilder, Header as _},
    error::DispatchError,
    events::Phase,
    ext::scale_encode::{self, EncodeAsFields, FieldIter, TypeResolver},
    rpcs::methods::legacy::TransactionStatus,
    transactions::Payload,
    utils::{AccountId32, H256},
    SubstrateConfig,
};
use tokio::sync::{Mutex, RwLock};

/// For how many blocks a transaction can be included. A power of two, well below the number of block hashes that the
/// runtime remembers.
const ERA: u32 = 256;
/// For how long a finalised head is recent enough to begin an era with.
const HEAD_AGE: Duration = Duration::from_secs(20);
/// How many decoded blocks are kept, for the transactions that are in the same one.
const BLOCKS_KEPT: usize = 8;
/// How long a watched transaction may go without news. Longer than a slow block and its finality.
const SILENCE: Duration = Duration::from_secs(60);
/// The pause before a node that lost a transaction is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often one question is asked over new connections.
const MOST_CONNECTIONS: u32 = 20;

/// The node's answer to more calls in a minute than it allows on a connection.
const RATE_LIMITED: i32 = -32999;
/// How often a question is asked again after that answer.
const MOST_WAITS: u32 = 120;

/// `twox128("System") ‖ twox128("Events")`.
const EVENTS: [u8; 32] = [
    0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c, 0x48, 0xae, 0x0c, 0x95, 0x58, 0xce, 0xf7, 0x80, 0xd4, 0x1e,
    0x5e, 0x16, 0x05, 0x67, 0x65, 0xbc, 0x84, 0x61, 0x85, 0x10, 0x72, 0xc9, 0xd7,
];

/// A pallet's refusal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Refusal {
    /// Such as `Attestations::SequenceReplayed`.
    pub name: String,
    /// What the pallet's documentation says about it.
    pub description: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.description.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{} {}", self.name, self.description)
        }
    }
}

impl Refusal {
    fn decode(bytes: &[u8], snapshot: &Snapshot) -> Result<Self, NodeError> {
        let error = DispatchError::decode_from(bytes, snapshot.metadata()).map_err(NodeError::answer)?;
        let DispatchError::Module(module) = &error else {
            return Ok(Self { name: format!("{error:?}"), description: error.to_string() });
        };
        let details = module.details().map_err(NodeError::answer)?;
        let description = details.variant.docs.join(" ").trim().to_owned();
        Ok(Self { name: module.details_string(), description })
    }
}

/// Why a transaction did not get into a block.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SendError {
    /// The account may not send transactions; from the `CheckMember` extension.
    #[error("{0}")]
    NotMember(NotMember),
    /// The pool does not want it, whoever sends it.
    #[error("the node refuses the transaction: {0}")]
    Invalid(String),
    /// It is in a block and failed.
    #[error("{0}")]
    Failed(Refusal),
    /// Another transaction of the account took its place.
    #[error("another transaction of the same account took its nonce; is another process using the account?")]
    Replaced,
    /// It was not included in time.
    #[error("no block included the transaction within {} blocks, so it has no effect; try again", ERA)]
    Expired,
    /// It cannot be encoded for this runtime.
    #[error("the node's runtime does not have this call as expected: {0}")]
    Encoding(String),
    /// The node does not answer. Whether the transaction has an effect is not known.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl SendError {
    /// Whether the same request may succeed later with another transaction.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Replaced | Self::Expired)
    }
}

/// The codes of the `CheckMember` transaction extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMember {
    /// Code 1.
    Stranger,
    /// Code 2.
    Suspended,
    /// Code 3.
    Expelled,
    /// Code 4.
    Unsigned,
    /// A code that this program does not know.
    Other(u8),
}

impl fmt::Display for NotMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stranger => {
                f.write_str("the account belongs to no organisation of the consortium; its admin can add it")
            }
            Self::Suspended => f.write_str("the account's organisation is suspended"),
            Self::Expelled => f.write_str("the account's organisation was expelled from the consortium"),
            Self::Unsigned => f.write_str("the ledger takes signed transactions only"),
            Self::Other(code) => write!(f, "the ledger refuses the account (code {code})"),
        }
    }
}

impl From<u8> for NotMember {
    fn from(code: u8) -> Self {
        match code {
            1 => Self::Stranger,
            2 => Self::Suspended,
            3 => Self::Expelled,
            4 => Self::Unsigned,
            other => Self::Other(other),
        }
    }
}

/// What the ledger says about a transaction in its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A device has a new record about it: registered, rotated, suspended, resumed, retired, distrusted.
    Device {
        /// The device.
        device: DeviceId,
        /// The record.
        record: u64,
    },
    /// A batch was attested.
    BatchAttested {
        /// The device.
        device: DeviceId,
        /// The sequence number of its first reading.
        first_sequence: u64,
        /// The record.
        record: u64,
    },
    /// An item of `attest_many` was refused.
    BatchRefused {
        /// Its position.
        position: u32,
        /// Why.
        refusal: Refusal,
    },
    /// The whole transaction failed.
    Failed(Refusal),
}

/// A transaction in a finalised block.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The block.
    pub block: u32,
    /// Its hash.
    pub hash: Hash,
    /// What happened.
    pub events: Vec<Event>,
}

impl Outcome {
    /// The device and record of a call about one device.
    pub fn device(&self) -> Option<(DeviceId, u64)> {
        self.events.iter().find_map(|event| match event {
            Event::Device { device, record } => Some((*device, *record)),
            _ => None,
        })
    }
}

/// A call of one of the ledger's pallets.
#[derive(Clone, Debug)]
pub struct Call {
    pallet: &'static str,
    name: &'static str,
    arguments: Arguments,
}

/// Arguments, already encoded: the ledger's own types have a fixed encoding. Their names are compared with the metadata,
/// so that a runtime with another call under the same name is noticed before anything is signed.
#[derive(Clone, Debug)]
pub struct Arguments {
    names: &'static [&'static str],
    bytes: Vec<u8>,
}

impl EncodeAsFields for Arguments {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        fields: &mut dyn FieldIter<'_, R::TypeId>,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), scale_encode::Error> {
        let found: Vec<String> = fields.map(|field| field.name.unwrap_or_default().to_owned()).collect();
        if found != self.names {
            let problem = format!("the arguments are ({}), not ({})", found.join(", "), self.names.join(", "));
            return Err(scale_encode::Error::custom_string(problem));
        }
        out.extend_from_slice(&self.bytes);
        Ok(())
    }
}

impl Payload for Call {
    type CallData = Arguments;

    fn pallet_name(&self) -> &str {
        self.pallet
    }

    fn call_name(&self) -> &str {
        self.name
    }

    fn call_data(&self) -> &Arguments {
        &self.arguments
    }
}

impl Call {
    fn attestations(name: &'static str, names: &'static [&'static str], arguments: impl Encode) -> Self {
        let arguments = Arguments { names, bytes: arguments.encode() };
        Self { pallet: "Attestations", name, arguments }
    }

    /// Registers a device.
    pub fn register(profile: &DeviceProfile, key: &DeviceKey, proof: &[u8; 64], expires: Moment) -> Self {
        let names = &["profile", "key", "proof", "expires"];
        Self::attestations("register", names, (profile, key, signature(proof), expires))
    }

    /// Gives a device another key.
    pub fn rotate_key(device: DeviceId, key: &DeviceKey, proof: &[u8; 64], expires: Moment, overlap: Moment) -> Self {
        let names = &["device", "key", "proof", "expires", "overlap"];
        Self::attestations("rotate_key", names, (device, key, signature(proof), expires, overlap))
    }

    /// Has a device's batches refused until it resumes.
    pub fn suspend(device: DeviceId, reason: &Text<256>) -> Self {
        Self::attestations("suspend", &["device", "reason"], (device, reason))
    }

    /// Has a suspended device's batches accepted again.
    pub fn resume(device: DeviceId, reason: &Text<256>) -> Self {
        Self::attestations("resume", &["device", "reason"], (device, reason))
    }

    /// Ends a device.
    pub fn retire(device: DeviceId, reason: &Text<256>) -> Self {
        Self::attestations("retire", &["device", "reason"], (device, reason))
    }

    /// Puts a device's observations in doubt.
    pub fn distrust(device: DeviceId, since: Moment, reason: &Text<256>) -> Self {
        Self::attestations("distrust", &["device", "since", "reason"], (device, since, reason))
    }

    /// Attests batches: `attest` for one, `attest_many` otherwise.
    pub fn attest(batches: &[SignedBatch]) -> Self {
        match batches {
            [one] => Self::attestations("attest", &["batch", "signature"], (&one.batch, signature(&one.signature))),
            many => {
                let items: Vec<_> = many.iter().map(|item| (&item.batch, signature(&item.signature))).collect();
                Self::attestations("attest_many", &["batches"], items)
            }
        }
    }
}

fn signature(bytes: &[u8; 64]) -> Signature {
    bytes.to_vec().try_into().expect("64 bytes are fewer than the bound; qed")
}

/// A signed transaction.
#[derive(Clone, Debug)]
struct Signed {
    bytes: Vec<u8>,
    account: Account,
    nonce: u64,
    /// The first block that cannot include it any more.
    end: u32,
    /// The block after which its era begins.
    begin: u32,
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

    /// Calls a method of the runtime at a block.
    async fn runtime<T: Decode>(&self, method: &str, arguments: impl Encode, at: &Hash) -> Result<T, NodeError> {
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

    /// A device at the finalised head.
    pub async fn device(&self, device: DeviceId) -> Result<Option<DeviceInfo>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("AttestationsApi_device", device, &head).await
    }

    /// The organisation and roles of an account of an active organisation, at the finalised head.
    pub async fn member(&self, account: &Account) -> Result<Option<(OrganisationId, Roles)>, NodeError> {
        let (_, head) = self.finalized().await?;
        self.runtime("ConsortiumApi_member", account, &head).await
    }

    /// Follows a transaction until it is final or cannot be any more.
    async fn follow(&self, signed: &Signed) -> Result<Outcome, SendError> {
        let mut first = true;
        loop {
            match self.with(async |connection| watch(connection, signed).await).await {
                Ok(Some(hash)) => return self.outcome(hash, signed).await,
                Ok(None) => {}
                Err(NodeError::Refused { code, message, data }) => match refused(code, message, data) {
                    // What was in the pool before may be in a block that is not final yet, whatever the pool says now.
                    Err(error) if first => return Err(error),
                    _ => {}
                },
                Err(error) => return Err(error.into()),
            }
            first = false;
            // The node lost it, has it already, or says that its nonce is used. What became of it, the finalised blocks
            // say.
            let (number, head) = self.finalized().await?;
            let nonce: u32 = self.runtime("AccountNonceApi_account_nonce", signed.account, &head).await?;
            if u64::from(nonce) > signed.nonce {
                return match self.find(signed, number).await? {
                    Some(hash) => self.outcome(hash, signed).await,
                    None => Err(SendError::Replaced),
                };
            }
            if number >= signed.end {
                return Err(SendError::Expired);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The finalised block, up to number `to`, that has a transaction.
    async fn find(&self, signed: &Signed, to: u32) -> Result<Option<H256>, NodeError> {
        for number in signed.begin + 1..=to.min(signed.end) {
            let hash = self
                .with(async |connection| {
                    let hash = connection.methods.chain_get_block_hash(Some(number.into())).await;
                    hash.map_err(|error| connection.failed(error))
                })
                .await?
                .ok_or_else(|| NodeError::Answer(format!("there is no block {number}")))?;
            if self.block(hash).await?.positions.contains_key(&digest(&signed.bytes)) {
                return Ok(Some(hash));
            }
        }
        Ok(None)
    }

    async fn outcome(&self, hash: H256, signed: &Signed) -> Result<Outcome, SendError> {
        let view = self.block(hash).await?;
        let position = view.positions.get(&digest(&signed.bytes));
        let events = position.and_then(|position| view.events.get(*position)).ok_or_else(|| {
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

fn digest(transaction: &[u8]) -> [u8; 32] {
    Sha256::digest(transaction).into()
}

/// Sends a transaction and waits until it is in a finalised block. `None` when the node lost it.
async fn watch(connection: &Connection, signed: &Signed) -> Result<Option<H256>, NodeError> {
    let submitted = connection.methods.author_submit_and_watch_extrinsic(&signed.bytes).await;
    let mut statuses = submitted.map_err(|error| connection.failed(error))?;
    // A node that says nothing for long is asked what became of the transaction.
    while let Ok(Some(status)) = tokio::time::timeout(SILENCE, statuses.next()).await {
        match status.map_err(|error| connection.failed(error))? {
            TransactionStatus::Finalized(hash) => return Ok(Some(hash)),
            TransactionStatus::FinalityTimeout(_)
            | TransactionStatus::Usurped(_)
            | TransactionStatus::Dropped
            | TransactionStatus::Invalid => return Ok(None),
            TransactionStatus::Future
            | TransactionStatus::Ready
            | TransactionStatus::Broadcast(_)
            | TransactionStatus::InBlock(_)
            | TransactionStatus::Retracted(_) => {}
        }
    }
    Ok(None)
}

/// What the pool's refusal means: `Ok` when the transaction may still be, or come, in a block.
///
/// The codes are those of `sc-rpc-api`: 1010 invalid, 1011 validity unknown, 1012 banned for a while, 1013 in the pool
/// already, 1014 another with this nonce is in the pool, 1016 the pool is full.
fn refused(code: i32, message: String, data: Option<String>) -> Result<(), SendError> {
    let detail: String = data.as_deref().and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
    match code {
        1010 => match detail.strip_prefix("Custom error: ").and_then(|code| code.parse::<u8>().ok()) {
            Some(code) => Err(SendError::NotMember(code.into())),
            None if detail == "Transaction is outdated" => Ok(()),
            None => Err(SendError::Invalid(detail)),
        },
        1011..=1014 | 1016 => Ok(()),
        _ => Err(SendError::Node(NodeError::Refused { code, message, data })),
    }
}

async fn view(connection: &Connection, hash: H256) -> Result<BlockView, NodeError> {
    let methods = &connection.methods;
    let block = methods.chain_get_block(Some(hash)).await.map_err(|error| connection.failed(error))?;
    let block = block.ok_or_else(|| NodeError::Answer(format!("there is no block {hash:?}")))?.block;
    let number = u32::try_from(block.header.number()).map_err(NodeError::answer)?;
    let bytes = methods.state_get_storage(&EVENTS, Some(hash)).await.map_err(|error| connection.failed(error))?;
    let snapshot = connection.at(number, hash).await?;

    let positions =
        block.extrinsics.iter().enumerate().map(|(position, transaction)| (digest(transaction), position)).collect();
    let mut events = vec![Vec::new(); block.extrinsics.len()];
    for event in snapshot.events().from_bytes(bytes.unwrap_or_default()).iter() {
        let event = event.map_err(NodeError::answer)?;
        let Phase::ApplyExtrinsic(position) = event.phase() else { continue };
        let found = decode_event(event.pallet_name(), event.event_name(), event.field_bytes(), &snapshot)?;
        let of_transaction = usize::try_from(position).ok().and_then(|position| events.get_mut(position));
        if let (Some(found), Some(of_transaction)) = (found, of_transaction) {
            of_transaction.push(found);
        }
    }
    Ok(BlockView { hash, number, positions, events })
}

fn decode_event(pallet: &str, name: &str, mut bytes: &[u8], snapshot: &Snapshot) -> Result<Option<Event>, NodeError> {
    fn fields<T: DecodeAll>(mut bytes: &[u8]) -> Result<T, NodeError> {
        T::decode_all(&mut bytes).map_err(NodeError::answer)
    }
    Ok(Some(match (pallet, name) {
        ("System", "ExtrinsicFailed") => Event::Failed(Refusal::decode(bytes, snapshot)?),
        ("Attestations", "BatchAttested") => {
            let (device, first_sequence, _, record) = fields::<(DeviceId, u64, u32, u64)>(bytes)?;
            Event::BatchAttested { device, first_sequence, record }
        }
        ("Attestations", "BatchRefused") => {
            let (position, _, _) = <(u32, DeviceId, u64)>::decode(&mut bytes).map_err(NodeError::answer)?;
            Event::BatchRefused { position, refusal: Refusal::decode(bytes, snapshot)? }
        }
        ("Attestations", "DeviceRegistered" | "DeviceKeyRotated") => {
            let (device, _, record) = fields::<(DeviceId, u32, u64)>(bytes)?;
            Event::Device { device, record }
        }
        ("Attestations", "DeviceSuspended" | "DeviceResumed" | "DeviceRetired" | "DeviceDistrusted") => {
            let (device, record) = fields::<(DeviceId, u64)>(bytes)?;
            Event::Device { device, record }
        }
        _ => return Ok(None),
    }))
}

/// Signs and sends the transactions of one account, in one sequence of nonces.
#[derive(Debug)]
pub struct Sender<'a> {
    ledger: &'a Ledger,
    key: AccountKey,
    nonce: StdMutex<u64>,
    head: Mutex<Option<(Instant, Arc<Snapshot>)>>,
}

impl<'a> Sender<'a> {
    /// For an account. [`Sender::begin`] comes first.
    pub fn new(ledger: &'a Ledger, key: AccountKey) -> Self {
        Self { ledger, key, nonce: StdMutex::new(0), head: Mutex::default() }
    }

    /// The account.
    pub fn account(&self) -> Account {
        self.key.account()
    }

    /// Goes on with the nonce after that of the account's last transaction, whether in a block or waiting for one.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn begin(&self) -> Result<(), NodeError> {
        let account = AccountId32(self.account());
        let next = self
            .ledger
            .with(async |connection| {
                let next = connection.methods.system_account_next_index(&account).await;
                next.map_err(|error| connection.failed(error))
            })
            .await?;
        *self.nonce.lock().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// Takes the next nonce. Whoever takes one must send with it, or those after it wait for it.
    pub fn reserve(&self) -> u64 {
        let mut next = self.nonce.lock().unwrap_or_else(PoisonError::into_inner);
        let nonce = *next;
        *next += 1;
        nonce
    }

    /// Sends a call with a nonce and follows it until it is final.
    ///
    /// # Errors
    ///
    /// [`SendError`]; all but [`SendError::Node`] mean that the call has no effect.
    pub async fn send(&self, call: &Call, nonce: u64) -> Result<Outcome, SendError> {
        let signed = self.sign(call, nonce).await?;
        self.ledger.follow(&signed).await
    }

    /// Sends a single call and follows it until it is final, again when another process takes the nonce.
    ///
    /// # Errors
    ///
    /// As [`Sender::send`].
    pub async fn submit(&self, call: &Call) -> Result<Outcome, SendError> {
        let mut attempts = 1;
        loop {
            self.begin().await?;
            match self.send(call, self.reserve()).await {
                Err(SendError::Replaced) if attempts < 3 => attempts += 1,
                done => return done,
            }
        }
    }

    async fn sign(&self, call: &Call, nonce: u64) -> Result<Signed, SendError> {
        let head = self.head().await?;
        let (number, hash) = (head.block_number(), head.block_hash());
        let params = SubstrateExtrinsicParamsBuilder::<SubstrateConfig>::new()
            .nonce(nonce)
            .mortal_from_unchecked(u64::from(ERA), number, hash)
            .build();
        let encoding = |error: subxt::error::ExtrinsicError| SendError::Encoding(error.to_string());
        let signed = head.tx().create_signable_offline(call, params).and_then(|mut signable| signable.sign(&self.key));
        let begin = u32::try_from(number).map_err(NodeError::answer)?;
        Ok(Signed {
            bytes: signed.map_err(encoding)?.into_encoded(),
            account: self.account(),
            nonce,
            begin,
            end: begin.saturating_add(ERA),
        })
    }

    /// A recent finalised head, to sign with.
    async fn head(&self) -> Result<Arc<Snapshot>, NodeError> {
        let mut known = self.head.lock().await;
        if let Some((since, head)) = known.as_ref() {
            if since.elapsed() < HEAD_AGE {
                return Ok(head.clone());
            }
        }
        let head = self
            .ledger
            .with(async |connection| {
                let (number, hash) = connection.finalized().await?;
                connection.at(number, hash).await
            })
            .await?;
        let head = Arc::new(head);
        *known = Some((Instant::now(), head.clone()));
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::ext::{scale_encode::Field, scale_type_resolver::ResolvedTypeVisitor};

    /// Encoding the arguments must not depend on it.
    struct NoTypes;

    impl TypeResolver for NoTypes {
        type TypeId = u32;
        type Error = String;

        fn resolve_type<'this, V: ResolvedTypeVisitor<'this, TypeId = u32>>(
            &'this self,
            _: u32,
            visitor: V,
        ) -> Result<V::Value, String> {
            Ok(visitor.visit_not_found())
        }
    }

    fn refused_with(code: i32, data: &str) -> Result<(), SendError> {
        refused(code, "Invalid Transaction".into(), Some(data.into()))
    }

    #[test]
    fn the_pools_refusals_are_told_in_words() {
        for (code, words) in [
            (1, "belongs to no organisation"),
            (2, "is suspended"),
            (3, "was expelled"),
            (4, "signed transactions only"),
            (9, "code 9"),
        ] {
            let error = refused_with(1010, &format!("\"Custom error: {code}\"")).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
        assert!(refused_with(1010, "\"Transaction is outdated\"").is_ok());
        let bad = refused_with(1010, "\"Transaction has a bad signature\"").unwrap_err();
        assert!(bad.to_string().contains("bad signature"));
        for code in [1012, 1013, 1014, 1016] {
            assert!(refused_with(code, "\"whatever\"").is_ok());
        }
        assert!(matches!(refused_with(-32000, "1"), Err(SendError::Node(_))));
    }

    #[test]
    fn arguments_are_compared_with_the_metadata() {
        let arguments = Arguments { names: &["device", "reason"], bytes: vec![1, 2, 3] };
        let encode = |names: &[&'static str]| {
            let mut fields = names.iter().map(|name| Field { name: Some(*name), id: 0u32 });
            arguments.encode_as_fields(&mut fields, &NoTypes)
        };
        assert_eq!(encode(&["device", "reason"]).unwrap(), [1, 2, 3]);
        assert!(encode(&["device", "why"]).unwrap_err().to_string().contains("(device, why)"));
        assert!(encode(&["device"]).is_err());
    }

    #[test]
    fn one_batch_and_several_are_different_calls() {
        let batch = SignedBatch {
            batch: citynet_primitives::Batch {
                device: DeviceId(1),
                epoch: 0,
                schema: citynet_primitives::SchemaId::READING_V1,
                first_sequence: 0,
                count: 1,
                missing: 0,
                window_start: 0,
                window_end: 0,
                root: [0; 32],
                expires: 0,
            },
            signature: [9; 64],
        };
        let one = Call::attest(std::slice::from_ref(&batch));
        let two = Call::attest(&[batch.clone(), batch]);
        assert_eq!((one.name, two.name), ("attest", "attest_many"));
        assert_eq!(two.arguments.bytes.len(), 1 + 2 * one.arguments.bytes.len());
    }
}
