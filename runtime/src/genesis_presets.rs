//! Genesis configurations that come with the runtime. Their keys are known to everybody: they are for development and
//! tests. A real consortium's configuration is a file of its own under `chain-specs/`.

use crate::{AccountId, ConsortiumConfig, NodesConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys, TimingConfig};
use alloc::{string::String, vec, vec::Vec};
use citynet_primitives::{OrganisationId, OrganisationKind, Role, Roles};
use frame_support::build_struct_json_patch;
use pallet_consortium::GenesisOrganisation;
use serde_json::Value;
use sp_core::{hex2array, H256};
use sp_genesis_builder::PresetId;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// One organisation, one validator.
pub const DEVELOPMENT: &str = sp_genesis_builder::DEV_RUNTIME_PRESET;
/// Four organisations with a validator each, on one machine.
pub const LOCAL: &str = "local";

/// A slot of one second: the validators are close to one another.
const SLOT_DURATION: u64 = 1_000;

/// An organisation of the presets. Its account `//Name` has every role, and validates with session keys of the same
/// name.
struct Founder {
    name: &'static str,
    kind: OrganisationKind,
    account: Sr25519Keyring,
    finality: Ed25519Keyring,
    /// `//Name//gateway`, which may only attest.
    gateway: [u8; 32],
}

const CITY: Founder = Founder {
    name: "City of Saint Petersburg",
    kind: OrganisationKind::Government,
    account: Sr25519Keyring::Alice,
    finality: Ed25519Keyring::Alice,
    gateway: hex2array!("e46037e2111d245682225584c26c038fad89bb7f69a43b0aedfcb1c2cd94422e"),
};

const TELECOM: Founder = Founder {
    name: "Neva Telecom",
    kind: OrganisationKind::Telecom,
    account: Sr25519Keyring::Bob,
    finality: Ed25519Keyring::Bob,
    gateway: hex2array!("e08ab0e4d456020d597320abcb1f3be2ea70b60a616e05b4b80ce563ea759b1a"),
};

const POLYTECHNIC: Founder = Founder {
    name: "Polytechnic University",
    kind: OrganisationKind::University,
    account: Sr25519Keyring::Charlie,
    finality: Ed25519Keyring::Charlie,
    gateway: hex2array!("6866f6ce3bd77c8399b3d5c523b2ed8312a938b273743ef4d4025fc3e2dc4734"),
};

const INFORMATION_TECHNOLOGIES: Founder = Founder {
    name: "University of Information Technologies",
    kind: OrganisationKind::University,
    account: Sr25519Keyring::Dave,
    finality: Ed25519Keyring::Dave,
    gateway: hex2array!("a05dcf48c2e7046f288145ebd84d540bff90ce1caba797af624315344caa5261"),
};

impl Founder {
    fn organisation(&self) -> GenesisOrganisation<AccountId> {
        GenesisOrganisation {
            name: String::from(self.name),
            contact: String::new(),
            legal_id: H256::zero(),
            kind: self.kind,
            accounts: vec![
                (self.account.to_account_id(), Roles::of(Role::ALL)),
                (self.gateway.into(), Roles::of(&[Role::Attestor])),
            ],
        }
    }

    fn session_keys(&self) -> (AccountId, AccountId, SessionKeys) {
        let account = self.account.to_account_id();
        let keys = SessionKeys { aura: self.account.public().into(), grandpa: self.finality.public().into() };
        (account.clone(), account, keys)
    }
}

fn genesis(founders: &[Founder]) -> Value {
    // Organisations are numbered from 1 in their order.
    let validators = (1..).map(OrganisationId).zip(founders.iter().map(|founder| founder.account.to_account_id()));
    build_struct_json_patch!(RuntimeGenesisConfig {
        timing: TimingConfig { slot_duration: SLOT_DURATION },
        consortium: ConsortiumConfig { organisations: founders.iter().map(Founder::organisation).collect::<Vec<_>>() },
        nodes: NodesConfig { validators: validators.collect::<Vec<_>>() },
        session: SessionConfig { keys: founders.iter().map(Founder::session_keys).collect::<Vec<_>>() },
    })
}

/// The configuration with that name, as JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let config = match id.as_str() {
        DEVELOPMENT => genesis(&[CITY]),
        LOCAL => genesis(&[CITY, TELECOM, POLYTECHNIC, INFORMATION_TECHNOLOGIES]),
        _ => return None,
    };
    serde_json::to_vec(&config).ok()
}

/// The names that [`get_preset`] knows.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEVELOPMENT), PresetId::from(LOCAL)]
}
