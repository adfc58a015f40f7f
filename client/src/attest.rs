//! Attesting: readings into batches, batches onto the chain, everything into the archive.
//!
//! # How nothing is lost and nothing is attested twice
//!
//! A batch is committed to the archive, together with the positions in the source files, before it is sent. What has
//! arrived, only the finalised chain says: a device's next sequence number tells exactly which of the archive's batches
//! are in. So after any interruption the batches before that number are looked up and settled, and those after it are
//! sent again as they are, in order. A batch that is sent twice is refused by its sequence numbers.
//!
//! A batch that expired meanwhile, or whose key was rotated, is signed again; its readings, numbers and root stay.

use crate::{
    archive::{Archive, ArchiveError, Receipt, SignedBatch, Totals},
    connection::{NodeError, NOT_FOUND, NOT_SYNCED},
    keys::{AccountKey, DeviceSigner},
    ledger::{Call, Event, Ledger, Refusal, SendError, Sender},
    sources::{
        feed::{self, Feed, FeedError},
        Row,
    },
    time,
};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    AlgorithmId, Batch, BatchStatement, Body, DeviceId, DeviceInfo, DeviceStatus, Epoch, Hash, Moment, SchemaId,
};
use citynet_proofs::Reading;
use futures::{
    future::LocalBoxFuture,
    stream::{FuturesOrdered, StreamExt as _},
};
use serde::Serialize;
use std::{collections::VecDeque, future::Future, path::PathBuf, time::Duration};

/// The most batches that one transaction carries, as the runtime has it.
pub const MOST_PER_TRANSACTION: usize = 32;
/// For how long a signed batch is valid.
const VALIDITY: Moment = 60 * 60 * 1000;
/// A batch that is valid for less than this is signed again before it is sent.
const MARGIN: Moment = 15 * 60 * 1000;
/// How often in a row sending may fail for reasons that can pass.
const MOST_FAILURES: u32 = 8;
/// How often a node that is behind is asked for what is on the chain.
const MOST_QUESTIONS: u32 = 120;

/// The ledger as attesting needs it.
pub trait Chain {
    /// The hash of the chain's first block.
    fn genesis(&self) -> Hash;

    /// A device at the finalised head.
    fn device(&self, device: DeviceId) -> impl Future<Output = Result<Option<DeviceInfo>, SendError>>;

    /// The attested batch that has a reading; `None` when the node cannot say yet.
    fn batch(
        &self,
        device: DeviceId,
        sequence: u64,
    ) -> impl Future<Output = Result<Option<(SignedBatch, Receipt)>, SendError>>;

    /// Begins a new sequence of transactions; whatever was under way is followed no more.
    fn begin(&self) -> impl Future<Output = Result<(), SendError>>;

    /// Sends batches in one transaction, whose place is after that of the call before, and waits until it is final. Tells
    /// for every batch whether it was attested.
    fn submit(
        &self,
        batches: Vec<SignedBatch>,
    ) -> impl Future<Output = Result<Vec<Result<Receipt, Refusal>>, SendError>>;
}

/// The real one: a node and the account that sends.
#[derive(Debug)]
pub struct LedgerChain<'a> {
    ledger: &'a Ledger,
    sender: Sender<'a>,
}

impl<'a> LedgerChain<'a> {
    /// `key` is that of an account with the role attestor.
    pub fn new(ledger: &'a Ledger, key: AccountKey) -> Self {
        Self { ledger, sender: Sender::new(ledger, key) }
    }
}

