//! A hash of the index's content for every block, by which two indexes are compared.
//!
//! # Definition
//!
//! The content after block `n` is
//!
//! ```text
//! content(n) = SHA256(content(n - 1) ‖ section ‖ section ‖ …)
//! section    = length of its name (8 bytes) ‖ name ‖ number of its rows (8 bytes) ‖ SHA256(row ‖ row ‖ …)
//! ```
//!
//! with the sections that the block gave rows to, in the order of [`Section`]. `content(-1)` is `SHA256("citynet.index" ‖
//! version of the schema (8 bytes) ‖ genesis hash)`: indexes of other versions or chains differ from the first block on.
//!
//! A section is a table, and its rows are those that the block added, with all columns in the order of the table; but for
//! `blocks.content` itself. `feeds` is the one table whose rows change. It has two sections: `feeds` with the columns of a
//! row when it is added, and `feeds.removed` with all of them when the period ends. Rows are in the order of the records
//! that made them, or of the block's extrinsics, and those of one record in the order of their key.
//!
//! A column is one byte for its type, and its value: `00` NULL; `01` and 8 bytes, an integer; `03` or `04`, 8 bytes of
//! length and the bytes, a text or a blob. Every integer here is big-endian.
//!
//! # What it covers
//!
//! Every row of every table, updates included. `meta` is what the chain of hashes begins with. `cursor` is left out, as it
//! is no more than where the index stands; [`check`] compares it with what it must follow from.

use crate::{
    database::{first, values, Connection, Row, Rows, Value, Walk},
    schema,
    writer::{integer, position},
    Error,
};
use citynet_primitives::{Hash, TreeHead};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A table, or the updates of one, as a part of the content hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    Blocks,
    Extrinsics,
    Records,
    Subjects,
    Names,
    Nodes,
    Devices,
    DeviceKeys,
    Batches,
    Datasets,
    Versions,
    Sources,
    Feeds,
    FeedsRemoved,
    Grants,
    Obligations,
}

/// Where a section's rows are.
struct Layout {
    name: &'static str,
    columns: &'static [&'static str],
    /// The number of the block or the index of the record that a row comes from, in SQL.
    from: &'static str,
    /// What orders the rows of one block or record, in SQL.
    then: &'static str,
}

impl Section {
    const ALL: [Self; 16] = [
        Self::Blocks,
        Self::Extrinsics,
        Self::Records,
        Self::Subjects,
        Self::Names,
        Self::Nodes,
        Self::Devices,
        Self::DeviceKeys,
        Self::Batches,
        Self::Datasets,
        Self::Versions,
        Self::Sources,
        Self::Feeds,
        Self::FeedsRemoved,
        Self::Grants,
        Self::Obligations,
    ];

    const fn layout(self) -> Layout {
        let (name, from, then, columns): (_, _, _, &'static [&'static str]) = match self {
            Self::Blocks => ("blocks", "number", "number", &["number", "hash", "tree_size", "tree_root"]),
            Self::Extrinsics => ("extrinsics", "block", "position", &["block", "position", "hash", "signer"]),
            Self::Records => (
                "records",
                "idx",
                "idx",
                &["idx", "block", "time", "organisation", "account", "kind", "leaf", "encoded", "subjects"],
            ),
            Self::Subjects => ("subjects", "idx", "kind, id", &["kind", "id", "record_kind", "idx"]),
            Self::Names => ("names", "idx", "thing, id", &["thing", "id", "record_kind", "idx"]),
            // The last leaf of a subtree is what completes it.
            Self::Nodes => {
                ("nodes", "((position + 1) << CAST(level AS INTEGER)) - 1", "level", &["level", "position", "hash"])
            }
            Self::Devices => ("devices", "registered", "id", &["id", "owner", "profile", "registered"]),
            Self::DeviceKeys => ("device_keys", "idx", "device, epoch", &["device", "epoch", "idx"]),
            Self::Batches => (
                "batches",
                "idx",
                "device, first_sequence",
                &["device", "first_sequence", "count", "missing", "window_end", "root", "idx"],
            ),
            Self::Datasets => ("datasets", "idx", "id", &["id", "idx"]),
            Self::Versions => {
                ("versions", "idx", "dataset, version", &["dataset", "version", "window_start", "window_end", "idx"])
            }
            Self::Sources => (
                "sources",
                "idx",
                "dataset, version, position",
                &["dataset", "version", "position", "kind", "source", "first", "last", "used_grant", "idx"],
            ),
            Self::Feeds => ("feeds", "added", "device, dataset", &["dataset", "device", "added"]),
            Self::FeedsRemoved => {
                ("feeds.removed", "removed", "device, dataset", &["dataset", "device", "added", "removed"])
            }
            Self::Grants => {
                ("grants", "idx", "id", &["id", "dataset", "provider", "consumer", "parent", "supersedes", "idx"])
            }
            Self::Obligations => {
                ("obligations", "idx", "id", &["id", "currency", "debtor", "creditor", "billed_grant", "idx"])
            }
        };
        Layout { name, columns, from, then }
    }

    /// Whether its rows come from blocks rather than from records.
    const fn is_of_blocks(self) -> bool {
        matches!(self, Self::Blocks | Self::Extrinsics)
    }

    /// All its rows in the order of the definition, after what each comes from.
    fn select(self) -> String {
        let Layout { name, columns, from, then } = self.layout();
        let rows = match self {
            Self::FeedsRemoved => "feeds WHERE removed IS NOT NULL",
            _ => name,
        };
        format!("SELECT {from} AS source_row, {} FROM {rows} ORDER BY source_row, {then}", columns.join(", "))
    }
}

