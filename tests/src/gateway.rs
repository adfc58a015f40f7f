//! A gateway of the first organisation that attests without end, so that records are made while something else happens.

use crate::{
    device::{attest_many, Device},
    transactions::{account, Outcome, Transactions},
    Chain, Node,
};
use anyhow::{ensure, Result};
use citynet_primitives::{DeviceId, OrganisationId};
use std::convert::Infallible;
use subxt_signer::sr25519::{dev, Keypair};

const CITY: OrganisationId = OrganisationId(1);
/// The first one that is registered.
const DEVICE: DeviceId = DeviceId(1);
/// Batches in a transaction: as many as it can have.
const BATCHES: u64 = 32;
/// Transactions at a time.
const TRANSACTIONS: u64 = 4;

/// The gateway, with the only device of the ledger.
pub struct Gateway {
    chain: Chain,
    transactions: Transactions,
    keys: Keypair,
    device: Device,
}

impl Gateway {
    /// Registers the device, through that node.
    ///
    /// # Errors
    ///
    /// When it is not registered, or is not the first one.
    pub async fn open(node: &Node) -> Result<Self> {
        let (chain, transactions) = (node.chain().await?, Transactions::connect(node.url()).await?);
        let device = Device::new([1; 32], chain.genesis().await?);
        let done = transactions.submit(&dev::alice(), &device.register(CITY)).await?;
        ensure!(done == Outcome::Succeeded, "the device was not registered: {done:?}");
        ensure!(chain.device(DeviceId(DEVICE.0 + 1)).await?.is_none(), "there was a device before");
        Ok(Self { chain, transactions, keys: account("//Alice//gateway")?, device })
    }

    /// Attests batches of one reading each, many in every block, until it is dropped.
    ///
    /// # Errors
    ///
    /// When one is not attested.
    pub async fn go_on(&self) -> Result<Infallible> {
        let mut first = 0;
        loop {
            let calls = (0..TRANSACTIONS).map(|transaction| {
                let first = first + transaction * BATCHES;
                let batches = (first..first + BATCHES).map(|sequence| {
                    let batch = self.device.batch(DEVICE, sequence);
                    let signature = self.device.sign(&batch);
                    (batch, signature)
                });
                attest_many(&batches.collect::<Vec<_>>())
            });
            let calls: Vec<_> = calls.collect();
            for outcome in self.transactions.submit_all(&self.chain, &self.keys, &calls).await? {
                ensure!(outcome == Outcome::Succeeded, "batches from {first} on were not attested: {outcome:?}");
            }
            first += TRANSACTIONS * BATCHES;
        }
    }
}
