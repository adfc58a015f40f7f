//! The tables, and when they are made anew.

use crate::{
    database::{first, values, Access, Connection, Transaction},
    Error,
};
use citynet_primitives::Hash;

/// Raised whenever [`TABLES`] or the meaning of a column changes. There are no migrations: the chain fills the index again.
pub const VERSION: i64 = 6;

/// `first_sequence` and `missing` are 8 big-endian bytes: a device may choose numbers beyond SQL's integers, and blobs
/// compare byte by byte, so these sort as the numbers do. Hashes and accounts are their 32 bytes, `encoded`, `subjects`,
/// `profile` and `edge` are SCALE. Level 0 of the tree is `records.leaf`; `nodes` has the levels above.
///
/// `sources` has what versions were made from, without what the ledger does not know. `kind` is the codec index of the
/// source: 0 for a version, where `source` is its dataset, and `first` and `last` are its number; 1 for readings, where
/// `source` is the device, and `first` and `last` are sequence numbers. Both are 8 big-endian bytes.
///
/// `feeds` has a row for each period in which a device feeds a dataset: from the record `added` to the record `removed`,
/// which is NULL while it goes on. A version's `window_start` and `window_end` are the times of its earliest and latest
/// observation.
///
/// `obligations` has what finds them; what is owed and whether it is paid is the chain's state.
///
/// `subjects` has what the ledger says a record is about, `names` what is in it besides: see
/// [`Thing`](crate::Thing). Both repeat the record's kind, so that the few records of a kind are found among the many about
/// the same thing.
///
/// The text is SQLite's; [`postgres`](crate::database::postgres) translates the types. In comments stands what only
/// PostgreSQL needs: the rest of an index's columns by which its rows are in the order of the table's, as SQLite keeps them
/// anyway; and in `idx + 0` what keeps that order out of the other indices' reach
/// ([`Stretch`](crate::database::Stretch)).
///
/// Every table that comes from records has the record's index, and every table is a section of the
/// [content hash](crate::content).
const TABLES: &str = "
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 0),
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    attestations INTEGER NOT NULL,
    edge BLOB NOT NULL
) STRICT;

