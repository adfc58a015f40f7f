//! One member floods the ledger as fast as it takes it. What another sends becomes final all the same, and how much
//! later is printed.

use anyhow::{bail, ensure, Context as _, Result};
use citynet_primitives::{Batch, DeviceId, OrganisationId};
use citynet_tests::{
    consortium::gateway,
    device::{attest_many, now, Device},
    transactions::{account, Call, Outcome, Transactions},
    Chain, Consortium, Network, Options, Steps,
};
use jsonrpsee::core::client::Error as RpcError;
use serde_json::json;
use std::{
    convert::Infallible,
    time::{Duration, Instant},
};
use subxt_signer::sr25519::{dev, Keypair};

const CITY: OrganisationId = OrganisationId(1);
const TELECOM: OrganisationId = OrganisationId(2);
/// Its node takes the flood.
const BOB: usize = 1;
/// How many transactions a pool holds; small, so that it is full soon.
const POOL: u64 = 512;
/// The accounts that flood.
const GATEWAYS: u32 = 16;
/// How many transactions are measured each time.
const MEASURED: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_leaves_the_others_their_share() -> Result<()> {
    let mut steps = Steps::of("flood");
    let consortium = Some(Consortium { gateways: GATEWAYS, ..Consortium::default() });
    let arguments = vec!["--pool-limit".to_owned(), POOL.to_string()];
    let mut network = Network::start(Options { consortium, arguments, ..Options::default() }).await?;
    let chain = network.chain().await?;
    let transactions = Transactions::connect(network.node(0).url()).await?;
    let genesis = chain.genesis().await?;
    let (sensor, decoy) = (Device::new([1; 32], genesis), Device::new([2; 32], genesis));
    for (admin, registration) in [(dev::alice(), sensor.register(CITY)), (dev::bob(), decoy.register(TELECOM))] {
        let done = transactions.submit(&admin, &registration).await?;
        ensure!(done == Outcome::Succeeded, "the device was not registered: {done:?}");
    }
    let honest = Honest { transactions, gateway: account(&gateway("//Alice", 0))?, device: sensor };
    steps.done("two members have a device each");

    let quiet = honest.measure(0).await?;
    steps.done(&format!("{MEASURED} batches, one after another, when it is quiet"));

    let flood = Flood::prepare(network.node(BOB).url(), &decoy).await?;
    let (taken, refused) = flood.wave(POOL.div_ceil(GATEWAYS.into()) + 8).await?;
    let half = usize::try_from(POOL / 2)?;
    chain
        .until_best("the flood is in the other pools", async || Ok((chain.pending().await? >= half).then_some(())))
        .await?;
    steps.done(&format!("another member floods: {taken} transactions taken, {refused} refused"));

    let flooded = tokio::select! {
        measured = honest.measure(MEASURED) => measured?,
        ended = flood.go_on() => match ended? {},
    };
    let (waiting, included) = (flood.chain.pending().await?, flood.included().await?);
    ensure!(waiting > half / 2, "only {waiting} transactions wait: the flood was over before the end");
    ensure!(included > 0, "nothing of the flood was included: it was none");
    steps.done(&format!("{MEASURED} batches within the flood, of which {included} transactions are in blocks"));

    let info = chain.device(DeviceId(1)).await?.context("the device is known")?;
    ensure!(info.next_sequence == 2 * MEASURED, "{} readings were attested", info.next_sequence);
    for (name, times) in [("quiet", quiet), ("flooded", flooded)] {
        let (p50, p99) = (percentile(&times, 50)?.as_millis(), percentile(&times, 99)?.as_millis());
        println!(
            "{name:>12}: from the signature to finality p50 {p50} ms, p99 {p99} ms of {} transactions",
            times.len()
        );
    }
    network.finish().await
}

/// Who does its daily work.
struct Honest {
    transactions: Transactions,
    gateway: Keypair,
    device: Device,
}

impl Honest {
    /// Attests batches, each when the one before is final. Gives how long each took.
    async fn measure(&self, first_sequence: u64) -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        for sequence in first_sequence..first_sequence + MEASURED {
            let batch = self.device.attest(&self.device.batch(DeviceId(1), sequence));
            let begin = Instant::now();
            let done = self.transactions.submit(&self.gateway, &batch).await?;
            ensure!(done == Outcome::Succeeded, "reading {sequence} was not attested: {done:?}");
            times.push(begin.elapsed());
        }
        Ok(times)
    }
}

/// Who does not. Each of its transactions is as heavy as they get: batches that are right but for their signatures,
/// which are verified.
struct Flood {
    chain: Chain,
    transactions: Transactions,
    gateways: Vec<Keypair>,
    call: Call,
}

impl Flood {
    async fn prepare(url: &str, device: &Device) -> Result<Self> {
        let batch = Batch { expires: now() + 3_600_000, ..device.batch(DeviceId(2), 0) };
        let signature = device.sign(&Batch { root: [8; 32], ..batch.clone() });
        let gateways = (0..GATEWAYS).map(|number| account(&gateway("//Bob", number))).collect::<Result<_>>()?;
        Ok(Self {
            chain: Chain::connect(url).await?,
            transactions: Transactions::connect(url).await?,
            gateways,
            call: attest_many(&vec![(batch, signature); 32]),
        })
    }

    /// Sends so many transactions of each account. Gives how many the pool took and refused.
    async fn wave(&self, each: u64) -> Result<(u64, u64)> {
        let (mut taken, mut refused) = (0, 0);
        for gateway in &self.gateways {
            let address = gateway.public_key().to_account_id().to_string();
            let next = self.chain.call("system_accountNextIndex", vec![json!(address)]).await?;
            let next = next.as_u64().context("a nonce is a number")?;
            for transaction in self.transactions.sign_many(gateway, &self.call, next..next + each).await? {
                let transaction = json!(format!("0x{}", hex::encode(transaction)));
                match self.chain.request("author_submitExtrinsic", vec![transaction]).await {
                    Ok(_) => taken += 1,
                    Err(RpcError::Call(_)) => refused += 1,
                    Err(error) => bail!("the node that is flooded fails: {error}"),
                }
            }
        }
        Ok((taken, refused))
    }

    /// Sends more with every block.
    async fn go_on(&self) -> Result<Infallible> {
        loop {
            self.chain.grow(1).await?;
            self.wave(2).await?;
        }
    }

    /// How many of its transactions are in blocks.
    async fn included(&self) -> Result<u64> {
        let mut included = 0;
        for gateway in &self.gateways {
            included += u64::from(self.chain.nonce(&gateway.public_key().0).await?);
        }
        Ok(included)
    }
}

/// The least time that so many of a hundred do not exceed.
fn percentile(times: &[Duration], percent: usize) -> Result<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let position = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(position).copied().context("nothing was measured")
}
