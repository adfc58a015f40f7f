//! A validator runs twice with the same keys, the mistake of whoever restores a backup beside the machine that still
//! lives. In each of its turns it authors two blocks and votes for both. The others prove it to the chain.

use anyhow::{bail, ensure, Context as _, Result};
use citynet_merkle::{Portable, Sha256 as _};
use citynet_primitives::{Body, OrganisationId};
use citynet_tests::{
    attested,
    chain::bytes,
    consensus::same_finality,
    node::{Work, SEATS},
    transactions::account,
    Chain, Consortium, Network, Options, Steps,
};
use codec::{Compact, Decode as _};
use serde_json::json;

const DAVE: usize = 3;
const HIS: OrganisationId = OrganisationId(4);

#[tokio::test(flavor = "multi_thread")]
async fn whoever_votes_twice_is_suspended() -> Result<()> {
    let mut steps = Steps::of("equivocation");
    let options = Options { consortium: Some(Consortium::default()), ..Options::default() };
    let mut network = Network::start(options).await?;
    let chain = network.chain().await?;
    let dave = account("//Dave")?.public_key().0;
    let validator = chain.validator(&dave).await?.context("Dave validates")?;
    ensure!(validator.status == "registered" && validator.active, "Dave validates: {validator:?}");
    steps.done("four validators finalise");

    network.join(SEATS[DAVE].elsewhere(6), Work::WellKnownKeys, "dave-again", &[]).await?;
    let (begin, _) = chain.finalized().await?;
    steps.done(&format!("one of them runs twice, from block {begin} on"));

    chain
        .until("the validator is suspended", async || {
            let validator = chain.validator(&dave).await?.context("a suspended validator is one still")?;
            Ok((validator.status == "suspended").then_some(()))
        })
        .await?;
    let records =
        chain.records(json!({"subject": format!("organisation:{HIS}"), "kind": "validator_suspended"})).await?;
    ensure!(records.len() == 1, "it is suspended once: {records:?}");
    let record = attested::record(&records[0])?;
    steps.done(&format!("it is suspended in block {}", record.block));

    // The journal says why, and the block has the proof.
    let Body::ValidatorSuspended { organisation, account, evidence, .. } = record.body else {
        bail!("another record was asked for: {record:?}");
    };
    ensure!((organisation, account) == (HIS, dave), "somebody else is suspended: {organisation}");
    ensure!(record.organisation == OrganisationId::CONSORTIUM, "the chain acts, not {}", record.organisation);
    ensure!(has_evidence(&chain, record.block, &evidence).await?, "nothing in the block has the hash of the evidence");

    // It authors nothing from then on, though it is in the set for one session and more.
    let out = chain
        .until_best("the validator leaves the set", async || {
            let (authors, finalisers) = (chain.authors().await?, chain.finalisers().await?);
            let out = !authors.contains(&validator.aura) && !finalisers.contains(&validator.grandpa);
            Ok(if out { Some(chain.best().await?.0) } else { None })
        })
        .await?;
    chain.until_finalized(out).await?;
    let mut missed = 0;
    for number in record.block + 1..=out {
        let (before, block) = (chain.authored(number - 1).await?, chain.authored(number).await?);
        ensure!(block.author != validator.aura, "block {number} is by a validator that is disabled");
        missed += block.slot - before.slot - 1;
    }
    ensure!(missed > 0, "no turn of the disabled validator came up until it left the set");
    steps.done(&format!("disabled, it let {missed} turns pass; it is out of the set from block {out} on"));

    chain.until_finalized(out + 5).await?;
    let compared = same_finality(&network.chains().await?).await?;
    ensure!(compared > record.block, "{compared} blocks were compared, which ends before the suspension");
    steps.done(&format!("finality goes on; all five nodes agree about {compared} blocks"));
    network.finish().await
}

/// Whether a transaction of the block begins its arguments with what has that SHA-256.
async fn has_evidence(chain: &Chain, block: u32, hash: &[u8; 32]) -> Result<bool> {
    let block = chain.call("chain_getBlock", vec![json!(chain.hash(block).await?)]).await?;
    let transactions = block["block"]["extrinsics"].as_array().context("a block has transactions")?;
    for transaction in transactions {
        let transaction = bytes(transaction.as_str().context("a transaction is text")?)?;
        let mut rest = transaction.as_slice();
        Compact::<u32>::decode(&mut rest)?;
        // A version, a pallet, a call; then the proof, whose length only its type knows.
        let arguments = rest.get(3..).unwrap_or_default();
        if (1..=arguments.len()).any(|length| Portable::digest(&[&arguments[..length]]) == *hash) {
            return Ok(true);
        }
    }
    Ok(false)
}
