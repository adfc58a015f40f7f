//! Finding whatever a person holds in hand.
//!
//! A text is looked up as everything that it can be. The answer says what it was looked up as, so that nothing found means
//! exactly that: it is none of these in the finalised blocks of the snapshot.

use crate::{
    budget::Query,
    database::{values, Value},
    extrinsics::{ExtrinsicId, IndexedExtrinsic},
    names::Thing,
    read::{Filter, Snapshot, FEWER},
    schema,
    words::{address, bytes, decimal},
    writer::integer,
    Error,
};
use citynet_primitives::{
    parse_uuid, Account, BatchId, CycleId, DatasetId, DeviceId, GrantId, Hash, OrganisationId, PeerId, Uetr, VersionId,
};

/// How many hits an answer has at most.
pub const MAX_HITS: usize = 64;

/// A longer text is nothing that can be found.
const MAX_TEXT: usize = 256;

/// What was found, and where it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What was found: at most [`MAX_HITS`].
    pub hits: Vec<Hit>,
    /// What the text was looked up as. Nothing where it has no form that is known, or names another chain.
    pub searched: Vec<Place>,
    /// Whether that is all. Otherwise there are more hits.
    pub complete: bool,
}

/// Something that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A block.
    Block {
        /// Its number.
        number: u32,
        /// Its hash.
        hash: Hash,
    },
    /// An extrinsic.
    Extrinsic(IndexedExtrinsic),
    /// A record: it has this index, this leaf hash, or this hash in its body.
    Record(u64),
    /// A batch of readings.
    Batch {
        /// The batch.
        batch: BatchId,
        /// The record that attested it.
        record: u64,
    },
    /// A version of a dataset.
    Version {
        /// The version.
        version: VersionId,
        /// The record that published it.
        record: u64,
    },
    /// An account.
    Account {
        /// The account.
        account: Account,
        /// The first record that names it.
        named: Option<u64>,
        /// The first record that it caused.
        acted: Option<u64>,
        /// The first transaction that it signed.
        signed: Option<ExtrinsicId>,
    },
    /// Anything else that records name.
    Thing {
        /// What.
        thing: Thing,
        /// The first record that names it.
        record: u64,
    },
}

/// As what a text is looked up. Before a colon, the word of each is the one given here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The number of a block; `block:`.
    BlockNumber,
    /// The hash of a block; `block:`.
    BlockHash,
    /// The place of an extrinsic; `extrinsic:`.
    ExtrinsicId,
    /// The BLAKE2b-256 hash of an extrinsic; `extrinsic:`.
    ExtrinsicHash,
    /// The index of a record; `record:`.
    RecordIndex,
    /// The leaf hash of a record; `record:`.
    RecordLeaf,
    /// A hash or public key of 32 bytes in the body of a record, but for those of batches: of a version's content, a
    /// motion, terms, code, a bank's notification …; `hash:`, `terms:`.
    RecordHash,
    /// A batch, by its device and its first sequence number; `batch:`.
    BatchId,
    /// The root of a batch; `batch:`.
    BatchRoot,
    /// A version, by its dataset and number; `version:`, and also `dataset:`.
    Version,
    /// An account: named by records, as the one that caused them, and as signer of transactions; `account:`.
    Account,
    /// A node of the network; `peer:`.
    Peer,
    /// The UETR of a payment by bank; `payment:`.
    Payment,
    /// The number of an organisation; `organisation:`.
    Organisation,
    /// The number of a dataset; `dataset:`.
    Dataset,
    /// The number of a device; `device:`.
    Device,
    /// The number of a grant; `grant:`.
    Grant,
    /// A netting cycle, by its currency and number; `cycle:`.
    CycleId,
    /// The number of a currency; `currency:`.
    Currency,
    /// The number of an obligation; `obligation:`.
    Obligation,
    /// The number of a withdrawal; `withdrawal:`.
    Withdrawal,
    /// The number of a motion; `motion:`.
    Motion,
}

/// A text, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Number(u64),
    /// Two numbers with a dash between them.
    Pair(u64, u64),
    Version(VersionId),
    Hash(Hash),
    Account(Account),
    Peer(PeerId),
    Payment(Uetr),
}

