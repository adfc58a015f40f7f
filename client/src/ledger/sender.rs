//! Signing and sending.

use super::{digest, Call, Ledger, Outcome, SendError, Signed, ERA};
use crate::{
    connection::{NodeError, Snapshot},
    keys::AccountKey,
};
use citynet_primitives::Account;
use std::{
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::{Duration, Instant},
};
use subxt::{config::substrate::SubstrateExtrinsicParamsBuilder, utils::AccountId32, SubstrateConfig};
use tokio::sync::Mutex;

/// For how long a finalised head is recent enough to begin an era with.
const HEAD_AGE: Duration = Duration::from_secs(20);

/// Signs and sends the transactions of one account, in one sequence of nonces.
#[derive(Debug)]
pub struct Sender<'a> {
    ledger: &'a Ledger,
    key: AccountKey,
    nonce: StdMutex<u64>,
    head: Mutex<Option<(Instant, Arc<Snapshot>)>>,
}

impl<'a> Sender<'a> {
    /// For an account. [`Sender::begin`] comes first.
    pub fn new(ledger: &'a Ledger, key: AccountKey) -> Self {
        Self { ledger, key, nonce: StdMutex::new(0), head: Mutex::default() }
    }

    /// The account.
    pub fn account(&self) -> Account {
        self.key.account()
    }

    /// Goes on with the nonce after that of the account's last transaction, whether in a block or waiting for one.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn begin(&self) -> Result<(), NodeError> {
        let account = AccountId32(self.account());
        let next = self
            .ledger
            .with(async |connection| {
                let next = connection.methods.system_account_next_index(&account).await;
                next.map_err(|error| connection.failed(error))
            })
            .await?;
        *self.nonce.lock().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// Takes the next nonce. Whoever takes one must send with it, or those after it wait for it.
    pub fn reserve(&self) -> u64 {
        let mut next = self.nonce.lock().unwrap_or_else(PoisonError::into_inner);
        let nonce = *next;
        *next += 1;
        nonce
    }

    /// Sends a call with a nonce and follows it until it is final. A signature holds for one version of the runtime, so
    /// a call that an upgrade overtakes is signed again, and so is one that the node forgot with a block that lost.
    ///
    /// # Errors
    ///
    /// [`SendError`]; all but [`SendError::Node`] mean that the call has no effect.
    pub async fn send(&self, call: &Call, nonce: u64) -> Result<Outcome, SendError> {
        let mut signed = self.sign(call, nonce).await?;
        loop {
            if let Some(outcome) = self.ledger.follow(&signed).await? {
                return Ok(outcome);
            }
            *self.head.lock().await = None;
            signed = self.sign(call, nonce).await?.after(signed);
        }
    }

    /// Sends a single call and follows it until it is final, again when another process takes the nonce.
    ///
    /// # Errors
    ///
    /// As [`Sender::send`].
    pub async fn submit(&self, call: &Call) -> Result<Outcome, SendError> {
        let mut attempts = 1;
        loop {
            self.begin().await?;
            match self.send(call, self.reserve()).await {
                Err(SendError::Replaced) if attempts < 3 => attempts += 1,
                done => return done,
            }
        }
    }

    async fn sign(&self, call: &Call, nonce: u64) -> Result<Signed, SendError> {
        let head = self.head().await?;
        let (number, hash) = (head.block_number(), head.block_hash());
        let params = SubstrateExtrinsicParamsBuilder::<SubstrateConfig>::new()
            .nonce(nonce)
            .mortal_from_unchecked(u64::from(ERA), number, hash)
            .build();
        let encoding = |error: subxt::error::ExtrinsicError| SendError::Encoding(error.to_string());
        let signed = head.tx().create_signable_offline(call, params).and_then(|mut signable| signable.sign(&self.key));
        let begin = u32::try_from(number).map_err(NodeError::answer)?;
        let bytes = signed.map_err(encoding)?.into_encoded();
        Ok(Signed {
            digests: vec![digest(&bytes)],
            bytes,
            account: self.account(),
            nonce,
            begin,
            end: begin.saturating_add(ERA),
            spec_version: head.spec_version(),
        })
    }

    /// A recent finalised head, to sign with.
    async fn head(&self) -> Result<Arc<Snapshot>, NodeError> {
        let mut known = self.head.lock().await;
        if let Some((since, head)) = known.as_ref() {
            if since.elapsed() < HEAD_AGE {
                return Ok(head.clone());
            }
        }
        let head = self
            .ledger
            .with(async |connection| {
                let (number, hash) = connection.finalized().await?;
                connection.at(number, hash).await
            })
            .await?;
        let head = Arc::new(head);
        *known = Some((Instant::now(), head.clone()));
        Ok(head)
    }
}
