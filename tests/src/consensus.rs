//! Who authors and who finalises, as a node sees it.

use crate::{
    chain::{bytes, decimal, number, text},
    Chain,
};
use anyhow::{bail, ensure, Context as _, Result};
use citynet_primitives::{Account, OrganisationId, PeerId, ValidatorInfo};
use codec::DecodeAll;
use futures::future::try_join_all;
use serde_json::{json, Value};

/// A public key of a session.
pub type Key = [u8; 32];

/// The first bytes of a pre-runtime digest of Aura: the variant, the engine, the length of a slot's number.
const AURA_DIGEST: [u8; 6] = [6, b'a', b'u', b'r', b'a', 8 << 2];

/// How many hashes are asked for at once.
const HASHES: usize = 500;

/// A block, and whose turn it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authored {
    /// Its number.
    pub number: u32,
    /// Its slot.
    pub slot: u64,
    /// The key of who authored it.
    pub author: Key,
}

/// What became of the slots between two blocks: of those after the first one, up to that of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Production {
    /// How many blocks there are.
    pub blocks: u64,
    /// How many slots passed.
    pub slots: u64,
    /// How many of them the ledger says that validators skipped.
    pub skipped: u64,
}

/// A validator as `citynet_validators` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its account.
    pub account: Account,
    /// `registered` or `suspended`.
    pub status: String,
    /// Whether it is in the current set.
    pub active: bool,
    /// The key with which it authors.
    pub aura: Key,
    /// The key with which it finalises.
    pub grandpa: Key,
    /// How many of its slots it has skipped.
    pub skipped: u64,
}

impl Validator {
    fn read(view: &Value) -> Result<Self> {
        let key = |text: &Value| key(text).with_context(|| format!("a validator: {view}"));
        let keys = bytes(&text(&view["keys"])?)?;
        let (aura, grandpa) = keys.split_at_checked(32).with_context(|| format!("keys of 64 bytes: {view}"))?;
        let organisation = view["organisation"].as_u64().context("a validator is an organisation's")?;
        Ok(Self {
            organisation: OrganisationId(u32::try_from(organisation)?),
            account: key(&view["account"])?,
            status: text(&view["status"])?,
            active: view["active"].as_bool().context("a validator is active or not")?,
            aura: aura.try_into()?,
            grandpa: grandpa.try_into()?,
            skipped: decimal(&view["skipped"])?,
        })
    }
}

fn key(value: &Value) -> Result<Key> {
    bytes(&text(value)?)?.try_into().map_err(|_| anyhow::anyhow!("{value} has not 32 bytes"))
}

impl Chain {
    /// Number and hash of the best block.
    ///
    /// # Errors
    ///
    /// When the node does not answer; so with everything here.
    pub async fn best(&self) -> Result<(u32, String)> {
        let hash = text(&self.call("chain_getBlockHash", vec![]).await?)?;
        let header = self.call("chain_getHeader", vec![json!(hash)]).await?;
        Ok((number(&header)?, hash))
    }

    /// What a function of the runtime without arguments answers at a block, or at the best one.
    async fn ask<T: DecodeAll>(&self, function: &str, at: Option<&str>) -> Result<T> {
        let answer = self.call("state_call", vec![json!(function), json!("0x"), json!(at)]).await?;
        T::decode_all(&mut bytes(&text(&answer)?)?.as_slice()).with_context(|| function.to_owned())
    }

    /// The keys of those who author the next block after the best one, in the order of their turns.
    pub async fn authors(&self) -> Result<Vec<Key>> {
        self.ask("AuraApi_authorities", None).await
    }

    /// The keys of those who finalise, at the best block.
    pub async fn finalisers(&self) -> Result<Vec<Key>> {
        let authorities: Vec<(Key, u64)> = self.ask("GrandpaApi_grandpa_authorities", None).await?;
        Ok(authorities.into_iter().map(|(key, _)| key).collect())
    }

    /// Who authored the block of that number.
    pub async fn authored(&self, number: u32) -> Result<Authored> {
        let header = self.call("chain_getHeader", vec![json!(self.hash(number).await?)]).await?;
        let slot = slot(&header)?;
        let authors: Vec<Key> = self.ask("AuraApi_authorities", Some(&text(&header["parentHash"])?)).await?;
        let turn = slot.checked_rem(authors.len() as u64).context("there are authors")?;
        let author = *authors.get(usize::try_from(turn)?).context("a remainder is less than the divisor")?;
        Ok(Authored { number, slot, author })
    }

