//! What is found for a text, as it goes over the wire.

use crate::{Anchor, Decimal, Error, Hex};
use citynet_index::{ExtrinsicId, Hit, Place, Snapshot, Thing};
use citynet_primitives::{
    print_uuid, BatchId, CycleId, DatasetId, DeviceId, GrantId, OrganisationId, PeerId, VersionId,
};
use serde::Serialize;

/// Answer of `citynet_search`.
#[derive(Clone, Debug, Serialize)]
pub struct SearchAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// What was found: at most 64.
    pub hits: Vec<HitView>,
    /// What the text was looked up as. Nothing where it has no form that is known, or names another chain.
    pub searched: Vec<PlaceView>,
    /// Whether these are all. Otherwise there are more hits.
    pub complete: bool,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum HitView {
    /// A block.
    Block {
        /// Its number.
        block: u32,
        /// Its hash.
        hash: Hex,
    },
    /// A transaction or an inherent.
    Extrinsic {
        /// The block that has it.
        block: u32,
        /// Its position in the block, from 0.
        position: u32,
        /// Its BLAKE2b-256 hash.
        hash: Hex,
        /// Who signed it, if that can be told.
        signer: Option<Hex>,
    },
    /// A record: it has this index, this leaf hash, or this hash in its body.
    Record {
        /// Its index.
        record: Decimal,
    },
    /// A batch of readings.
    Batch {
        /// The device.
        device: DeviceId,
        /// The sequence number of its first reading.
        first_sequence: Decimal,
        /// The record that attested it.
        record: Decimal,
    },
    /// A version of a dataset.
    Version {
        /// The dataset.
        dataset: DatasetId,
        /// The version's number.
        version: u32,
        /// The record that published it.
        record: Decimal,
    },
    /// An account.
    Account {
        /// Its key.
        account: Hex,
        /// The first record that names it.
        named: Option<Decimal>,
        /// The first record that it caused.
        acted: Option<Decimal>,
        /// The first transaction that it signed.
        signed: Option<PositionView>,
    },
    /// An organisation.
    Organisation {
        /// Its number.
        organisation: OrganisationId,
        /// The first record that names it.
        record: Decimal,
    },
    /// A dataset.
    Dataset {
        /// Its number.
        dataset: DatasetId,
        /// The first record that names it.
        record: Decimal,
    },
    /// A device.
    Device {
        /// Its number.
        device: DeviceId,
        /// The first record that names it.
        record: Decimal,
    },
    /// A grant.
    Grant {
        /// Its number.
        grant: GrantId,
        /// The first record that names it.
        record: Decimal,
    },
    /// A netting cycle.
    Cycle {
        /// Its currency.
        currency: u32,
        /// Its number.
        number: u32,
        /// The first record that names it.
        record: Decimal,
    },
    /// A currency.
    Currency {
        /// Its number.
        currency: u32,
        /// The first record that names it.
        record: Decimal,
    },
    /// An obligation.
    Obligation {
        /// Its number.
        obligation: Decimal,
        /// The first record that names it.
        record: Decimal,
    },
    /// A withdrawal.
    Withdrawal {
        /// Its number.
        withdrawal: Decimal,
        /// The first record that names it.
        record: Decimal,
    },
    /// A payment by bank.
    Payment {
        /// Its UETR, a UUID.
        uetr: String,
        /// The first record that names it.
        record: Decimal,
    },
    /// A motion of the council.
    Motion {
        /// Its number.
        motion: u32,
        /// The first record that names it.
        record: Decimal,
    },
    /// A node of the network.
    Peer {
        /// Its id.
        peer: PeerId,
        /// The first record that names it.
        record: Decimal,
    },
}

/// The place of an extrinsic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PositionView {
    /// The block.
    pub block: u32,
    /// Its position in the block, from 0.
    pub position: u32,
}

impl From<ExtrinsicId> for PositionView {
    fn from(ExtrinsicId { block, position }: ExtrinsicId) -> Self {
        Self { block, position }
    }
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        match hit {
            Hit::Block { number, hash } => Self::Block { block: number, hash: hash.into() },
            Hit::Extrinsic(found) => Self::Extrinsic {
                block: found.at.block,
                position: found.at.position,
                hash: found.hash.into(),
                signer: found.signer.map(Hex::from),
            },
            Hit::Record(record) => Self::Record { record: Decimal(record) },
            Hit::Batch { batch: BatchId { device, first_sequence }, record } => {
                Self::Batch { device, first_sequence: Decimal(first_sequence), record: Decimal(record) }
            }
            Hit::Version { version: VersionId { dataset, version }, record } => {
                Self::Version { dataset, version, record: Decimal(record) }
            }
            Hit::Account { account, named, acted, signed } => Self::Account {
                account: account.into(),
                named: named.map(Decimal),
                acted: acted.map(Decimal),
                signed: signed.map(PositionView::from),
            },
            Hit::Thing { thing, record } => Self::thing(thing, Decimal(record)),
        }
    }
}