impl Form {
    fn read(text: &str) -> Option<Self> {
        if let Some(number) = decimal(text) {
            return Some(Self::Number(number));
        }
        if text.contains('@') {
            return text.parse().ok().map(Self::Version);
        }
        if let Some((Some(first), Some(second))) =
            text.split_once('-').map(|(first, second)| (decimal(first), decimal(second)))
        {
            return Some(Self::Pair(first, second));
        }
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        if let Some(hash) = bytes(digits.unwrap_or(text)) {
            return Some(Self::Hash(hash));
        }
        if let Some(uetr) = digits.and_then(bytes).or_else(|| parse_uuid(text)) {
            return Some(Self::Payment(uetr));
        }
        if let Ok(peer) = text.parse() {
            return Some(Self::Peer(peer));
        }
        address(text).map(Self::Account)
    }

    /// As what it is looked up when nothing says what it is.
    fn places(&self) -> &'static [Place] {
        match self {
            Self::Number(_) => &[
                Place::BlockNumber,
                Place::RecordIndex,
                Place::Organisation,
                Place::Dataset,
                Place::Device,
                Place::Grant,
                Place::Currency,
                Place::Obligation,
                Place::Withdrawal,
                Place::Motion,
            ],
            Self::Pair(..) => &[Place::BatchId, Place::CycleId, Place::ExtrinsicId],
            Self::Version(_) => &[Place::Version],
            Self::Hash(_) => &[
                Place::BlockHash,
                Place::ExtrinsicHash,
                Place::RecordLeaf,
                Place::BatchRoot,
                Place::RecordHash,
                Place::Account,
                Place::Peer,
            ],
            Self::Account(_) => &[Place::Account],
            Self::Peer(_) => &[Place::Peer],
            Self::Payment(_) => &[Place::Payment],
        }
    }
}

impl Place {
    /// The places that a word before a colon stands for.
    fn of(word: &str) -> &'static [Self] {
        match word {
            "block" => &[Self::BlockNumber, Self::BlockHash],
            "extrinsic" => &[Self::ExtrinsicId, Self::ExtrinsicHash],
            "record" => &[Self::RecordIndex, Self::RecordLeaf],
            "hash" | "terms" => &[Self::RecordHash],
            "batch" => &[Self::BatchId, Self::BatchRoot],
            "version" => &[Self::Version],
            "account" => &[Self::Account],
            "peer" => &[Self::Peer],
            "payment" => &[Self::Payment],
            "organisation" => &[Self::Organisation],
            "dataset" => &[Self::Dataset, Self::Version],
            "device" => &[Self::Device],
            "grant" => &[Self::Grant],
            "cycle" => &[Self::CycleId],
            "currency" => &[Self::Currency],
            "obligation" => &[Self::Obligation],
            "withdrawal" => &[Self::Withdrawal],
            "motion" => &[Self::Motion],
            _ => &[],
        }
    }
}

