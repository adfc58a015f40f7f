//! How far an upgrade of the runtime is.

use crate::{connection::NodeError, ledger::Ledger};
use citynet_primitives::Hash;
use std::time::Duration;

/// The pause before the finalised head is asked for again.
const PAUSE: Duration = Duration::from_secs(1);

/// What the chain knows about upgrades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpgradeStatus {
    /// Blake2b-256 of the code that the council authorised, if it did.
    pub authorized: Option<Hash>,
    /// Blake2b-256 of the code that the chain has taken, and the block whose execution will replace the runtime by it.
    pub scheduled: Option<(Hash, u32)>,
    /// Blake2b-256 of the calls that may be dispatched as Root.
    pub whitelisted: Vec<Hash>,
    /// Blake2b-256 of the calls that were to be dispatched as Root before they were whitelisted.
    pub deferred: Vec<Hash>,
}

impl UpgradeStatus {
    /// Whether any member may have a call dispatched as Root: the council approved that, and whitelisted it only later.
    pub fn may_be_dispatched(&self, call: &Hash) -> bool {
        self.deferred.contains(call) && self.whitelisted.contains(call)
    }
}

/// How far an upgrade is, at a block.
///
/// # Errors
///
/// [`NodeError`].
pub async fn status(ledger: &Ledger, at: &Hash) -> Result<UpgradeStatus, NodeError> {
    // `frame_system::CodeUpgradeAuthorization`: the hash, and whether the version is checked.
    let authorized: Option<(Hash, bool)> = ledger.stored("System", "AuthorizedUpgrade", at).await?;
    Ok(UpgradeStatus {
        authorized: authorized.map(|(code, _)| code),
        scheduled: ledger.stored("Upgrades", "Scheduled", at).await?,
        whitelisted: ledger.stored_hashes("Whitelist", "WhitelistedCall", at).await?,
        deferred: ledger.stored_hashes("Whitelist", "DeferredDispatch", at).await?,
    })
}

/// Waits until a block is final. Gives the hash of the finalised head then, which is that block or a later one. `waiting` is
/// told which block is final meanwhile.
///
/// # Errors
///
/// [`NodeError`].
pub async fn until_final(ledger: &Ledger, block: u32, waiting: &mut dyn FnMut(u32)) -> Result<Hash, NodeError> {
    loop {
        let (number, head) = ledger.finalized().await?;
        if number >= block {
            return Ok(head);
        }
        waiting(number);
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_motions_must_have_passed() {
        let status = |whitelisted: &[Hash], deferred: &[Hash]| {
            let (whitelisted, deferred) = (whitelisted.to_vec(), deferred.to_vec());
            let status = UpgradeStatus { authorized: None, scheduled: None, whitelisted, deferred };
            status.may_be_dispatched(&[1; 32])
        };
        assert!(status(&[[2; 32], [1; 32]], &[[1; 32]]));
        assert!(!status(&[[1; 32]], &[[2; 32]]));
        assert!(!status(&[], &[[1; 32]]));
        assert!(!status(&[], &[]));
    }
}
