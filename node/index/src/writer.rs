//! Writing blocks: everything that a block adds, and the position after it, in one transaction.

use crate::{Error, Inconsistency};
use citynet_merkle::{leaf_hash, Portable, RightEdge};
use citynet_primitives::{
    Body, DatasetId, DeviceId, Entry, GrantId, Hash, ObligationInfo, Source, Subject, Terms, TreeHead, VersionContent,
    VersionId,
};
use codec::{Decode, DecodeAll, Encode};
use rusqlite::{params, Connection, OptionalExtension, TransactionBehavior};

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
pub(crate) fn position(connection: &Connection) -> Result<Option<Position>, Error> {
    let row = connection
        .prepare_cached("SELECT number, hash, attestations, edge FROM cursor WHERE id = 0")?
        .query_row((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Vec<u8>>(3)?)))
        .optional()?;
    row.map(|(number, hash, attestations, edge)| Ok(Position { number, hash, attestations, edge: decode(&edge)? }))
        .transpose()
}

/// Writes blocks and the position after the last of them. Without blocks it only reads the position.
pub(crate) fn append(connection: &mut Connection, blocks: &[FinalisedBlock]) -> Result<Option<Position>, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut position = position(&transaction)?;
    for block in blocks {
        position = Some(write_block(&transaction, position, block)?);
    }
    if let Some(position) = &position {
        transaction
            .prepare_cached("REPLACE INTO cursor (id, number, hash, attestations, edge) VALUES (0, ?1, ?2, ?3, ?4)")?
            .execute(params![
                position.number,
                position.hash,
                integer(position.attestations)?,
                position.edge.encode()
            ])?;
    }
    transaction.commit()?;
    Ok(position)
}

fn write_block(connection: &Connection, before: Option<Position>, block: &FinalisedBlock) -> Result<Position, Error> {
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
            connection
                .prepare_cached("INSERT INTO nodes (level, position, hash) VALUES (?1, ?2, ?3)")?
                .execute(params![level, integer(at)?, hash])?;
        }
        write_entry(connection, entry, &leaf, &encoded)?;
        if matches!(record.body, Body::BatchAttested { .. }) {
            position.attestations = position.attestations.saturating_add(1);
        }
    }
    let records = TreeHead { size: position.records(), root: position.root() };
    if records != block.head {
        return Err(inconsistent(Inconsistency::TreeHead { header: block.head, records }));
    }
    connection
        .prepare_cached("INSERT INTO blocks (number, hash, tree_size, tree_root) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![block.number, block.hash, integer(records.size)?, records.root])?;
    Ok(position)
}

fn write_entry(connection: &Connection, entry: &Entry, leaf: &Hash, encoded: &[u8]) -> Result<(), Error> {
    let record = &entry.record;
    let index = integer(record.index)?;
    connection
        .prepare_cached(
            "INSERT INTO records (idx, block, time, organisation, account, kind, leaf, encoded, subjects)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            index,
            record.block,
            integer(record.time)?,
            record.organisation.0,
            record.account,
            record.body.kind(),
            leaf,
            encoded,
            entry.subjects.encode(),
        ])?;
    for subject in &entry.subjects {
        let (kind, id) = subject_key(subject)?;
        connection
            .prepare_cached("INSERT INTO subjects (kind, id, idx) VALUES (?1, ?2, ?3)")?
            .execute(params![kind, id, index])?;
    }
    match &record.body {
        Body::DeviceRegistered { device, owner, profile, .. } => {
            connection
                .prepare_cached("INSERT INTO devices (id, owner, profile, registered) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![integer(device.0)?, owner.0, profile.encode(), index])?;
            write_key(connection, integer(device.0)?, 0, index)
        }
        Body::DeviceKeyRotated { device, epoch, .. } => write_key(connection, integer(device.0)?, *epoch, index),
        Body::BatchAttested { batch, .. } => {
            connection
                .prepare_cached(
                    "INSERT INTO batches (device, first_sequence, count, missing, window_end, idx)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    integer(batch.device.0)?,
                    batch.first_sequence.to_be_bytes(),
                    batch.count,
                    batch.missing.to_be_bytes(),
                    integer(batch.window_end)?,
                    index
                ])?;
            Ok(())
        }
        Body::DatasetRegistered { dataset, .. } => {
            connection
                .prepare_cached("INSERT INTO datasets (id, idx) VALUES (?1, ?2)")?
                .execute(params![integer(dataset.0)?, index])?;
            Ok(())
        }
        Body::DatasetDevicesChanged { dataset, added, removed } => {
            write_feeds(connection, *dataset, added, removed, index)
        }
        Body::VersionPublished { dataset, version, content } => {
            write_version(connection, VersionId { dataset: *dataset, version: *version }, content, index)
        }
        Body::GrantRequested { grant, terms, .. } | Body::GrantOffered { grant, terms, .. } => {
            write_grant(connection, *grant, terms, index)
        }
        Body::ObligationCreated { obligation, info } => write_obligation(connection, *obligation, info, index),
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
        | Body::CycleOpened { .. }
        | Body::CycleComputed { .. }
        | Body::CycleDefaulted { .. }
        | Body::CycleSettled { .. } => Ok(()),
    }
}