impl Snapshot<'_> {
    /// Looks a text up as everything that it can be. Spaces around it do not matter.
    ///
    /// | text | looked up as |
    /// |---|---|
    /// | `7` | [`Place::BlockNumber`], [`Place::RecordIndex`], and the number of an organisation, dataset, device, grant, currency, obligation, withdrawal and motion |
    /// | `7@3` | [`Place::Version`] |
    /// | `7-3` | [`Place::BatchId`], [`Place::CycleId`] (currency and number), [`Place::ExtrinsicId`] (block and position) |
    /// | 64 hex digits, with or without `0x` | [`Place::BlockHash`], [`Place::ExtrinsicHash`], [`Place::RecordLeaf`], [`Place::BatchRoot`], [`Place::RecordHash`], [`Place::Account`], [`Place::Peer`] |
    /// | an SS58 address of any network | [`Place::Account`] |
    /// | `12D3KooW…` | [`Place::Peer`] |
    /// | a UUID, or `0x` and 32 hex digits | [`Place::Payment`] |
    /// | `device:7`, `version:7@3`, `record:7` … | that one; see [`Place`] for the words |
    /// | `urn:citynet:`, this chain's genesis hash, and `:device:7` … | the same |
    /// | `urn:uuid:` and a UUID | [`Place::Payment`] |
    ///
    /// Not looked up: titles, names and other words; hashes that are of something in a record but not in it, such as that of a
    /// grant's terms before it is advanced; and the `EndToEndId` of a payment, which is no part of a record.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn search(&self, text: &str) -> Result<Found, Error> {
        let mut found = Found { hits: Vec::new(), searched: Vec::new(), complete: true };
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_TEXT {
            return Ok(found);
        }
        let Some((word, text)) = self.without_urn(text)? else { return Ok(found) };
        let Some(form) = Form::read(text) else { return Ok(found) };
        for place in form.places() {
            if word.is_none_or(|word| Place::of(word).contains(place)) {
                found.searched.push(*place);
                self.look(*place, form, &mut found)?;
            }
        }
        Ok(found)
    }

    /// The word before a text, if there is one, and the text. `None` for what is of another chain.
    fn without_urn<'t>(&self, text: &'t str) -> Result<Option<(Option<&'t str>, &'t str)>, Error> {
        let rest = match text.split_at_checked(4) {
            Some((urn, rest)) if urn.eq_ignore_ascii_case("urn:") => rest,
            _ => return Ok(Some(text.split_once(':').map_or((None, text), |(word, text)| (Some(word), text)))),
        };
        let Some((space, rest)) = rest.split_once(':') else { return Ok(None) };
        if space.eq_ignore_ascii_case("uuid") {
            return Ok(Some((Some("payment"), rest)));
        }
        let Some((chain, rest)) = rest.split_once(':') else { return Ok(None) };
        let genesis = schema::genesis(self.connection)?;
        if !space.eq_ignore_ascii_case("citynet") || bytes(chain) != genesis {
            return Ok(None);
        }
        Ok(rest.split_once(':').map(|(word, text)| (Some(word), text)))
    }

    fn look(&self, place: Place, form: Form, found: &mut Found) -> Result<(), Error> {
        match (place, form) {
            (Place::BlockNumber, Form::Number(number)) => {
                let Ok(number) = u32::try_from(number) else { return Ok(()) };
                if let Some(block) = self.block(number)? {
                    found.add(Hit::Block { number, hash: block.hash });
                }
            }
            (Place::BlockHash, Form::Hash(hash)) => {
                if let Some(number) = self.block_number(&hash)? {
                    found.add(Hit::Block { number, hash });
                }
            }
            (Place::ExtrinsicId, Form::Pair(block, position)) => {
                let (Ok(block), Ok(position)) = (u32::try_from(block), u32::try_from(position)) else {
                    return Ok(());
                };
                let extrinsics = self.extrinsics_of_block(block, position, 1)?.into_iter();
                extrinsics.filter(|hit| hit.at.position == position).for_each(|hit| found.add(Hit::Extrinsic(hit)));
            }
            (Place::ExtrinsicHash, Form::Hash(hash)) => {
                let extrinsics = self.extrinsics_with_hash(&hash, found.room())?;
                extrinsics.into_iter().for_each(|extrinsic| found.add(Hit::Extrinsic(extrinsic)));
            }
            (Place::RecordIndex, Form::Number(index)) => {
                if index < self.position().records() {
                    found.add(Hit::Record(index));
                }
            }
            (Place::RecordLeaf, Form::Hash(hash)) => {
                let sql = "SELECT idx FROM records WHERE leaf = ?1 ORDER BY idx LIMIT ?2";
                let records = self.indices(sql, &values![hash, found.room()])?;
                records.into_iter().for_each(|record| found.add(Hit::Record(record)));
            }
            (Place::RecordHash, Form::Hash(hash)) => {
                let (code, id) = Thing::Hash(hash).key();
                let sql = "SELECT idx FROM names WHERE thing = ?1 AND id = ?2 ORDER BY idx LIMIT ?3";
                let records = self.indices(sql, &values![code, id, found.room()])?;
                records.into_iter().for_each(|record| found.add(Hit::Record(record)));
            }
            (Place::BatchId, Form::Pair(device, first_sequence)) => {
                let Ok(key) = integer(device) else { return Ok(()) };
                let sql = "SELECT idx FROM batches WHERE device = ?1 AND first_sequence = ?2";
                let batch = BatchId { device: DeviceId(device), first_sequence };
                for record in self.indices(sql, &values![key, first_sequence.to_be_bytes()])? {
                    found.add(Hit::Batch { batch, record });
                }
            }
            (Place::BatchRoot, Form::Hash(hash)) => {
                let sql = "SELECT device, first_sequence, idx FROM batches WHERE root = ?1 ORDER BY idx LIMIT ?2";
                let batches = self.all(Query { sql, narrow: FEWER }, &values![hash, found.room()], |row| {
                    let first_sequence = u64::from_be_bytes(row.get(1)?);
                    let batch = BatchId { device: DeviceId(row.get(0)?), first_sequence };
                    Ok(Hit::Batch { batch, record: row.get(2)? })
                })?;
                batches.into_iter().for_each(|batch| found.add(batch));
            }
            (Place::Version, Form::Version(version)) => {
                if let Some(record) = self.version(version)? {
                    found.add(Hit::Version { version, record });
                }
            }
            (Place::Account, Form::Account(account) | Form::Hash(account)) => self.look_for_account(account, found)?,
            (place, form) => {
                if let Some(thing) = thing(place, form) {
                    if let Some(record) = self.first_naming(&thing)? {
                        found.add(Hit::Thing { thing, record });
                    }
                }
            }
        }
        Ok(())
    }

    fn look_for_account(&self, account: Account, found: &mut Found) -> Result<(), Error> {
        let named = self.first_naming(&Thing::Account(account))?;
        let by = Filter { account: Some(account), ..Filter::default() };
        // Zeros stand for the chain itself.
        let acted = if account == [0; 32] { None } else { self.records(&by, 0, u64::MAX, 1)?.pop() };
        let acted = acted.map(|found| found.record.index);
        let signed = self.extrinsics_of_account(&account, ExtrinsicId::default(), u32::MAX, 1)?.pop();
        if named.is_some() || acted.is_some() || signed.is_some() {
            found.add(Hit::Account { account, named, acted, signed: signed.map(|extrinsic| extrinsic.at) });
        }
        Ok(())
    }

    fn indices(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<u64>, Error> {
        self.all(Query { sql, narrow: FEWER }, values, |row| row.get(0))
    }
}

