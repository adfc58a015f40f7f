//! The consortium, its council and its nodes over JSON-RPC.

use super::{Decimal, Hex, Rpc};
use crate::connection::NodeError;
use serde::{de::DeserializeOwned, Deserialize, Serialize};
use subxt::rpcs::rpc_params;

/// An organisation's account.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AccountView {
    /// Its public key.
    pub account: Hex,
    /// What it may do.
    pub roles: Vec<String>,
}

/// An organisation.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationView {
    /// Its number.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Where it can be reached, or nothing.
    pub contact: String,
    /// SHA-256 of the document by which it exists in law, or zeros.
    pub legal_id: Hex,
    /// What it is.
    pub kind: String,
    /// `active`, `suspended`, `expelled` or `left`.
    pub status: String,
    /// Whether it votes.
    pub seat: bool,
    /// Its accounts.
    pub accounts: Vec<AccountView>,
}

/// How much computing organisations of a kind may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct QuotaView {
    /// What they get back with every block, in microseconds.
    pub rate: u32,
    /// The most they can save, in microseconds.
    pub burst: u32,
}

/// The parameters that the council sets.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParametersView {
    /// The least number of members with a seat.
    pub min_members: u32,
    /// The least number of validators.
    pub min_validators: u32,
    /// The most validators of one organisation.
    pub max_validators_per_organisation: u32,
    /// How long a motion is open, in blocks.
    pub motion_duration: u32,
    /// For how many blocks an organisation can object to its recovery.
    pub recovery_delay: u32,
    /// After how many of its own turns in a row a validator counts as silent.
    pub silent_after: u32,
    /// The quotas, in the order of `OrganisationKind::ALL`.
    pub quotas: Vec<QuotaView>,
}

/// A motion that is open.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct MotionView {
    /// Blake2b-256 of the call.
    pub motion: Hex,
    /// Its number.
    pub number: u32,
    /// How many seats must approve.
    pub threshold: u32,
    /// How many seats there are.
    pub seats: u32,
    /// The organisations that approve.
    pub yes: Vec<u32>,
    /// Those that do not.
    pub no: Vec<u32>,
    /// The last block in which votes are taken.
    pub end: u32,
    /// The call in SCALE.
    pub call: Hex,
}

/// A recovery that is under way.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RecoveryView {
    /// The organisation.
    pub organisation: u32,
    /// Its admin to be.
    pub account: Hex,
    /// The first block in which it can be completed.
    pub matures: u32,
}

/// A validator.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ValidatorView {
    /// Whose it is.
    pub organisation: u32,
    /// Its account.
    pub account: Hex,
    /// `registered` or `suspended`.
    pub status: String,
    /// Whether it is in the set that authors and finalises now.
    pub active: bool,
    /// Whether it is to be in the next set.
    pub next: bool,
    /// Its session keys in SCALE, those that it set last.
    pub keys: Hex,
    /// How many of its slots it has skipped.
    pub skipped: Decimal,
    /// Whether it let its last turns pass while others authored.
    pub silent: bool,
}

/// A node that belongs to the network.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PeerView {
    /// Whose it is.
    pub organisation: u32,
    /// Its id.
    pub peer: String,
    /// `validator`, `archive` or `boot`.
    pub purpose: String,
    /// Where it listens, if everybody may know.
    pub address: Option<String>,
}