impl Chain for LedgerChain<'_> {
    fn genesis(&self) -> Hash {
        *self.ledger.genesis()
    }

    async fn device(&self, device: DeviceId) -> Result<Option<DeviceInfo>, SendError> {
        Ok(self.ledger.device(device).await?)
    }

    async fn batch(&self, device: DeviceId, sequence: u64) -> Result<Option<(SignedBatch, Receipt)>, SendError> {
        let record = match self.ledger.rpc().batch(device, sequence).await {
            Ok(record) => record,
            Err(error) if matches!(error.code(), Some(NOT_SYNCED | NOT_FOUND)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Body::BatchAttested { batch, signature } = record.body else {
            return Err(NodeError::Answer("the record of a batch is none".into()).into());
        };
        let signature: [u8; 64] = signature
            .as_slice()
            .try_into()
            .map_err(|_| NodeError::Answer("an Ed25519 signature has 64 bytes".into()))?;
        Ok(Some((SignedBatch { batch, signature }, Receipt { record: record.index, block: record.block })))
    }

    async fn begin(&self) -> Result<(), SendError> {
        Ok(self.sender.begin().await?)
    }

    fn submit(
        &self,
        batches: Vec<SignedBatch>,
    ) -> impl Future<Output = Result<Vec<Result<Receipt, Refusal>>, SendError>> {
        let nonce = self.sender.reserve();
        async move {
            let outcome = self.sender.send(&Call::attest(&batches), nonce).await?;
            (0u32..)
                .zip(&batches)
                .map(|(position, signed)| {
                    let SignedBatch { batch, .. } = signed;
                    let found = outcome.events.iter().find_map(|event| match event {
                        Event::BatchAttested { device, first_sequence, record }
                            if *device == batch.device && *first_sequence == batch.first_sequence =>
                        {
                            Some(Ok(Receipt { record: *record, block: outcome.block }))
                        }
                        Event::BatchRefused { position: refused, refusal } if *refused == position => {
                            Some(Err(refusal.clone()))
                        }
                        _ => None,
                    });
                    found.ok_or_else(|| {
                        let missing = format!("block {} does not say what became of a batch", outcome.block);
                        SendError::from(NodeError::Answer(missing))
                    })
                })
                .collect::<Result<Vec<_>, SendError>>()
        }
    }
}

/// Attesting cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum AttestError {
    /// The node, or the ledger as a whole, refuses.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The ledger refuses a batch.
    #[error("the ledger refused the batch that begins with reading {first_sequence}: {refusal}")]
    Refused {
        /// The batch's first reading.
        first_sequence: u64,
        /// Why.
        refusal: Refusal,
    },
    /// Sending failed again and again.
    #[error("nothing was attested in {attempts} attempts, the last of which failed so: {last}; run the same command again later")]
    Stuck {
        /// How many.
        attempts: u32,
        /// The last failure.
        last: String,
    },
    /// The archive cannot be used.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A source file cannot be read.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The device is not registered.
    #[error(
        "device {0} is not registered; `citynet device register` does it, `citynet device list` shows which there are"
    )]
    NoDevice(DeviceId),
    /// The device's batches are not accepted.
    #[error("device {device} is {status}, so its batches are refused")]
    NotActive {
        /// The device.
        device: DeviceId,
        /// What it is.
        status: DeviceStatus,
    },
    /// The key is not the device's.
    #[error(
        "the device key (public key 0x{}) does not sign for device {device}: its key of epoch {epoch} is 0x{}",
        hex::encode(.given),
        hex::encode(.expected)
    )]
    WrongKey {
        /// The device.
        device: DeviceId,
        /// Its epoch.
        epoch: Epoch,
        /// Its public key.
        expected: Vec<u8>,
        /// The public key of the one given.
        given: [u8; 32],
    },
    /// There is no archive, but the device has attested before.
    #[error(
        "device {device} has attested {next} readings already, but {directory} holds no archive of them. Use the archive that \
         was used before; if it is lost, --new-archive begins one with reading {next} (the readings before it can then not \
         be proven from it)"
    )]
    ArchiveMissing {
        /// The device.
        device: DeviceId,
        /// Its next sequence number.
        next: u64,
        /// Where an archive was expected.
        directory: PathBuf,
    },
    /// The chain has readings that the archive has not.
    #[error(
        "device {device} attested up to reading {chain} (not included), but {directory} ends at {archive}: the device attested \
         with another archive, or this is an old copy. Use the newest archive of the device"
    )]
    ChainAhead {
        /// The device.
        device: DeviceId,
        /// Its next sequence number on the chain.
        chain: u64,
        /// That of the archive.
        archive: u64,
        /// The archive.
        directory: PathBuf,
    },
    /// The archive has final readings that the chain has not.
    #[error(
        "{directory} has the readings up to {archive} (not included) as final, but the node's finalised state ends at \
         {chain}: the node is not synced yet, or not of the same network"
    )]
    ChainBehind {
        /// Next sequence number on the chain.
        chain: u64,
        /// That of the archive's final readings.
        archive: u64,
        /// The archive.
        directory: PathBuf,
    },
    /// The chain has another batch in the place of one of the archive's.
    #[error(
        "the chain has another batch with reading {first_sequence} of device {device} than {directory}: the device attested \
         with another archive. Use that one"
    )]
    OtherBatch {
        /// The device.
        device: DeviceId,
        /// The first reading of the archive's batch.
        first_sequence: u64,
        /// The archive.
        directory: PathBuf,
    },
    /// The node has the batch but its index does not find it.
    #[error("the node's index does not find the batch with reading {0}, which is on the chain; is the index running and synced?")]
    IndexBehind(u64),
}

