//! The calls by which the consortium is governed.

use super::application::Application;
use crate::ledger::{Call, NestedCall};
use citynet_primitives::{
    Account, Hash, NodeAddress, OrganisationId, OrganisationKind, OrganisationProfile, Parameter, PeerId, PeerPurpose,
    Roles, Text,
};
use codec::{Compact, Encode, Output};
use subxt::utils::MultiSignature;

/// Why something is done, for people.
pub type Reason = Text<256>;

/// A weight: picoseconds of the reference machine, and bytes of proof.
pub type Weight = (u64, u64);

/// Bytes that are encoded already.
struct Encoded<'a>(&'a [u8]);

impl Encode for Encoded<'_> {
    fn size_hint(&self) -> usize {
        self.0.len()
    }

    fn encode_to<T: Output + ?Sized>(&self, out: &mut T) {
        out.write(self.0);
    }
}

fn consortium(name: &'static str, names: &'static [&'static str], arguments: impl Encode) -> Call {
    Call::new("Consortium", name, names, arguments)
}

fn nodes(name: &'static str, names: &'static [&'static str], arguments: impl Encode) -> Call {
    Call::new("Nodes", name, names, arguments)
}

/// What an organisation does for itself.
impl Call {
    /// Lets an account act for the sender's organisation.
    pub fn add_account(account: &Account, roles: Roles) -> Self {
        consortium("add_account", &["account", "roles"], (account, roles))
    }

    /// Gives an account of the sender's organisation other roles.
    pub fn set_roles(account: &Account, roles: Roles) -> Self {
        consortium("set_roles", &["account", "roles"], (account, roles))
    }

    /// Lets an account of the sender's organisation act no longer.
    pub fn remove_account(account: &Account) -> Self {
        consortium("remove_account", &["account"], account)
    }

    /// Changes how the sender's organisation presents itself.
    pub fn set_profile(profile: &OrganisationProfile) -> Self {
        consortium("set_profile", &["profile"], profile)
    }

    /// Takes the sender's organisation out of the consortium, for good.
    pub fn leave(reason: &Reason) -> Self {
        consortium("leave", &["reason"], reason)
    }

    /// Calls the recovery of the sender's organisation off.
    pub fn object(reason: &Reason) -> Self {
        consortium("object", &["reason"], reason)
    }

    /// Completes the recovery of an organisation to which nobody objected in time.
    pub fn complete_recovery(organisation: OrganisationId) -> Self {
        consortium("complete_recovery", &["organisation"], organisation)
    }
}

/// What members do in their council.
impl Call {
    /// Puts a call to the vote, and votes for it.
    pub fn propose(call: &NestedCall, reason: &Reason) -> Self {
        consortium("propose", &["call", "reason"], (call, reason))
    }

    /// Votes on a motion.
    pub fn vote(motion: &Hash, number: u32, approve: bool, reason: &Reason) -> Self {
        consortium("vote", &["motion", "number", "approve", "reason"], (motion, number, approve, reason))
    }

    /// Closes a motion whose call has at most this weight and so many bytes.
    pub fn close(motion: &Hash, number: u32, call_weight: Weight, call_length: u32) -> Self {
        let weight = (Compact(call_weight.0), Compact(call_weight.1));
        let names = &["motion", "number", "call_weight", "call_length"];
        consortium("close", names, (motion, number, weight, call_length))
    }
}

/// What only the council may do.
impl Call {
    /// Admits an organisation that applied.
    pub fn admit(application: &Application) -> Self {
        let Application { profile, kind, admin, expires, signature, .. } = application;
        let names = &["profile", "kind", "admin", "expires", "signature"];
        consortium("admit", names, (profile, kind, admin, expires, MultiSignature::Sr25519(*signature)))
    }

    /// Has an organisation's accounts refused until it is reinstated.
    pub fn suspend_organisation(organisation: OrganisationId, reason: &Reason) -> Self {
        consortium("suspend", &["organisation", "reason"], (organisation, reason))
    }

    /// Takes back a suspension.
    pub fn reinstate_organisation(organisation: OrganisationId, reason: &Reason) -> Self {
        consortium("reinstate", &["organisation", "reason"], (organisation, reason))
    }

    /// Puts an organisation out, for good.
    pub fn expel(organisation: OrganisationId, reason: &Reason) -> Self {
        consortium("expel", &["organisation", "reason"], (organisation, reason))
    }

    /// Has an organisation count as another kind.
    pub fn set_kind(organisation: OrganisationId, kind: OrganisationKind, reason: &Reason) -> Self {
        consortium("set_kind", &["organisation", "kind", "reason"], (organisation, kind, reason))
    }

    /// Begins to make an account an admin of an organisation that lost its keys.
    pub fn recover(organisation: OrganisationId, account: &Account, reason: &Reason) -> Self {
        consortium("recover", &["organisation", "account", "reason"], (organisation, account, reason))
    }

    /// Changes a parameter.
    pub fn set_parameter(parameter: &Parameter) -> Self {
        consortium("set_parameter", &["parameter"], parameter)
    }

    /// Lets a validator that was suspended validate again.
    pub fn reinstate_validator(account: &Account, reason: &Reason) -> Self {
        nodes("reinstate_validator", &["account", "reason"], (account, reason))
    }

    /// Lets the call with that hash be dispatched as Root, once.
    pub fn whitelist(call: &Hash) -> Self {
        Self::new("Whitelist", "whitelist_call", &["call_hash"], call)
    }

    /// Dispatches a whitelisted call as Root.
    pub fn dispatch_whitelisted(call: &NestedCall) -> Self {
        Self::new("Whitelist", "dispatch_whitelisted_call_with_preimage", &["call"], call)
    }

    /// Has every transaction with this call refused.
    pub fn pause(pallet: &str, call: &str) -> Self {
        Self::new("TxPause", "pause", &["full_name"], (pallet, call))
    }

    /// Lets a call through again.
    pub fn unpause(pallet: &str, call: &str) -> Self {
        Self::new("TxPause", "unpause", &["ident"], (pallet, call))
    }

    /// Has all transactions refused but those by which the consortium governs itself and finalises blocks.
    pub fn enter_safe_mode() -> Self {
        Self::new("SafeMode", "force_enter", &[], ())
    }

    /// Prolongs the safe mode.
    pub fn extend_safe_mode() -> Self {
        Self::new("SafeMode", "force_extend", &[], ())
    }

    /// Ends the safe mode.
    pub fn exit_safe_mode() -> Self {
        Self::new("SafeMode", "force_exit", &[], ())
    }
}

/// How the runtime is replaced.
impl Call {
    /// Allows whoever has the code with this hash to make it the runtime. Only Root may.
    pub fn authorize_upgrade(code: &Hash) -> Self {
        Self::new("System", "authorize_upgrade", &["code_hash"], code)
    }

    /// Makes code that is authorised the runtime.
    pub fn apply_authorized_upgrade(code: &[u8]) -> Self {
        Self::new("System", "apply_authorized_upgrade", &["code"], code)
    }
}

/// What organisations do with their nodes.
impl Call {
    /// Makes the sender a validator with these session keys, in SCALE.
    pub fn register_validator(keys: &[u8], proof: &[u8]) -> Self {
        nodes("register_validator", &["keys", "proof"], (Encoded(keys), proof))
    }

    /// Gives the validator that sends this other session keys, in SCALE.
    pub fn rotate_keys(keys: &[u8], proof: &[u8]) -> Self {
        nodes("rotate_keys", &["keys", "proof"], (Encoded(keys), proof))
    }

    /// Takes a validator out of the set.
    pub fn withdraw_validator(account: &Account, reason: &Reason) -> Self {
        nodes("withdraw_validator", &["account", "reason"], (account, reason))
    }

    /// Lets a node into the network.
    pub fn add_peer(peer: PeerId, purpose: PeerPurpose, address: Option<&NodeAddress>) -> Self {
        nodes("add_peer", &["peer", "purpose", "address"], (peer, purpose, address))
    }

    /// Takes a node out of the network.
    pub fn remove_peer(peer: PeerId) -> Self {
        nodes("remove_peer", &["peer"], peer)
    }
}
