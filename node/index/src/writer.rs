//! Writing blocks: everything that a block adds, and the position after it, in one transaction.

use crate::{
    content::{self, BlockRows, Section},
    database::{
        first, values, Access, Connection, Transaction,
        Value::{self, Blob, Integer, Null, Text},
    },
    extrinsics,
    names::names,
    Error, Inconsistency,
};
use citynet_merkle::{leaf_hash, Portable, RightEdge};
use citynet_primitives::{
    Batch, Body, DatasetId, DeviceId, DeviceProfile, Entry, GrantId, Hash, ObligationInfo, OrganisationId, Source,
    Subject, Terms, TreeHead, VersionContent, VersionId,
};
use codec::{Decode, DecodeAll, Encode};
use sp_runtime::OpaqueExtrinsic;
use std::collections::BTreeSet;

/// What the index takes from a finalised block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalisedBlock {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: Hash,
    /// The hash of the block before it.
    pub parent: Hash,
    /// The tree head that its header commits to.
    pub head: TreeHead,
    /// The records that it wrote, in order.
    pub entries: Vec<Entry>,
    /// Its extrinsics, in order.
    pub extrinsics: Vec<OpaqueExtrinsic>,
}

/// The last block that the index holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: Hash,
    /// How many batches were attested up to it.
    pub attestations: u64,
    /// The right edge of the tree after it.
    edge: RightEdge,
}

impl Position {
    /// How many records there are up to this block.
    pub fn records(&self) -> u64 {
        self.edge.size()
    }

    /// The tree's root after this block.
    pub fn root(&self) -> Hash {
        self.edge.root::<Portable>()
    }
}

/// Reads where the index stands.
pub(crate) fn position(connection: &dyn Connection) -> Result<Option<Position>, Error> {
    first(connection, "SELECT number, hash, attestations, edge FROM cursor WHERE id = 0", &[], |row| {
        let edge = decode(&row.get::<Vec<u8>>(3)?)?;
        Ok(Position { number: row.get(0)?, hash: row.get(1)?, attestations: row.get(2)?, edge })
    })
}

/// Writes blocks and the position after the last of them. Without blocks it only reads the position.
pub(crate) fn append(connection: &dyn Connection, blocks: &[FinalisedBlock]) -> Result<Option<Position>, Error> {
    if blocks.is_empty() {
        return position(connection);
    }
    let transaction = Transaction::begin(connection, Access::Write)?;
    let mut position = position(&*transaction)?;
    let mut content = match &position {
        Some(held) => content::after(&*transaction, held.number)?.ok_or(Error::NoContent(held.number))?,
        None => content::before_all(&*transaction)?,
    };
    for block in blocks {
        let (next, after) = write_block(&*transaction, position, &content, block)?;
        (position, content) = (Some(next), after);
    }
    if let Some(position) = &position {
        let Position { number, hash, attestations, edge } = position;
        transaction.execute(
            "INSERT INTO cursor (id, number, hash, attestations, edge) VALUES (0, ?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash,
                 attestations = excluded.attestations, edge = excluded.edge",
            &values![number, hash, integer(*attestations)?, edge.encode()],
        )?;
    }
    transaction.commit()?;
    Ok(position)
}