/// What to attest and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The device.
    pub device: DeviceId,
    /// The archive's directory.
    pub directory: PathBuf,
    /// Begins a new archive although the device has attested before.
    pub new_archive: bool,
    /// How to read the files.
    pub source: feed::Options,
    /// The source files, in order.
    pub files: Vec<PathBuf>,
    /// The most readings in a batch.
    pub batch_size: u32,
    /// The most batches in a transaction.
    pub per_transaction: usize,
    /// The most transactions on their way.
    pub in_flight: usize,
    /// The pause before sending again after a failure that can pass.
    pub pause: Duration,
}

/// How attesting goes on.
#[derive(Clone, Debug)]
pub enum Progress {
    /// Readings were found on the chain or in the archive, from an earlier run.
    Resumed {
        /// Attested by an earlier run, noted now.
        settled: u64,
        /// Prepared by an earlier run, sent now.
        unsent: u64,
    },
    /// Readings were signed and put into the archive.
    Prepared(u64),
    /// Readings are final.
    Final(u64),
    /// Something went wrong that may pass.
    Trouble(String),
}

/// What was done.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The device.
    pub device: DeviceId,
    /// Readings that became final in this run.
    pub attested: u64,
    /// Of them, attested by an earlier run that did not live to see it.
    pub resumed: u64,
    /// Batches that became final in this run.
    pub batches: u64,
    /// The sequence number that the next reading will have.
    #[serde(serialize_with = "decimal")]
    pub next_sequence: u64,
    /// The block of the last batch that became final.
    pub block: Option<u32>,
    /// What is in the files given, over all runs.
    pub files: Totals,
}

/// Sequence numbers are decimal strings in JSON, as all over the ledger.
fn decimal<S: serde::Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// Makes the leaves of a batch and signs it.
///
/// The readings must be some, and `signer` hold the device's key of `epoch`.
pub fn seal<'a>(
    genesis: &Hash,
    device: DeviceId,
    epoch: Epoch,
    first_sequence: u64,
    readings: impl IntoIterator<Item = (&'a Row, &'a [u8])>,
    signer: &DeviceSigner,
) -> (SignedBatch, Vec<String>) {
    let (mut tree, mut leaves) = (MemoryTree::<Portable>::new(), Vec::new());
    let (mut window_start, mut window_end, mut count) = (Moment::MAX, 0, 0u32);
    for (sequence, (row, raw)) in (first_sequence..).zip(readings) {
        let leaf = leaf(device, sequence, row, raw);
        tree.push(leaf_hash::<Portable>(leaf.as_bytes()));
        leaves.push(leaf);
        window_start = window_start.min(row.observed);
        window_end = window_end.max(row.observed);
        count += 1;
    }
    let batch = Batch {
        device,
        epoch,
        schema: SchemaId::READING_V1,
        first_sequence,
        count,
        missing: 0,
        window_start,
        window_end,
        root: tree.root(),
        expires: time::now() + VALIDITY,
    };
    (sign(genesis, batch, signer), leaves)
}

/// The canonical JSON of a reading.
pub fn leaf(device: DeviceId, sequence: u64, row: &Row, raw: &[u8]) -> String {
    let observed_at = time::format_utc(row.observed);
    let reading = Reading { device, sequence, observed_at, raw, observation: row.observation.clone() };
    String::from_utf8(reading.leaf_bytes()).expect("canonical JSON is UTF-8; qed")
}

