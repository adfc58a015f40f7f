//! How far an upgrade of the runtime is.

use crate::{connection::NodeError, ledger::Ledger};
use citynet_primitives::Hash;

/// What the chain knows about upgrades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpgradeStatus {
    /// Blake2b-256 of the code that the council authorised, if it did.
    pub authorized: Option<Hash>,
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
        whitelisted: ledger.stored_hashes("Whitelist", "WhitelistedCall", at).await?,
        deferred: ledger.stored_hashes("Whitelist", "DeferredDispatch", at).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_motions_must_have_passed() {
        let status = |whitelisted: &[Hash], deferred: &[Hash]| {
            let status =
                UpgradeStatus { authorized: None, whitelisted: whitelisted.to_vec(), deferred: deferred.to_vec() };
            status.may_be_dispatched(&[1; 32])
        };
        assert!(status(&[[2; 32], [1; 32]], &[[1; 32]]));
        assert!(!status(&[[1; 32]], &[[2; 32]]));
        assert!(!status(&[], &[[1; 32]]));
        assert!(!status(&[], &[]));
    }
}