/// Writes a block. Returns the position and the content hash after it.
fn write_block(
    connection: &dyn Connection,
    before: Option<Position>,
    content: &Hash,
    block: &FinalisedBlock,
) -> Result<(Position, Hash), Error> {
    let inconsistent = |reason| Error::Inconsistent { number: block.number, reason };
    let mut position = match before {
        None if block.number == 0 => {
            Position { number: 0, hash: block.hash, attestations: 0, edge: RightEdge::default() }
        }
        Some(before) if before.number.checked_add(1) == Some(block.number) && before.hash == block.parent => {
            Position { number: block.number, hash: block.hash, ..before }
        }
        None | Some(_) => return Err(inconsistent(Inconsistency::NotNext)),
    };
    let mut rows = BlockRows::new(connection);
    for entry in &block.entries {
        let record = &entry.record;
        let expected = position.edge.size();
        if record.index != expected {
            return Err(inconsistent(Inconsistency::Index { expected, found: record.index }));
        }
        if record.block != block.number {
            return Err(inconsistent(Inconsistency::Block { index: record.index, found: record.block }));
        }
        let encoded = record.encode();
        let leaf = leaf_hash::<Portable>(&encoded);
        let mut nodes = Vec::new();
        position
            .edge
            .push_with::<Portable>(leaf, |level, at, hash| {
                if level > 0 {
                    nodes.push((level, at, *hash));
                }
            })
            .map_err(|_| inconsistent(Inconsistency::Full))?;
        for (level, at, hash) in nodes {
            rows.insert(Section::Nodes, &[Integer(level.into()), Integer(integer(at)?), Blob(&hash)])?;
        }
        write_entry(&mut rows, entry, &leaf, &encoded)?;
        if matches!(record.body, Body::BatchAttested { .. }) {
            position.attestations = position.attestations.saturating_add(1);
        }
    }
    let records = TreeHead { size: position.records(), root: position.root() };
    if records != block.head {
        return Err(inconsistent(Inconsistency::TreeHead { header: block.head, records }));
    }
    for (position, extrinsic) in (0u32..).zip(&block.extrinsics) {
        let signer = extrinsics::signer(extrinsic);
        rows.insert(
            Section::Extrinsics,
            &[
                Integer(block.number.into()),
                Integer(position.into()),
                Blob(&extrinsics::hash(extrinsic)),
                signer.as_ref().map_or(Null, |account| Blob(account)),
            ],
        )?;
    }
    let content = rows.seal(block.number, &block.hash, &records, content)?;
    Ok((position, content))
}

fn write_entry(rows: &mut BlockRows<'_>, entry: &Entry, leaf: &Hash, encoded: &[u8]) -> Result<(), Error> {
    let record = &entry.record;
    let index = integer(record.index)?;
    let kind = Text(record.body.kind());
    rows.insert(
        Section::Records,
        &[
            Integer(index),
            Integer(record.block.into()),
            Integer(integer(record.time)?),
            Integer(record.organisation.0.into()),
            Blob(&record.account),
            kind,
            Blob(leaf),
            Blob(encoded),
            Blob(&entry.subjects.encode()),
        ],
    )?;
    // In the order of their keys, which is that of the content hash.
    let subjects = entry.subjects.iter().map(subject_key).collect::<Result<BTreeSet<_>, _>>()?;
    for (subject, id) in subjects {
        rows.insert(Section::Subjects, &[Integer(subject), Integer(id), kind, Integer(index)])?;
    }
    let named: BTreeSet<_> = names(&record.body).iter().map(|thing| thing.key()).collect();
    for (thing, id) in &named {
        rows.insert(Section::Names, &[Integer(*thing), Blob(id), kind, Integer(index)])?;
    }
    write_body(rows, &record.body, index)
}