/// Signs a batch.
pub fn sign(genesis: &Hash, batch: Batch, signer: &DeviceSigner) -> SignedBatch {
    let statement = BatchStatement { genesis, algorithm: AlgorithmId::ED25519, batch: &batch }.to_bytes();
    SignedBatch { signature: signer.sign(&statement), batch }
}

/// Attests the files' readings that are not attested yet, and waits until they are final.
///
/// # Errors
///
/// [`AttestError`]; the archive is consistent after any of them, and the same call goes on where it ended.
pub async fn run<C: Chain>(
    chain: &C,
    options: Options,
    signer: &DeviceSigner,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, AttestError> {
    let (device, directory) = (options.device, options.directory.clone());
    let info = chain.device(device).await?.ok_or(AttestError::NoDevice(device))?;
    let epoch = epoch_of(&info, device, signer)?;
    if !Archive::exists(&directory) && info.next_sequence > 0 && !options.new_archive {
        return Err(AttestError::ArchiveMissing { device, next: info.next_sequence, directory });
    }
    let archive = Archive::open_or_create(&directory, chain.genesis(), device, info.next_sequence)?;
    let mut source = options.source.clone();
    if let Some(known) = archive.sensor() {
        let asked = source.sensor.get_or_insert_with(|| known.to_owned());
        if asked != known {
            let (archive, asked) = (known.to_owned(), asked.clone());
            return Err(ArchiveError::OtherSensor { path: directory, archive, asked }.into());
        }
    }
    let feed = Feed::new(source, options.files.clone(), archive.files()?, archive.last_observed()?)?;
    let report = Report {
        device,
        attested: 0,
        resumed: 0,
        batches: 0,
        next_sequence: archive.next_sequence()?,
        block: None,
        files: Totals::default(),
    };
    let run = Run { chain, options, signer, archive, feed, epoch, ended: false, report, progress };
    run.run_to_the_end().await
}

/// The epoch whose key `signer` has.
fn epoch_of(info: &DeviceInfo, device: DeviceId, signer: &DeviceSigner) -> Result<Epoch, AttestError> {
    if info.status != DeviceStatus::Active {
        return Err(AttestError::NotActive { device, status: info.status });
    }
    let key = signer.key();
    if info.key == key {
        return Ok(info.epoch);
    }
    match (&info.previous, info.epoch.checked_sub(1)) {
        (Some((previous, until)), Some(epoch)) if *previous == key && time::now() < *until => Ok(epoch),
        _ => Err(AttestError::WrongKey {
            device,
            epoch: info.epoch,
            expected: info.key.public_key.to_vec(),
            given: signer.public(),
        }),
    }
}

struct Run<'a, C> {
    chain: &'a C,
    options: Options,
    signer: &'a DeviceSigner,
    archive: Archive,
    feed: Feed,
    epoch: Epoch,
    ended: bool,
    report: Report,
    progress: &'a mut dyn FnMut(Progress),
}

/// A transaction's batches and what became of it.
type Sent = (Vec<SignedBatch>, Result<Vec<Result<Receipt, Refusal>>, SendError>);

/// Why batches are not attested.
enum Problem {
    Send(SendError),
    Refused { first_sequence: u64, refusal: Refusal },
}

