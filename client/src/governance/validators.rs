//! A validator's keys: made by its own node, and then waited for.
//!
//! The private keys never leave the node. It makes them, keeps them and proves to the chain that it has them; the chain
//! lets them count from the session after the next one on. Until then the keys from before count, so a node that keeps both
//! misses no slot.

use crate::{
    connection::NodeError,
    ledger::Ledger,
    rpc::Hex,
    time::{format_utc, now},
};
use citynet_primitives::{Account, Hash, Moment};
use std::time::Duration;

/// The node's answer to a method that it does not have, or does not allow to this connection.
const NO_SUCH_METHOD: i32 = -32601;
/// How old the finalised block may be for the node to know what is going on, in milliseconds. Clocks differ by minutes.
const RECENT: Moment = 3 * 60 * 1000;
/// The pause before the node is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// How many blocks back the state is looked at. Nodes forget that of older ones.
const MOST_BACK: u32 = 100;
/// How many sessions after that of its registration a key counts.
const SESSIONS: u32 = 2;

/// A node cannot validate.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ValidatorError {
    /// It runs without the keys of a validator.
    #[error("this node does not validate: start it with --validator, and run this command on its own machine")]
    NoAuthority,
    /// It refuses to make keys.
    #[error(
        "the node does not make keys for this connection. It does so on its own machine only: use its loopback address, such \
         as ws://127.0.0.1:9944, with --rpc-methods auto or unsafe ({0})"
    )]
    Unsafe(NodeError),
    /// It made keys in a way that the chain does not understand.
    #[error("the node made keys that this chain cannot use: {0}")]
    Keys(String),
    /// The session in which they should count has passed.
    #[error(
        "session {session} has begun without the keys (block {block}): `citynet validator status` says whether the validator \
         is suspended or not in the next set; of several, one organisation's are always less than a third of all"
    )]
    NotElected {
        /// The session.
        session: u32,
        /// The block.
        block: u32,
    },
    /// The node does not answer.
    #[error(transparent)]
    Node(#[from] NodeError),
}

/// Session keys that a node made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionKeys {
    /// The public keys in SCALE: 32 bytes sr25519 to author, 32 bytes Ed25519 to finalise.
    pub keys: [u8; 64],
    /// What proves to the chain that the node has the private ones.
    pub proof: Vec<u8>,
}

impl SessionKeys {
    /// The key that authors.
    fn aura(&self) -> &[u8] {
        &self.keys[..32]
    }

    /// The key that finalises.
    fn grandpa(&self) -> &[u8] {
        &self.keys[32..]
    }
}

/// Waits until the node validates and has the newest blocks, so that what it says is true and its keys do not count before
/// it can use them. `waiting` is told why it is not so yet.
///
/// # Errors
///
/// [`ValidatorError::NoAuthority`] and [`ValidatorError::Node`].
pub async fn ready(ledger: &Ledger, waiting: &mut dyn FnMut(&str)) -> Result<(), ValidatorError> {
    let roles = ledger.rpc().node_roles().await?;
    if !roles.iter().any(|role| role == "Authority") {
        return Err(ValidatorError::NoAuthority);
    }
    loop {
        let (number, head) = ledger.finalized().await?;
        let time: Moment = ledger.stored("Timestamp", "Now", &head).await?.unwrap_or_default();
        let health = ledger.rpc().health().await?;
        if !health.is_syncing && now().saturating_sub(time) <= RECENT {
            return Ok(());
        }
        waiting(&format!("the node fetches blocks: finalised is {number} of {}", format_utc(time)));
        tokio::time::sleep(PAUSE).await;
    }
}

/// Has the node make session keys for a validator's account.
///
/// # Errors
///
/// [`ValidatorError::Unsafe`] when the node allows that only to others, [`ValidatorError::Keys`] and
/// [`ValidatorError::Node`].
pub async fn make_keys(ledger: &Ledger, validator: &Account) -> Result<SessionKeys, ValidatorError> {
    let made = ledger.rpc().make_session_keys(validator).await.map_err(|error| match error.code() {
        Some(NO_SUCH_METHOD) => ValidatorError::Unsafe(error),
        _ => error.into(),
    })?;
    let keys = <[u8; 64]>::try_from(made.keys.0.as_slice());
    let keys = keys.map_err(|_| ValidatorError::Keys(format!("{} has not 64 bytes", made.keys)))?;
    let Hex(proof) = made.proof.ok_or_else(|| ValidatorError::Keys("there is no proof of possession".into()))?;
    Ok(SessionKeys { keys, proof })
}

/// How far the wait for keys is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The finalised block.
    pub block: u32,
    /// Its session.
    pub session: u32,
    /// The session in which the keys are to count.
    pub due: u32,
}

/// Follows the finalised blocks until keys that were set in block `set` count. Answers with the first block after which they
/// do; when the connection was away for long, with one of the first.
///
/// # Errors
///
/// [`ValidatorError::NotElected`] and [`ValidatorError::Node`].
pub async fn active(
    ledger: &Ledger,
    keys: &SessionKeys,
    set: u32,
    waiting: &mut dyn FnMut(Wait),
) -> Result<u32, ValidatorError> {
    let due = session(ledger, &ledger.block_hash(set).await?).await?.saturating_add(SESSIONS);
    let mut next = set;
    loop {
        let (head, _) = ledger.finalized().await?;
        next = next.max(head.saturating_sub(MOST_BACK));
        while next <= head {
            let hash = ledger.block_hash(next).await?;
            if count(ledger, keys, &hash).await? {
                return Ok(next);
            }
            let session = session(ledger, &hash).await?;
            if session > due {
                return Err(ValidatorError::NotElected { session, block: next });
            }
            waiting(Wait { block: next, session, due });
            next = next.saturating_add(1);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The session that a block is of.
async fn session(ledger: &Ledger, at: &Hash) -> Result<u32, NodeError> {
    Ok(ledger.stored("Session", "CurrentIndex", at).await?.unwrap_or_default())
}

/// Whether keys author and finalise after a block.
async fn count(ledger: &Ledger, keys: &SessionKeys, at: &Hash) -> Result<bool, NodeError> {
    let authors: Vec<Hash> = ledger.runtime("AuraApi_authorities", (), at).await?;
    if !authors.iter().any(|author| author == keys.aura()) {
        return Ok(false);
    }
    let voters: Vec<(Hash, u64)> = ledger.runtime("GrandpaApi_grandpa_authorities", (), at).await?;
    Ok(voters.iter().any(|(voter, _)| voter == keys.grandpa()))
}