/// Writes what only some kinds of records add.
fn write_body(rows: &mut BlockRows<'_>, body: &Body, index: i64) -> Result<(), Error> {
    match body {
        Body::DeviceRegistered { device, owner, profile, .. } => {
            write_device(rows, *device, *owner, profile, index)?;
            write_key(rows, *device, 0, index)
        }
        Body::DeviceKeyRotated { device, epoch, .. } => write_key(rows, *device, *epoch, index),
        Body::BatchAttested { batch, .. } => write_batch(rows, batch, index),
        Body::DatasetRegistered { dataset, .. } => {
            rows.insert(Section::Datasets, &[Integer(integer(dataset.0)?), Integer(index)])
        }
        Body::DatasetDevicesChanged { dataset, added, removed } => write_feeds(rows, *dataset, added, removed, index),
        Body::VersionPublished { dataset, version, content } => {
            write_version(rows, VersionId { dataset: *dataset, version: *version }, content, index)
        }
        Body::GrantRequested { grant, supersedes, terms } => write_grant(rows, *grant, None, *supersedes, terms, index),
        Body::GrantOffered { grant, parent, supersedes, terms, .. } => {
            write_grant(rows, *grant, *parent, *supersedes, terms, index)
        }
        Body::ObligationCreated { obligation, info } | Body::ObligationReversed { obligation, info, .. } => {
            write_obligation(rows, *obligation, info, index)
        }
        Body::OrganisationRegistered { .. }
        | Body::AccountAdded { .. }
        | Body::AccountRolesChanged { .. }
        | Body::AccountRemoved { .. }
        | Body::OrganisationProfileChanged { .. }
        | Body::OrganisationStatusChanged { .. }
        | Body::OrganisationKindChanged { .. }
        | Body::RecoveryStarted { .. }
        | Body::RecoveryObjected { .. }
        | Body::RecoveryCompleted { .. }
        | Body::ValidatorRegistered { .. }
        | Body::ValidatorKeysChanged { .. }
        | Body::ValidatorWithdrawn { .. }
        | Body::ValidatorSuspended { .. }
        | Body::ValidatorReinstated { .. }
        | Body::ValidatorSilent { .. }
        | Body::DeviceSuspended { .. }
        | Body::DeviceResumed { .. }
        | Body::DeviceRetired { .. }
        | Body::DeviceDistrusted { .. }
        | Body::DatasetChanged { .. }
        | Body::DatasetOffered { .. }
        | Body::DatasetTransferred { .. }
        | Body::VersionFlagged { .. }
        | Body::PeerAdded { .. }
        | Body::PeerRemoved { .. }
        | Body::MotionProposed { .. }
        | Body::MotionVoted { .. }
        | Body::MotionClosed { .. }
        | Body::ParameterChanged { .. }
        | Body::UpgradeScheduled { .. }
        | Body::GrantAdvanced { .. }
        | Body::GrantStateChanged { .. }
        | Body::AccessReported { .. }
        | Body::AccessContested { .. }
        | Body::RefusalsReported { .. }
        | Body::CodeAdded { .. }
        | Body::CurrencyCreated { .. }
        | Body::Deposited { .. }
        | Body::WithdrawalRequested { .. }
        | Body::WithdrawalPaid { .. }
        | Body::WithdrawalReturned { .. }
        | Body::PriceHeld { .. }
        | Body::PriceReleased { .. }
        | Body::PricePaid { .. }
        | Body::UsageStated { .. }
        | Body::UsageDisputed { .. }
        | Body::UsageRuled { .. }
        | Body::ObligationPaid { .. }
        | Body::PaymentDeclared { .. }
        | Body::PaymentAnswered { .. }
        | Body::DeclarationWithdrawn { .. }
        | Body::CycleOpened { .. }
        | Body::CycleComputed { .. }
        | Body::CycleDefaulted { .. }
        | Body::CycleSettled { .. } => Ok(()),
    }
}

fn write_device(
    rows: &mut BlockRows<'_>,
    device: DeviceId,
    owner: OrganisationId,
    profile: &DeviceProfile,
    index: i64,
) -> Result<(), Error> {
    let (id, profile) = (integer(device.0)?, profile.encode());
    rows.insert(Section::Devices, &[Integer(id), Integer(owner.0.into()), Blob(&profile), Integer(index)])
}

fn write_key(rows: &mut BlockRows<'_>, device: DeviceId, epoch: u32, index: i64) -> Result<(), Error> {
    rows.insert(Section::DeviceKeys, &[Integer(integer(device.0)?), Integer(epoch.into()), Integer(index)])
}

fn write_batch(rows: &mut BlockRows<'_>, batch: &Batch, index: i64) -> Result<(), Error> {
    rows.insert(
        Section::Batches,
        &[
            Integer(integer(batch.device.0)?),
            Blob(&batch.first_sequence.to_be_bytes()),
            Integer(batch.count.into()),
            Blob(&batch.missing.to_be_bytes()),
            Integer(integer(batch.window_end)?),
            Blob(&batch.root),
            Integer(index),
        ],
    )
}