    /// What became of the slots from the block of one number to that of another.
    pub async fn production(&self, first: u32, last: u32) -> Result<Production> {
        let (begin, end) = (self.authored(first).await?, self.authored(last).await?);
        let (before, after) = (self.skipped(first).await?, self.skipped(last).await?);
        Ok(Production {
            blocks: u64::from(last.checked_sub(first).context("the last block is not before the first one")?),
            slots: end.slot.checked_sub(begin.slot).context("slots go on")?,
            skipped: after.checked_sub(before).context("what was skipped stays so")?,
        })
    }

    /// How many slots all validators have skipped by the block of that number.
    async fn skipped(&self, number: u32) -> Result<u64> {
        let validators: Vec<ValidatorInfo> = self.ask("NodesApi_validators", Some(&self.hash(number).await?)).await?;
        Ok(validators.iter().map(|validator| validator.skipped).sum())
    }

    /// Waits until the node has so many blocks more.
    pub async fn grow(&self, blocks: u32) -> Result<()> {
        let wanted = self.best().await?.0.saturating_add(blocks);
        let what = format!("block {wanted} is the best one");
        self.until_best(&what, async || Ok((self.best().await?.0 >= wanted).then_some(()))).await
    }

    /// The validators, at the finalised head.
    pub async fn validators(&self) -> Result<Vec<Validator>> {
        let answer = self.call("citynet_validators", vec![]).await?;
        answer["items"].as_array().context("a list has items")?.iter().map(Validator::read).collect()
    }

    /// The validator with that account, at the finalised head.
    pub async fn validator(&self, account: &Account) -> Result<Option<Validator>> {
        Ok(self.validators().await?.into_iter().find(|validator| validator.account == *account))
    }

    /// The nodes with which this one exchanges blocks.
    pub async fn connected(&self) -> Result<Vec<PeerId>> {
        let peers = self.call("system_peers", vec![]).await?;
        let peers = peers.as_array().context("peers are a list")?;
        peers.iter().map(|peer| Ok(text(&peer["peerId"])?.parse()?)).collect()
    }

    /// The hashes of the blocks from `first` to `last`.
    async fn hashes(&self, first: u32, last: u32) -> Result<Vec<String>> {
        let numbers: Vec<u32> = (first..=last).collect();
        let mut hashes = Vec::new();
        for some in numbers.chunks(HASHES) {
            let answer = self.call("chain_getBlockHash", vec![json!(some)]).await?;
            let answer = answer.as_array().context("hashes are a list")?;
            ensure!(answer.len() == some.len(), "{} hashes of {} blocks", answer.len(), some.len());
            for hash in answer {
                hashes.push(text(hash)?);
            }
        }
        Ok(hashes)
    }
}

/// The slot in a header's digest.
fn slot(header: &Value) -> Result<u64> {
    for item in header["digest"]["logs"].as_array().context("a digest is a list")? {
        let item = bytes(&text(item)?)?;
        if let Some(slot) = item.strip_prefix(&AURA_DIGEST) {
            return Ok(u64::from_le_bytes(slot.try_into()?));
        }
    }
    bail!("no slot in {header}")
}

/// Compares all that these nodes have finalised, block by block, as far as every one of them has. Gives the number of
/// the last block compared.
///
/// # Errors
///
/// When two finalised different blocks of the same number.
pub async fn same_finality(chains: &[Chain]) -> Result<u32> {
    let finalised = try_join_all(chains.iter().map(Chain::finalized)).await?;
    let last = finalised.iter().map(|(number, _)| *number).min().context("no node to compare")?;
    let all = try_join_all(chains.iter().map(|chain| chain.hashes(0, last))).await?;
    let (first, others) = all.split_first().context("no node to compare")?;
    for other in others {
        for (number, (one, another)) in first.iter().zip(other).enumerate() {
            ensure!(one == another, "block {number} is final as {one} and as {another}");
        }
    }
    Ok(last)
}

/// Waits until each of these nodes has so many blocks more.
///
/// # Errors
///
/// As [`Chain::until_best`].
pub async fn grow(chains: &[Chain], blocks: u32) -> Result<()> {
    try_join_all(chains.iter().map(|chain| chain.grow(blocks))).await?;
    Ok(())
}

/// Sees that nothing becomes final at these nodes while each of them gets so many blocks. Gives the number of the last
/// final block of each.
///
/// # Errors
///
/// When something does, or there are no blocks.
pub async fn standstill(chains: &[Chain], blocks: u32) -> Result<Vec<u32>> {
    // What was on its way may still become final.
    grow(chains, 3).await?;
    let before = try_join_all(chains.iter().map(Chain::finalized)).await?;
    grow(chains, blocks).await?;
    let after = try_join_all(chains.iter().map(Chain::finalized)).await?;
    ensure!(before == after, "finality went on from {before:?} to {after:?}");
    Ok(before.into_iter().map(|(number, _)| number).collect())
}