fn write_key(connection: &Connection, device: i64, epoch: u32, index: i64) -> Result<(), Error> {
    connection
        .prepare_cached("INSERT INTO device_keys (device, epoch, idx) VALUES (?1, ?2, ?3)")?
        .execute(params![device, epoch, index])?;
    Ok(())
}

/// Ends the periods of the devices that were removed, and begins those of the devices that were added.
fn write_feeds(
    connection: &Connection,
    dataset: DatasetId,
    added: &[DeviceId],
    removed: &[DeviceId],
    index: i64,
) -> Result<(), Error> {
    let dataset = integer(dataset.0)?;
    for device in removed {
        connection
            .prepare_cached("UPDATE feeds SET removed = ?3 WHERE device = ?1 AND dataset = ?2 AND removed IS NULL")?
            .execute(params![integer(device.0)?, dataset, index])?;
    }
    for device in added {
        connection
            .prepare_cached("INSERT INTO feeds (dataset, device, added) VALUES (?1, ?2, ?3)")?
            .execute(params![dataset, integer(device.0)?, index])?;
    }
    Ok(())
}

fn write_version(connection: &Connection, made: VersionId, content: &VersionContent, index: i64) -> Result<(), Error> {
    let dataset = integer(made.dataset.0)?;
    connection
        .prepare_cached(
            "INSERT INTO versions (dataset, version, window_start, window_end, idx) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![dataset, made.version, integer(content.from)?, integer(content.to)?, index])?;
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
        connection
            .prepare_cached(
                "INSERT INTO sources (dataset, version, position, kind, source, first, last, used_grant)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                dataset,
                made.version,
                position,
                kind,
                integer(from)?,
                first.to_be_bytes(),
                last.to_be_bytes(),
                grant.map(|grant| integer(grant.0)).transpose()?,
            ])?;
    }
    Ok(())
}

/// Only what first says so: other terms of the same grant are about the same dataset and parties.
fn write_grant(connection: &Connection, grant: GrantId, terms: &Terms, index: i64) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO grants (id, dataset, provider, consumer, idx) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![integer(grant.0)?, integer(terms.dataset.0)?, terms.provider.0, terms.consumer.0, index])?;
    Ok(())
}

fn write_obligation(connection: &Connection, id: u64, info: &ObligationInfo, index: i64) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO obligations (id, currency, debtor, creditor, billed_grant, idx)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![integer(id)?, info.currency, info.debtor.0, info.creditor.0, integer(info.grant.0)?, index])?;
    Ok(())
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

/// A number that the chain keeps below 2^63, as SQLite holds it.
pub(crate) fn integer(number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::OutOfRange(number))
}

pub(crate) fn decode<T: Decode>(bytes: &[u8]) -> Result<T, Error> {
    T::decode_all(&mut &*bytes).map_err(Error::Stored)
}