/// The thing that a form is at a place, where it can be one.
fn thing(place: Place, form: Form) -> Option<Thing> {
    let small = |number: u64| u32::try_from(number).ok();
    Some(match (place, form) {
        (Place::Organisation, Form::Number(id)) => Thing::Organisation(OrganisationId(small(id)?)),
        (Place::Dataset, Form::Number(id)) => Thing::Dataset(DatasetId(id)),
        (Place::Device, Form::Number(id)) => Thing::Device(DeviceId(id)),
        (Place::Grant, Form::Number(id)) => Thing::Grant(GrantId(id)),
        (Place::Currency, Form::Number(id)) => Thing::Currency(small(id)?),
        (Place::Obligation, Form::Number(id)) => Thing::Obligation(id),
        (Place::Withdrawal, Form::Number(id)) => Thing::Withdrawal(id),
        (Place::Motion, Form::Number(id)) => Thing::Motion(small(id)?),
        (Place::CycleId, Form::Pair(currency, number)) => {
            Thing::Cycle(CycleId { currency: small(currency)?, number: small(number)? })
        }
        (Place::Peer, Form::Peer(peer)) => Thing::Peer(peer),
        (Place::Peer, Form::Hash(key)) => Thing::Peer(PeerId(key)),
        (Place::Payment, Form::Payment(uetr)) => Thing::Payment(uetr),
        _ => return None,
    })
}

impl Found {
    /// How many rows to ask for: one more than there is room for, to know whether there are more.
    fn room(&self) -> u32 {
        u32::try_from(MAX_HITS.saturating_sub(self.hits.len()).saturating_add(1)).unwrap_or(u32::MAX)
    }

    fn add(&mut self, hit: Hit) {
        if self.hits.len() < MAX_HITS {
            self.hits.push(hit);
        } else {
            self.complete = false;
        }
    }
}