/// The rows that one block gives to the index, hashed as they are written.
pub(crate) struct BlockRows<'a> {
    connection: &'a dyn Connection,
    content: BlockContent,
}

impl<'a> BlockRows<'a> {
    pub fn new(connection: &'a dyn Connection) -> Self {
        Self { connection, content: BlockContent::default() }
    }

    /// Adds a row with the section's columns.
    pub fn insert(&mut self, section: Section, values: &[Value<'_>]) -> Result<(), Error> {
        let Layout { name, columns, .. } = section.layout();
        self.connection.insert(name, columns, values)?;
        self.content.add(section, values);
        Ok(())
    }

    /// Adds a row unless there is one with its key.
    pub fn insert_first(&mut self, section: Section, values: &[Value<'_>]) -> Result<(), Error> {
        let Layout { name, columns, .. } = section.layout();
        let places = (1..=columns.len()).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO {name} ({}) VALUES ({places}) ON CONFLICT DO NOTHING", columns.join(", "));
        if self.connection.execute(&sql, values)? > 0 {
            self.content.add(section, values);
        }
        Ok(())
    }

    /// Ends the period in which a device feeds a dataset, if it does.
    pub fn end_feed(&mut self, dataset: i64, device: i64, removed: i64) -> Result<(), Error> {
        let sql =
            "UPDATE feeds SET removed = ?3 WHERE device = ?1 AND dataset = ?2 AND removed IS NULL RETURNING added";
        let added = first(self.connection, sql, &values![device, dataset, removed], |row| row.get(0))?;
        if let Some(added) = added {
            self.content.add(Section::FeedsRemoved, &[dataset, device, added, removed].map(Value::Integer));
        }
        Ok(())
    }

    /// Adds the block itself, the last of its rows, with the content hash.
    pub fn seal(mut self, number: u32, hash: &Hash, head: &TreeHead, before: &Hash) -> Result<Hash, Error> {
        let number = Value::Integer(number.into());
        let (hash, size, root) = (Value::Blob(hash), Value::Integer(integer(head.size)?), Value::Blob(&head.root));
        self.content.add(Section::Blocks, &[number, hash, size, root]);
        let content = self.content.after(before);
        let columns = ["number", "hash", "tree_size", "tree_root", "content"];
        self.connection.insert("blocks", &columns, &[number, hash, size, root, Value::Blob(&content)])?;
        Ok(content)
    }
}

/// What a block gave to the index, as far as it was hashed.
#[derive(Default)]
struct BlockContent {
    sections: BTreeMap<Section, (u64, Sha256)>,
    buffer: Vec<u8>,
}

impl BlockContent {
    fn add(&mut self, section: Section, values: &[Value<'_>]) {
        self.buffer.clear();
        values.iter().for_each(|value| encode_column(*value, &mut self.buffer));
        let buffer = std::mem::take(&mut self.buffer);
        self.add_encoded(section, &buffer);
        self.buffer = buffer;
    }

    fn add_encoded(&mut self, section: Section, row: &[u8]) {
        let (rows, hasher) = self.sections.entry(section).or_default();
        *rows = rows.saturating_add(1);
        hasher.update(row);
    }

    /// The content hash after this block.
    fn after(self, before: &Hash) -> Hash {
        let mut hasher = Sha256::new_with_prefix(before);
        for (section, (rows, digest)) in self.sections {
            let name = section.layout().name;
            hasher.update(u64::try_from(name.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(name);
            hasher.update(rows.to_be_bytes());
            hasher.update(digest.finalize());
        }
        hasher.finalize().into()
    }
}

fn encode_column(value: Value<'_>, to: &mut Vec<u8>) {
    let mut measured = |kind: u8, bytes: &[u8]| {
        to.push(kind);
        to.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        to.extend_from_slice(bytes);
    };
    match value {
        Value::Null => to.push(0),
        Value::Integer(number) => {
            to.push(1);
            to.extend_from_slice(&number.to_be_bytes());
        }
        Value::Text(text) => measured(3, text.as_bytes()),
        Value::Blob(blob) => measured(4, blob),
    }
}

/// The content before the first block.
pub(crate) fn before_all(connection: &dyn Connection) -> Result<Hash, Error> {
    let genesis = schema::genesis(connection)?.ok_or(Error::NotReady)?;
    let hasher = Sha256::new_with_prefix(b"citynet.index");
    Ok(hasher.chain_update(schema::VERSION.to_be_bytes()).chain_update(genesis).finalize().into())
}

/// The content after a block.
pub(crate) fn after(connection: &dyn Connection, number: u32) -> Result<Option<Hash>, Error> {
    first(connection, "SELECT content FROM blocks WHERE number = ?1", &values![number], |row| row.get(0))
}

/// Where the tables are not what their content hashes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Rows of this block, the first one, were changed, added or deleted.
    Block(u32),
    /// A table has rows that no block wrote.
    Stray(&'static str),
    /// Where the index says that it stands is not where its rows end.
    Position,
}

/// Makes every content hash again from the tables. Returns the first difference.
pub(crate) fn check(connection: &dyn Connection) -> Result<Option<Difference>, Error> {
    let walks = Section::ALL.iter().map(|section| connection.walk(&section.select()));
    let mut walks = walks.collect::<Result<Vec<_>, _>>()?;
    let sections = Section::ALL.iter().zip(&mut walks);
    let mut sections =
        sections.map(|(section, walk)| SectionRows::new(*section, &mut **walk)).collect::<Result<Vec<_>, _>>()?;
    let mut blocks = connection.walk("SELECT number, tree_size, content FROM blocks ORDER BY number")?;
    let mut blocks = blocks.rows()?;
    let mut content = match schema::genesis(connection)? {
        Some(_) => before_all(connection)?,
        None => [0; 32],
    };
    let mut next = 0_i64;
    while let Some(row) = blocks.next()? {
        let (number, size, stored): (i64, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let mut made = BlockContent::default();
        for rows in &mut sections {
            let end = if rows.section.is_of_blocks() { next.saturating_add(1) } else { size };
            rows.take(end, &mut made)?;
        }
        content = made.after(&content);
        if number != next || stored != content {
            return Ok(Some(Difference::Block(u32::try_from(next).unwrap_or(u32::MAX))));
        }
        next = next.saturating_add(1);
    }
    if let Some(stray) = sections.iter().find(|rows| rows.pending.is_some()) {
        return Ok(Some(Difference::Stray(stray.section.layout().name)));
    }
    Ok((!stands_at_its_end(connection)?).then_some(Difference::Position))
}

/// Whether the cursor is what the last block and the batches make of it.
fn stands_at_its_end(connection: &dyn Connection) -> Result<bool, Error> {
    let sql = "SELECT number, hash, tree_size, tree_root FROM blocks ORDER BY number DESC LIMIT 1";
    let last = first(connection, sql, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let batches: u64 = first(connection, "SELECT count(*) FROM batches", &[], |row| row.get(0))?.unwrap_or_default();
    let held = position(connection)?;
    let held = held.map(|held| (held.number, held.hash, held.records(), held.root(), held.attestations));
    // A right edge of that size with that root is the right one: another would be a collision of SHA-256.
    Ok(held == last.map(|(number, hash, size, root)| (number, hash, size, root, batches)))
}

/// A section's rows, in order.
struct SectionRows<'w> {
    section: Section,
    rows: Box<dyn Rows + 'w>,
    /// The next row: what it comes from, and its bytes.
    pending: Option<(i64, Vec<u8>)>,
}

impl<'w> SectionRows<'w> {
    fn new(section: Section, walk: &'w mut (dyn Walk + '_)) -> Result<Self, Error> {
        let mut rows = Self { section, rows: walk.rows()?, pending: None };
        rows.pending = rows.read()?;
        Ok(rows)
    }

    fn read(&mut self) -> Result<Option<(i64, Vec<u8>)>, Error> {
        let columns = self.section.layout().columns.len();
        self.rows.next()?.map(|row| read_row(row, columns)).transpose()
    }

    /// Hashes the rows that come from before `end`.
    fn take(&mut self, end: i64, content: &mut BlockContent) -> Result<(), Error> {
        while let Some((_, row)) = self.pending.take_if(|(from, _)| *from < end) {
            content.add_encoded(self.section, &row);
            self.pending = self.read()?;
        }
        Ok(())
    }
}

fn read_row(row: &dyn Row, columns: usize) -> Result<(i64, Vec<u8>), Error> {
    let mut encoded = Vec::new();
    for column in 1..=columns {
        encode_column(row.value(column)?, &mut encoded);
    }
    Ok((row.get(0)?, encoded))
}
