//! The report of a rehearsal: what came of it when a new runtime was tried on the chain's state, with all its checks.
//!
//! `citynet-node try-upgrade RUNTIME --out report.json` makes it, on a database of the chain. It is the word of whoever
//! made it: who votes on an upgrade rehearses it on a database of their own.

use super::code::Version;
use crate::rpc::{Decimal, Hex, RuntimeVersion};
use citynet_primitives::Hash;
use serde::{Deserialize, Serialize};
use std::{fs, io, path::Path};

/// A report cannot be read, or does not speak for the upgrade.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The file cannot be read.
    #[error("cannot read the report: {0}")]
    File(#[from] io::Error),
    /// It is no report.
    #[error("this is no report of `citynet-node try-upgrade`: {0}")]
    Format(#[from] serde_json::Error),
    /// The runtime must not become the chain's.
    #[error("the upgrade failed when it was rehearsed on block {block}: {reason}")]
    Failed {
        /// On the state of which block.
        block: u32,
        /// What the node said.
        reason: String,
    },
    /// It was rehearsed elsewhere.
    #[error("the upgrade was rehearsed on the chain with genesis {0}, not on this one")]
    OtherChain(Hex),
    /// Something else was rehearsed.
    #[error("what was rehearsed is `{name}` version {version}, not this code")]
    OtherRuntime {
        /// Its name.
        name: String,
        /// Its version.
        version: u32,
    },
    /// The chain has been upgraded since.
    #[error("the upgrade was rehearsed from version {then}, and the chain has version {now}: rehearse it again")]
    OtherPredecessor {
        /// The version that the chain had in the rehearsal.
        then: u32,
        /// The version that it has.
        now: u32,
    },
}

/// A weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Weight {
    /// Picoseconds of the reference machine.
    pub ref_time: Decimal,
    /// Bytes of proof.
    pub proof_size: Decimal,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rehearsal {
    /// Hash of the chain's first block.
    pub genesis: Hex,
    /// On the state of which block.
    pub block: u32,
    /// Its hash.
    pub block_hash: Hex,
    /// Which chain the runtime is for.
    pub spec_name: String,
    /// The version of the runtime that the chain had.
    pub from_spec_version: u32,
    /// The version of the new one.
    pub spec_version: u32,
    /// Whether all went well.
    pub passed: bool,
    /// What did not.
    pub failure: Option<String>,
    /// What the migrations weigh. Only of a rehearsal that passed.
    pub weight: Option<Weight>,
    /// What a block may weigh. Only of a rehearsal that passed.
    pub max_weight: Option<Weight>,
    /// Blake2b-256 of the code that was tried. It has the checks in it, so it is not the code that is upgraded to.
    pub code_hash: Hex,
}

impl Rehearsal {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`RehearsalError::File`] and [`RehearsalError::Format`].
    pub fn read(path: &Path) -> Result<Self, RehearsalError> {
        Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
    }

    /// Whether it speaks for upgrading the chain with that genesis and runtime to that code.
    ///
    /// # Errors
    ///
    /// All other [`RehearsalError`]s.
    pub fn check(&self, genesis: &Hash, now: &RuntimeVersion, code: &Version) -> Result<(), RehearsalError> {
        if self.genesis.0 != genesis {
            return Err(RehearsalError::OtherChain(self.genesis.clone()));
        }
        if (&self.spec_name, self.spec_version) != (&code.spec_name, code.spec_version) {
            return Err(RehearsalError::OtherRuntime { name: self.spec_name.clone(), version: self.spec_version });
        }
        if self.from_spec_version != now.spec_version {
            return Err(RehearsalError::OtherPredecessor { then: self.from_spec_version, now: now.spec_version });
        }
        if !self.passed {
            let reason = self.failure.clone().unwrap_or_else(|| "the report does not say why".to_owned());
            return Err(RehearsalError::Failed { block: self.block, reason });
        }
        Ok(())
    }

    /// How much of a block the migrations take, in per cent. Nothing if the report does not say.
    pub fn share_of_a_block(&self) -> Option<u64> {
        let share = |used: Decimal, most: Decimal| match (used.0, most.0) {
            (0, _) => 0,
            (used, most) => used.saturating_mul(100).div_ceil(most.max(1)),
        };
        let (used, most) = (self.weight?, self.max_weight?);
        Some(share(used.ref_time, most.ref_time).max(share(used.proof_size, most.proof_size)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENESIS: Hash = [1; 32];

    fn report() -> serde_json::Value {
        serde_json::json!({
            "genesis": format!("0x{}", "01".repeat(32)),
            "block": 1234,
            "blockHash": format!("0x{}", "02".repeat(32)),
            "specName": "citynet",
            "fromSpecVersion": 1,
            "specVersion": 2,
            "passed": true,
            "failure": null,
            "weight": { "refTime": "18000000000", "proofSize": "0" },
            "maxWeight": { "refTime": "600000000000", "proofSize": "18446744073709551615" },
            "codeHash": format!("0x{}", "03".repeat(32)),
        })
    }

    fn with(field: &str, value: serde_json::Value) -> Rehearsal {
        let mut report = report();
        report[field] = value;
        serde_json::from_value(report).unwrap()
    }

    fn check(rehearsal: &Rehearsal) -> Result<(), RehearsalError> {
        let now = RuntimeVersion { spec_name: "citynet".into(), spec_version: 1, transaction_version: 1 };
        let code = Version { spec_name: "citynet".into(), spec_version: 2, transaction_version: 1 };
        rehearsal.check(&GENESIS, &now, &code)
    }

    #[test]
    fn a_report_is_read_and_speaks_for_its_upgrade() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");
        assert!(matches!(Rehearsal::read(&path), Err(RehearsalError::File(_))));
        fs::write(&path, "{}").unwrap();
        assert!(matches!(Rehearsal::read(&path), Err(RehearsalError::Format(_))));
        fs::write(&path, report().to_string()).unwrap();
        let rehearsal = Rehearsal::read(&path).unwrap();
        assert_eq!((rehearsal.block, &rehearsal.block_hash.0[..]), (1234, &[2; 32][..]));
        assert_eq!(rehearsal.weight.unwrap().ref_time, Decimal(18_000_000_000));
        assert!(check(&rehearsal).is_ok());
        // As it is shown is as it was read.
        assert_eq!(serde_json::to_value(&rehearsal).unwrap(), report());
    }

    #[test]
    fn any_other_report_is_refused() {
        let other = |field, value| check(&with(field, value)).unwrap_err();
        assert!(matches!(other("genesis", "0x02".into()), RehearsalError::OtherChain(_)));
        assert!(matches!(other("specName", "statemint".into()), RehearsalError::OtherRuntime { version: 2, .. }));
        assert!(matches!(other("specVersion", 3.into()), RehearsalError::OtherRuntime { version: 3, .. }));
        assert!(matches!(other("fromSpecVersion", 0.into()), RehearsalError::OtherPredecessor { then: 0, now: 1 }));
        assert!(matches!(other("passed", false.into()), RehearsalError::Failed { block: 1234, .. }));

        let mut failed = with("passed", false.into());
        failed.failure = Some("the tree is damaged".into());
        let refusal = check(&failed).unwrap_err().to_string();
        assert_eq!(refusal, "the upgrade failed when it was rehearsed on block 1234: the tree is damaged");
    }

    #[test]
    fn the_share_of_a_block_is_that_of_what_is_scarcer() {
        assert_eq!(serde_json::from_value::<Rehearsal>(report()).unwrap().share_of_a_block(), Some(3));
        let weight = |ref_time: u64, proof_size: u64| {
            let weight = serde_json::json!({ "refTime": ref_time, "proofSize": proof_size });
            with("weight", weight).share_of_a_block()
        };
        assert_eq!(weight(0, 0), Some(0));
        assert_eq!(weight(1, 0), Some(1));
        assert_eq!(weight(1_200_000_000_000, 0), Some(200));
        let nothing = serde_json::json!({ "refTime": 0, "proofSize": 0 });
        assert_eq!(with("maxWeight", nothing).share_of_a_block(), Some(1_800_000_000_000));
        assert_eq!(with("weight", serde_json::Value::Null).share_of_a_block(), None);
    }
}