/// Ends the periods of the devices that were removed, and begins those of the devices that were added.
fn write_feeds(
    rows: &mut BlockRows<'_>,
    dataset: DatasetId,
    added: &[DeviceId],
    removed: &[DeviceId],
    index: i64,
) -> Result<(), Error> {
    let dataset = integer(dataset.0)?;
    let in_order =
        |devices: &[DeviceId]| devices.iter().map(|device| integer(device.0)).collect::<Result<BTreeSet<_>, _>>();
    for device in in_order(removed)? {
        rows.end_feed(dataset, device, index)?;
    }
    for device in in_order(added)? {
        rows.insert(Section::Feeds, &[dataset, device, index].map(Integer))?;
    }
    Ok(())
}

fn write_version(rows: &mut BlockRows<'_>, made: VersionId, content: &VersionContent, index: i64) -> Result<(), Error> {
    let (dataset, version) = (Integer(integer(made.dataset.0)?), Integer(made.version.into()));
    let (from, to) = (integer(content.from)?, integer(content.to)?);
    rows.insert(Section::Versions, &[dataset, version, Integer(from), Integer(to), Integer(index)])?;
    for (position, source) in (0u32..).zip(&content.sources) {
        let (kind, from, first, last, grant) = match source {
            Source::Version { dataset, version, grant } => {
                let version = u64::from(*version);
                (0, dataset.0, version, version, grant)
            }
            Source::Batches { device, first_sequence, last_sequence, grant } => {
                (1, device.0, *first_sequence, *last_sequence, grant)
            }
            Source::External { .. } => continue,
        };
        rows.insert(
            Section::Sources,
            &[
                dataset,
                version,
                Integer(position.into()),
                Integer(kind),
                Integer(integer(from)?),
                Blob(&first.to_be_bytes()),
                Blob(&last.to_be_bytes()),
                optional_grant(*grant)?,
                Integer(index),
            ],
        )?;
    }
    Ok(())
}

/// Only what first says so: other terms of the same grant are about the same dataset and parties.
fn write_grant(
    rows: &mut BlockRows<'_>,
    grant: GrantId,
    parent: Option<GrantId>,
    supersedes: Option<GrantId>,
    terms: &Terms,
    index: i64,
) -> Result<(), Error> {
    rows.insert_first(
        Section::Grants,
        &[
            Integer(integer(grant.0)?),
            Integer(integer(terms.dataset.0)?),
            Integer(terms.provider.0.into()),
            Integer(terms.consumer.0.into()),
            optional_grant(parent)?,
            optional_grant(supersedes)?,
            Integer(index),
        ],
    )
}

fn optional_grant(grant: Option<GrantId>) -> Result<Value<'static>, Error> {
    Ok(grant.map(|grant| integer(grant.0)).transpose()?.map_or(Null, Integer))
}

fn write_obligation(rows: &mut BlockRows<'_>, id: u64, info: &ObligationInfo, index: i64) -> Result<(), Error> {
    rows.insert(
        Section::Obligations,
        &[
            Integer(integer(id)?),
            Integer(info.currency.into()),
            Integer(info.debtor.0.into()),
            Integer(info.creditor.0.into()),
            Integer(integer(info.grant.0)?),
            Integer(index),
        ],
    )
}

/// How a subject is keyed: its codec index, and its number. That of a cycle is its currency's in the upper half, which
/// makes some negative: they are looked up, never compared.
pub(crate) fn subject_key(subject: &Subject) -> Result<(i64, i64), Error> {
    Ok(match subject {
        Subject::Organisation(id) => (0, i64::from(id.0)),
        Subject::Dataset(id) => (1, integer(id.0)?),
        Subject::Device(id) => (2, integer(id.0)?),
        Subject::Grant(id) => (3, integer(id.0)?),
        Subject::Cycle(id) => (4, (i64::from(id.currency) << 32) | i64::from(id.number)),
    })
}

/// A number that the chain keeps below 2^63, as the database holds it.
pub(crate) fn integer(number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::OutOfRange(number))
}

pub(crate) fn decode<T: Decode>(bytes: &[u8]) -> Result<T, Error> {
    T::decode_all(&mut &*bytes).map_err(Error::Stored)
}