impl Rpc<'_> {
    /// A method that answers with a whole list.
    async fn list<T: DeserializeOwned>(&self, method: &str) -> Result<Vec<T>, NodeError> {
        #[derive(Deserialize)]
        struct Answer<T> {
            items: Vec<T>,
        }
        let answer: Answer<T> = self.call(method, rpc_params![]).await?;
        Ok(answer.items)
    }

    /// `citynet_organisations`.
    pub async fn organisations(&self) -> Result<Vec<OrganisationView>, NodeError> {
        self.list("citynet_organisations").await
    }

    /// `citynet_organisation`.
    pub async fn organisation(&self, id: u32) -> Result<OrganisationView, NodeError> {
        #[derive(Deserialize)]
        struct Answer {
            organisation: OrganisationView,
        }
        let answer: Answer = self.call("citynet_organisation", rpc_params![id]).await?;
        Ok(answer.organisation)
    }

    /// `citynet_parameters`.
    pub async fn parameters(&self) -> Result<ParametersView, NodeError> {
        #[derive(Deserialize)]
        struct Answer {
            parameters: ParametersView,
        }
        let answer: Answer = self.call("citynet_parameters", rpc_params![]).await?;
        Ok(answer.parameters)
    }

    /// `citynet_motions`.
    pub async fn motions(&self) -> Result<Vec<MotionView>, NodeError> {
        self.list("citynet_motions").await
    }

    /// `citynet_recoveries`.
    pub async fn recoveries(&self) -> Result<Vec<RecoveryView>, NodeError> {
        self.list("citynet_recoveries").await
    }

    /// `citynet_validators`.
    pub async fn validators(&self) -> Result<Vec<ValidatorView>, NodeError> {
        self.list("citynet_validators").await
    }

    /// `citynet_peers`.
    pub async fn peers(&self) -> Result<Vec<PeerView>, NodeError> {
        self.list("citynet_peers").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{
        AccountRoles, MotionInfo, OrganisationId, OrganisationInfo, OrganisationKind, OrganisationProfile,
        OrganisationStatus, Parameters, PeerId, PeerInfo, PeerPurpose, Quota, RecoveryInfo, Role, Roles, ValidatorInfo,
        ValidatorStatus,
    };

    /// What the node writes, read here.
    fn read<T: DeserializeOwned>(written: impl Serialize) -> T {
        serde_json::from_value(serde_json::to_value(written).unwrap()).unwrap()
    }

    #[test]
    fn organisations_are_read_as_nodes_write_them() {
        let organisation: OrganisationView = read(OrganisationInfo {
            id: OrganisationId(3),
            profile: OrganisationProfile {
                name: b"Neva University".to_vec().try_into().unwrap(),
                contact: b"mailto:ledger@neva.example".to_vec().try_into().unwrap(),
                legal_id: [7; 32],
            },
            kind: OrganisationKind::University,
            status: OrganisationStatus::Left,
            seat: false,
            accounts: vec![AccountRoles { account: [9; 32], roles: Roles::of(&[Role::Admin, Role::Validator]) }],
        });
        assert_eq!((organisation.id, organisation.name.as_str()), (3, "Neva University"));
        assert_eq!(organisation.contact, "mailto:ledger@neva.example");
        assert_eq!(organisation.legal_id, Hex(vec![7; 32]));
        assert_eq!((organisation.kind.as_str(), organisation.status.as_str()), ("university", "left"));
        assert_eq!(organisation.accounts[0].roles, ["admin", "validator"]);
    }

    #[test]
    fn the_council_is_read_as_nodes_write_it() {
        let motion: MotionView = read(MotionInfo {
            motion: [1; 32],
            number: 4,
            threshold: 3,
            seats: 4,
            yes: vec![OrganisationId(1), OrganisationId(2)],
            no: vec![OrganisationId(3)],
            end: 900,
            call: vec![20, 6].try_into().unwrap(),
        });
        assert_eq!((motion.motion, motion.call), (Hex(vec![1; 32]), Hex(vec![20, 6])));
        assert_eq!((motion.yes, motion.no), (vec![1, 2], vec![3]));
        let recovery: RecoveryView =
            read(RecoveryInfo { organisation: OrganisationId(2), account: [5; 32], matures: 77 });
        assert_eq!((recovery.organisation, recovery.account, recovery.matures), (2, Hex(vec![5; 32]), 77));
        let parameters: ParametersView = read(Parameters {
            min_members: 1,
            min_validators: 2,
            max_validators_per_organisation: 3,
            motion_duration: 4,
            recovery_delay: 5,
            silent_after: 6,
            quotas: [Quota { rate: 7, burst: 8 }; 6],
        });
        assert_eq!((parameters.max_validators_per_organisation, parameters.silent_after), (3, 6));
        assert_eq!(parameters.quotas, [QuotaView { rate: 7, burst: 8 }; 6]);
    }

    #[test]
    fn nodes_are_read_as_nodes_write_them() {
        let validator: ValidatorView = read(ValidatorInfo {
            organisation: OrganisationId(1),
            account: [2; 32],
            status: ValidatorStatus::Suspended,
            active: true,
            next: false,
            keys: vec![3; 64].try_into().unwrap(),
            skipped: u64::MAX,
            silent: true,
        });
        assert_eq!((validator.status.as_str(), validator.skipped), ("suspended", Decimal(u64::MAX)));
        assert_eq!(validator.keys, Hex(vec![3; 64]));
        let peer: PeerView = read(PeerInfo {
            organisation: OrganisationId(1),
            peer: PeerId([4; 32]),
            purpose: PeerPurpose::Boot,
            address: None,
        });
        assert_eq!((peer.peer, peer.purpose.as_str(), peer.address), (PeerId([4; 32]).to_string(), "boot", None));
    }
}