impl<C: Chain> Run<'_, C> {
    async fn run_to_the_end(mut self) -> Result<Report, AttestError> {
        let mut failures = 0;
        let mut queue = self.reconcile().await?;
        self.report.resumed = self.report.attested;
        (self.progress)(Progress::Resumed {
            settled: self.report.resumed,
            unsent: queue.iter().map(|signed| u64::from(signed.batch.count)).sum(),
        });
        self.chain.begin().await?;
        let mut flight: FuturesOrdered<LocalBoxFuture<'_, Sent>> = FuturesOrdered::new();
        let chain = self.chain;
        loop {
            while flight.len() < self.options.in_flight {
                let group = self.next_group(&mut queue)?;
                if group.is_empty() {
                    break;
                }
                let sent = chain.submit(group.clone());
                flight.push_back(Box::pin(async move { (group, sent.await) }));
            }
            let Some((group, result)) = flight.next().await else { break };
            let Some(problem) = self.take(group, result)? else {
                failures = 0;
                continue;
            };
            failures += 1;
            let words = problem.to_string();
            if !problem.may_pass() {
                return Err(problem.into());
            }
            if failures > MOST_FAILURES {
                return Err(AttestError::Stuck { attempts: failures, last: words });
            }
            (self.progress)(Progress::Trouble(words));
            // The batches after it cannot be attested before it.
            flight = FuturesOrdered::new();
            tokio::time::sleep(self.options.pause * failures).await;
            let settled = self.archive.settled()?;
            queue = self.reconcile().await?;
            if self.archive.settled()? > settled {
                failures = 0;
            }
            self.chain.begin().await?;
        }
        self.archive.write_rejects()?;
        self.report.next_sequence = self.archive.next_sequence()?;
        self.report.files = self.archive.totals(self.feed.opened())?;
        Ok(self.report)
    }

    /// Notes what became of a transaction. Gives the first problem.
    fn take(
        &mut self,
        group: Vec<SignedBatch>,
        result: Result<Vec<Result<Receipt, Refusal>>, SendError>,
    ) -> Result<Option<Problem>, AttestError> {
        let outcomes = match result {
            Ok(outcomes) => outcomes,
            Err(SendError::Failed(refusal)) => {
                let first_sequence = group.first().map(|signed| signed.batch.first_sequence).unwrap_or_default();
                return Ok(Some(Problem::Refused { first_sequence, refusal }));
            }
            Err(error) => return Ok(Some(Problem::Send(error))),
        };
        let mut problem = None;
        for (signed, outcome) in group.iter().zip(outcomes) {
            match outcome {
                Ok(receipt) => self.settle(signed, receipt)?,
                Err(refusal) => {
                    let first_sequence = signed.batch.first_sequence;
                    problem.get_or_insert(Problem::Refused { first_sequence, refusal });
                }
            }
        }
        Ok(problem)
    }

    fn settle(&mut self, signed: &SignedBatch, receipt: Receipt) -> Result<(), AttestError> {
        self.archive.settle(signed, receipt)?;
        let readings = u64::from(signed.batch.count);
        self.report.attested += readings;
        self.report.batches += 1;
        self.report.block = self.report.block.max(Some(receipt.block));
        (self.progress)(Progress::Final(readings));
        Ok(())
    }

    /// The batches of the next transaction: what waits in the queue, or what the files still have.
    fn next_group(&mut self, queue: &mut VecDeque<SignedBatch>) -> Result<Vec<SignedBatch>, AttestError> {
        while queue.len() < self.options.per_transaction && !self.ended {
            queue.extend(self.prepare()?);
        }
        let batches = queue.len().min(self.options.per_transaction);
        Ok(queue.drain(..batches).collect())
    }

    /// Reads on and puts the next batch into the archive. `None` when there was no reading, or nothing at all any more.
    fn prepare(&mut self) -> Result<Option<SignedBatch>, AttestError> {
        let most = usize::try_from(self.options.batch_size).unwrap_or(usize::MAX).max(1);
        let chunk = self.feed.next_chunk(most)?;
        self.ended = chunk.is_empty();
        if chunk.accepted.is_empty() {
            if !self.ended {
                self.archive.commit(&chunk, None, None)?;
            }
            return Ok(None);
        }
        let first = self.archive.next_sequence()?;
        let readings = chunk.accepted.iter().map(|accepted| (&accepted.row, accepted.raw.as_slice()));
        let genesis = self.archive.genesis();
        let (signed, leaves) = seal(genesis, self.archive.device(), self.epoch, first, readings, self.signer);
        self.archive.commit(&chunk, self.feed.sensor(), Some((&signed, &leaves)))?;
        (self.progress)(Progress::Prepared(u64::from(signed.batch.count)));
        Ok(Some(signed))
    }

    /// Compares the archive with the finalised chain: settles the batches that are there and gives those that are not,
    /// ready to be sent.
    async fn reconcile(&mut self) -> Result<VecDeque<SignedBatch>, AttestError> {
        let device = self.archive.device();
        let directory = self.options.directory.clone();
        let (settled, prepared) = (self.archive.settled()?, self.archive.next_sequence()?);
        let info = self.synced_to(device, settled).await?;
        self.epoch = epoch_of(&info, device, self.signer)?;
        let chain = info.next_sequence;
        if chain < settled {
            return Err(AttestError::ChainBehind { chain, archive: settled, directory });
        }
        if chain > prepared {
            return Err(AttestError::ChainAhead { device, chain, archive: prepared, directory });
        }
        let mut unsent = VecDeque::new();
        for signed in self.archive.unsettled()? {
            let first_sequence = signed.batch.first_sequence;
            if first_sequence >= chain {
                unsent.push_back(self.fresh(signed)?);
                continue;
            }
            let (found, receipt) = self.find(first_sequence).await?;
            if !is_same(&found.batch, &signed.batch) {
                return Err(AttestError::OtherBatch { device, first_sequence, directory });
            }
            self.settle(&found, receipt)?;
        }
        Ok(unsent)
    }

    /// The device, when the node knows of the readings that are final, or after having waited for that in vain: a node that
    /// was restarted may be behind for a while.
    async fn synced_to(&mut self, device: DeviceId, settled: u64) -> Result<DeviceInfo, AttestError> {
        let mut questions = 1;
        loop {
            let info = self.chain.device(device).await?.ok_or(AttestError::NoDevice(device))?;
            if info.next_sequence >= settled || questions == MOST_QUESTIONS {
                return Ok(info);
            }
            if questions == 1 {
                (self.progress)(Progress::Trouble("the node is behind; waiting for it".into()));
            }
            questions += 1;
            tokio::time::sleep(self.options.pause).await;
        }
    }

    /// The batch with a signature that the ledger takes: of this epoch, and valid for a while.
    fn fresh(&mut self, signed: SignedBatch) -> Result<SignedBatch, AttestError> {
        let now = time::now();
        if signed.batch.epoch == self.epoch && signed.batch.expires >= now + MARGIN {
            return Ok(signed);
        }
        let batch = Batch { epoch: self.epoch, expires: now + VALIDITY, ..signed.batch };
        let signed = sign(self.archive.genesis(), batch, self.signer);
        self.archive.sign_again(&signed)?;
        Ok(signed)
    }

    /// The attested batch that has a reading, which the chain is known to have.
    async fn find(&self, sequence: u64) -> Result<(SignedBatch, Receipt), AttestError> {
        for _ in 0..MOST_QUESTIONS {
            if let Some(found) = self.chain.batch(self.archive.device(), sequence).await? {
                return Ok(found);
            }
            tokio::time::sleep(self.options.pause).await;
        }
        Err(AttestError::IndexBehind(sequence))
    }
}