impl HitView {
    fn thing(thing: Thing, record: Decimal) -> Self {
        match thing {
            Thing::Organisation(organisation) => Self::Organisation { organisation, record },
            Thing::Dataset(dataset) => Self::Dataset { dataset, record },
            Thing::Device(device) => Self::Device { device, record },
            Thing::Grant(grant) => Self::Grant { grant, record },
            Thing::Cycle(CycleId { currency, number }) => Self::Cycle { currency, number, record },
            Thing::Currency(currency) => Self::Currency { currency, record },
            Thing::Obligation(obligation) => Self::Obligation { obligation: Decimal(obligation), record },
            Thing::Withdrawal(withdrawal) => Self::Withdrawal { withdrawal: Decimal(withdrawal), record },
            Thing::Payment(uetr) => Self::Payment { uetr: print_uuid(&uetr), record },
            Thing::Motion(motion) => Self::Motion { motion, record },
            Thing::Account(account) => {
                Self::Account { account: account.into(), named: Some(record), acted: None, signed: None }
            }
            Thing::Peer(peer) => Self::Peer { peer, record },
            Thing::Hash(_) => Self::Record { record },
        }
    }
}

/// As what a text was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceView {
    /// The number of a block.
    BlockNumber,
    /// The hash of a block.
    BlockHash,
    /// The place of an extrinsic: block and position.
    ExtrinsicPlace,
    /// The BLAKE2b-256 hash of an extrinsic.
    ExtrinsicHash,
    /// The index of a record.
    RecordIndex,
    /// The leaf hash of a record.
    RecordLeaf,
    /// A hash or public key in the body of a record.
    RecordHash,
    /// A batch: device and first sequence number.
    Batch,
    /// The root of a batch.
    BatchRoot,
    /// A version: dataset and number.
    Version,
    /// An account: named by records, as the one that caused them, and as signer of transactions.
    Account,
    /// A node of the network.
    Peer,
    /// The UETR of a payment by bank.
    Payment,
    /// The number of an organisation.
    Organisation,
    /// The number of a dataset.
    Dataset,
    /// The number of a device.
    Device,
    /// The number of a grant.
    Grant,
    /// A netting cycle: currency and number.
    Cycle,
    /// The number of a currency.
    Currency,
    /// The number of an obligation.
    Obligation,
    /// The number of a withdrawal.
    Withdrawal,
    /// The number of a motion.
    Motion,
}

impl From<Place> for PlaceView {
    fn from(place: Place) -> Self {
        match place {
            Place::BlockNumber => Self::BlockNumber,
            Place::BlockHash => Self::BlockHash,
            Place::ExtrinsicId => Self::ExtrinsicPlace,
            Place::ExtrinsicHash => Self::ExtrinsicHash,
            Place::RecordIndex => Self::RecordIndex,
            Place::RecordLeaf => Self::RecordLeaf,
            Place::RecordHash => Self::RecordHash,
            Place::BatchId => Self::Batch,
            Place::BatchRoot => Self::BatchRoot,
            Place::Version => Self::Version,
            Place::Account => Self::Account,
            Place::Peer => Self::Peer,
            Place::Payment => Self::Payment,
            Place::Organisation => Self::Organisation,
            Place::Dataset => Self::Dataset,
            Place::Device => Self::Device,
            Place::Grant => Self::Grant,
            Place::CycleId => Self::Cycle,
            Place::Currency => Self::Currency,
            Place::Obligation => Self::Obligation,
            Place::Withdrawal => Self::Withdrawal,
            Place::Motion => Self::Motion,
        }
    }
}

/// What `citynet_search` answers.
///
/// # Errors
///
/// When the index fails.
pub fn search(snapshot: &Snapshot<'_>, text: &str) -> Result<SearchAnswer, Error> {
    let found = snapshot.search(text)?;
    Ok(SearchAnswer {
        anchor: snapshot.position().into(),
        hits: found.hits.into_iter().map(HitView::from).collect(),
        searched: found.searched.into_iter().map(PlaceView::from).collect(),
        complete: found.complete,
    })
}