CREATE TABLE blocks (
    number INTEGER NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL,
    tree_size INTEGER NOT NULL,
    tree_root BLOB NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE INDEX blocks_hash ON blocks (hash);

CREATE TABLE extrinsics (
    block INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    signer BLOB,
    PRIMARY KEY (block, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX extrinsics_hash ON extrinsics (hash/*, block, position*/);
CREATE INDEX extrinsics_signer ON extrinsics (signer, /*(*/block/* + 0)*/, position) WHERE signer IS NOT NULL;

CREATE TABLE records (
    idx INTEGER NOT NULL PRIMARY KEY,
    block INTEGER NOT NULL,
    time INTEGER NOT NULL,
    organisation INTEGER NOT NULL,
    account BLOB NOT NULL,
    kind TEXT NOT NULL,
    leaf BLOB NOT NULL,
    encoded BLOB NOT NULL,
    subjects BLOB NOT NULL
) STRICT;
CREATE INDEX records_time ON records (time/*, idx*/);
CREATE INDEX records_organisation ON records (organisation/*, (idx + 0)*/);
CREATE INDEX records_organisation_kind ON records (organisation, kind/*, (idx + 0)*/);
CREATE INDEX records_account ON records (account/*, (idx + 0)*/);
CREATE INDEX records_account_kind ON records (account, kind/*, (idx + 0)*/);
CREATE INDEX records_kind ON records (kind/*, (idx + 0)*/);
CREATE INDEX records_leaf ON records (leaf/*, idx*/);

CREATE TABLE subjects (
    kind INTEGER NOT NULL,
    id INTEGER NOT NULL,
    record_kind TEXT NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (kind, id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX subjects_kind ON subjects (kind, id, record_kind, /*(*/idx/* + 0)*/);

CREATE TABLE names (
    thing INTEGER NOT NULL,
    id BLOB NOT NULL,
    record_kind TEXT NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (thing, id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX names_kind ON names (thing, id, record_kind, /*(*/idx/* + 0)*/);

CREATE TABLE nodes (
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    id INTEGER NOT NULL PRIMARY KEY,
    owner INTEGER NOT NULL,
    profile BLOB NOT NULL,
    registered INTEGER NOT NULL
) STRICT;

CREATE TABLE device_keys (
    device INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (device, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
    device INTEGER NOT NULL,
    first_sequence BLOB NOT NULL,
    count INTEGER NOT NULL,
    missing BLOB NOT NULL,
    window_end INTEGER NOT NULL,
    root BLOB NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (device, first_sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX batches_root ON batches (root);

CREATE TABLE datasets (
    id INTEGER NOT NULL PRIMARY KEY,
    idx INTEGER NOT NULL
) STRICT;

CREATE TABLE versions (
    dataset INTEGER NOT NULL,
    version INTEGER NOT NULL,
    window_start INTEGER NOT NULL,
    window_end INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (dataset, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE feeds (
    dataset INTEGER NOT NULL,
    device INTEGER NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER,
    PRIMARY KEY (device, dataset, added)
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    dataset INTEGER NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    source INTEGER NOT NULL,
    first BLOB NOT NULL,
    last BLOB NOT NULL,
    used_grant INTEGER,
    idx INTEGER NOT NULL,
    PRIMARY KEY (dataset, version, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_first ON sources (kind, source, first/*, dataset, version*/);
CREATE INDEX sources_last ON sources (kind, source, last);

CREATE TABLE grants (
    id INTEGER NOT NULL PRIMARY KEY,
    dataset INTEGER NOT NULL,
    provider INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    parent INTEGER,
    supersedes INTEGER,
    idx INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_dataset ON grants (dataset/*, (id + 0)*/);
CREATE INDEX grants_provider ON grants (provider/*, (id + 0)*/);
CREATE INDEX grants_consumer ON grants (consumer/*, (id + 0)*/);
CREATE INDEX grants_parent ON grants (parent/*, (id + 0)*/) WHERE parent IS NOT NULL;
CREATE INDEX grants_supersedes ON grants (supersedes/*, (id + 0)*/) WHERE supersedes IS NOT NULL;

CREATE TABLE obligations (
    id INTEGER NOT NULL PRIMARY KEY,
    currency INTEGER NOT NULL,
    debtor INTEGER NOT NULL,
    creditor INTEGER NOT NULL,
    billed_grant INTEGER NOT NULL,
    idx INTEGER NOT NULL
) STRICT;
CREATE INDEX obligations_currency ON obligations (currency/*, (id + 0)*/);
CREATE INDEX obligations_debtor ON obligations (debtor/*, (id + 0)*/);
CREATE INDEX obligations_creditor ON obligations (creditor/*, (id + 0)*/);
CREATE INDEX obligations_grant ON obligations (billed_grant/*, (id + 0)*/);
";

const GENESIS: &str = "genesis";

/// Makes the tables unless they are there in this version. Returns whether an older or newer index was thrown away.
pub fn prepare(connection: &dyn Connection) -> Result<bool, Error> {
    if connection.version()? == Some(VERSION) {
        return Ok(false);
    }
    let transaction = Transaction::begin(connection, Access::Write)?;
    let dropped = transaction.rebuild(TABLES, VERSION)?;
    transaction.commit()?;
    Ok(dropped)
}

/// The genesis hash of the chain that the index is about, if it was ever told.
pub fn genesis(connection: &dyn Connection) -> Result<Option<Hash>, Error> {
    first(connection, "SELECT value FROM meta WHERE key = ?1", &values![GENESIS], |row| row.get(0))
}

/// Empties the index and says which chain it will be about.
pub fn reset(connection: &dyn Connection, genesis: &Hash) -> Result<(), Error> {
    let transaction = Transaction::begin(connection, Access::Write)?;
    transaction.rebuild(TABLES, VERSION)?;
    transaction.execute("INSERT INTO meta (key, value) VALUES (?1, ?2)", &values![GENESIS, genesis])?;
    transaction.commit()
}