/// Whether two batches say the same about the same readings; key and expiry may differ.
fn is_same(a: &Batch, b: &Batch) -> bool {
    Batch { epoch: b.epoch, expires: b.expires, ..a.clone() } == *b
}

impl Problem {
    /// Whether sending again can help: because a batch before was not there yet, this one was there already, or the
    /// signature, the clock or the block was not right *yet*.
    fn may_pass(&self) -> bool {
        const PASSING: [&str; 9] = [
            "Attestations::SequenceReplayed",
            "Attestations::SequenceOverlap",
            "Attestations::UndeclaredGap",
            "Attestations::WrongGap",
            "Attestations::BatchExpired",
            "Attestations::WindowInFuture",
            "Attestations::UnknownEpoch",
            "Attestations::EpochExpired",
            "Exhausted",
        ];
        match self {
            Self::Send(error) => error.is_passing(),
            Self::Refused { refusal, .. } => {
                PASSING.contains(&refusal.name.as_str()) || refusal.name.starts_with("Journal::")
            }
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Send(error) => error.fmt(f),
            Self::Refused { first_sequence, refusal } => {
                write!(f, "the batch from reading {first_sequence}: {refusal}")
            }
        }
    }
}

impl From<Problem> for AttestError {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Send(error) => Self::Send(error),
            Problem::Refused { first_sequence, refusal } => Self::Refused { first_sequence, refusal },
        }
    }
}
