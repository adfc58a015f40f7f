//! Who and what is kept out: strangers by every node's pool, and wrong batches by the chain, each with its own error.

use anyhow::{ensure, Context as _, Result};
use citynet_primitives::{DeviceId, OrganisationId, Role, Roles, Signature};
use citynet_tests::{
    device::{attest, Device},
    transactions::{account, Call, Outcome, Refusal, Transactions},
    Backend, Network,
};
use codec::Encode as _;
use subxt_signer::sr25519::dev;

const CITY: OrganisationId = OrganisationId(1);

fn failed(error: &str) -> Outcome {
    Outcome::Failed(error.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_gate_refuses_with_its_own_error() -> Result<()> {
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let chain = network.chain().await?;
    let transactions = Transactions::connect(network.node(0).url()).await?;
    let device = Device::new([1; 32], chain.genesis().await?);
    let no_member = Refusal { code: 1010, detail: "Custom error: 1".to_owned() };

    // An account of no organisation gets into no pool, whatever it sends.
    let stranger = account("//Stranger")?;
    for node in network.nodes() {
        let chain = node.chain().await?;
        let name = node.config().seat.name;
        for call in [device.register(CITY), Call::new("System", "remark", vec![1u8; 8].encode())] {
            let refusal = transactions.refusal(&chain, &stranger, &call).await?;
            ensure!(refusal == no_member, "{name} refuses a stranger with {refusal:?}");
        }
        ensure!(chain.pending().await? == 0, "something of the stranger's is in the pool of {name}");
    }

    let alice = dev::alice();
    let done = transactions.submit(&alice, &device.register(CITY)).await?;
    ensure!(done == Outcome::Succeeded, "the device was not registered: {done:?}");
    let id = DeviceId(1);
    ensure!(chain.device(id).await?.is_some(), "the first device has the number 1");

    let done = transactions.submit(&alice, &device.register(CITY)).await?;
    ensure!(done == failed("Attestations::KeyAlreadyRegistered"), "a key registered twice: {done:?}");

    let first = device.batch(id, 0);
    let done = transactions.submit(&alice, &device.attest(&first)).await?;
    ensure!(done == Outcome::Succeeded, "the first batch was not attested: {done:?}");

    // Replayed: the very same, and the same sequence number under a new signature.
    let again = device.batch(id, 0);
    for batch in [&first, &again] {
        let done = transactions.submit(&alice, &device.attest(batch)).await?;
        ensure!(done == failed("Attestations::SequenceReplayed"), "a replayed batch: {done:?}");
    }

    // Tampered: a bit of the signature, and a bit of what was signed.
    let second = device.batch(id, 1);
    let signature = device.sign(&second);
    let mut bad_bytes = signature.to_vec();
    let bit = bad_bytes.first_mut().context("a signature has bytes")?;
    *bit ^= 1;
    let bad_signature = Signature::try_from(bad_bytes).ok().context("a signature is as long as before")?;
    let mut bad_batch = second.clone();
    bad_batch.root[31] ^= 0x80;
    for call in [attest(&second, &bad_signature), attest(&bad_batch, &signature)] {
        let done = transactions.submit(&alice, &call).await?;
        ensure!(done == failed("Attestations::InvalidSignature"), "a tampered batch: {done:?}");
    }

    let mut gap = device.batch(id, 5);
    let done = transactions.submit(&alice, &device.attest(&gap)).await?;
    ensure!(done == failed("Attestations::UndeclaredGap"), "a gap that is not declared: {done:?}");
    gap.missing = 3;
    let done = transactions.submit(&alice, &device.attest(&gap)).await?;
    ensure!(done == failed("Attestations::WrongGap"), "a gap of 4 declared as 3: {done:?}");

    // The right batch by the wrong organisation, and a call by the wrong role.
    let done = transactions.submit(&dev::bob(), &device.attest(&second)).await?;
    ensure!(done == failed("Attestations::NotOwner"), "another organisation's device: {done:?}");
    let gateway = account("//Alice//gateway")?;
    let other = Device::new([2; 32], chain.genesis().await?);
    let done = transactions.submit(&gateway, &other.register(CITY)).await?;
    ensure!(done == failed("Consortium::NotAuthorized"), "a gateway only attests: {done:?}");

    // An account that is added may attest; once it is removed, it is a stranger, on every node.
    let temporary = account("//Alice//temporary")?;
    let address = temporary.public_key().0;
    let add = Call::new("Consortium", "add_account", (address, Roles::of(&[Role::Attestor])).encode());
    let remove = Call::new("Consortium", "remove_account", address.encode());
    let done = transactions.submit(&alice, &add).await?;
    ensure!(done == Outcome::Succeeded, "the account was not added: {done:?}");
    let done = transactions.submit(&temporary, &device.attest(&second)).await?;
    ensure!(done == Outcome::Succeeded, "the added account could not attest: {done:?}");
    let done = transactions.submit(&alice, &remove).await?;
    ensure!(done == Outcome::Succeeded, "the account was not removed: {done:?}");
    let third = device.batch(id, 2);
    let (number, _) = chain.finalized().await?;
    for node in network.nodes() {
        let chain = node.chain().await?;
        chain.until_finalized(number).await?;
        let refusal = transactions.refusal(&chain, &temporary, &device.attest(&third)).await?;
        ensure!(refusal == no_member, "{} refuses a removed account with {refusal:?}", node.config().seat.name);
    }

    // Of all that, two batches were attested.
    let info = chain.device(id).await?.context("the device is known")?;
    ensure!(info.next_sequence == 2, "{} readings were attested", info.next_sequence);
    network.finish().await
}
