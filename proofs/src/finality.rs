//! What every document rests on: one block that is final, made so by authorities who follow from those that the reader
//! trusts.

use crate::{
    authorities::{self, SetChangeError, StateProofError},
    evidence::{AuthoritiesProof, FormatError, GenesisProof, JustifiedHeader},
    genesis,
    grandpa::{Authorities, Justification, JustificationError, Votes},
    header::Header,
    hex_text,
    verify::{at, Passed, Reason, Step},
};
use alloc::{format, vec::Vec};
use citynet_primitives::Hash;
use serde::Serialize;

/// What the reader knows from elsewhere and trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The chain's genesis hash. The document must start at genesis.
    Genesis(Hash),
    /// A later authority set. The document must start at exactly this set; see [`AuthoritiesProof::since_checkpoint`].
    Checkpoint {
        /// The chain's genesis hash. No GRANDPA vote mentions it, so a checkpoint must say of which chain it is.
        genesis: Hash,
        /// The number of the set.
        set_id: u64,
        /// Its members and their weights.
        authorities: Authorities,
    },
}

impl Trust {
    fn genesis(&self) -> &Hash {
        match self {
            Self::Genesis(genesis) | Self::Checkpoint { genesis, .. } => genesis,
        }
    }
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    /// Its number.
    pub number: u32,
    /// Its hash.
    #[serde(serialize_with = "hex_text::one::serialize")]
    pub hash: Hash,
}

/// Why one authority set does not follow from the one before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthoritiesError {
    /// The header hands over to nobody.
    #[error("the change to set {to}: {source}")]
    Change {
        /// The set that should begin.
        to: u64,
        /// What is wrong.
        source: SetChangeError,
    },
    /// The set before did not make the header final.
    #[error("the change to set {to}: {source}")]
    Unjustified {
        /// The set that should begin.
        to: u64,
        /// What is wrong.
        source: JustificationError,
    },
    /// Blocks of later sets have higher numbers.
    #[error("set {set} began in block {began}, but block {block} is said to be final by it")]
    Order {
        /// The set.
        set: u64,
        /// The block that handed over to it.
        began: u32,
        /// A block that it should have made final.
        block: u32,
    },
}

/// Why the first authority set is not the one that the reader trusts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenesisError {
    /// Another chain.
    #[error("the bundle is of the chain with genesis {}, not {}", hex_text::print(.found), hex_text::print(.trusted))]
    OtherChain {
        /// The genesis hash in the bundle.
        found: Hash,
        /// The one that the reader trusts.
        trusted: Hash,
    },
    /// The bundle was made for a reader with a checkpoint.
    #[error("the bundle does not start at genesis; it needs the checkpoint for which it was made")]
    Absent,
    /// The bundle was not made for a reader with a checkpoint.
    #[error("the bundle starts at genesis; verify it with the genesis hash, or cut it to the checkpoint's set {0}")]
    Present(u64),
    /// The state is not that of the genesis block.
    #[error("`stateRoot` is not the state root of the genesis block {}", hex_text::print(.0))]
    StateRoot(Hash),
    /// See [`StateProofError`].
    #[error(transparent)]
    State(#[from] StateProofError),
}

/// Checks that a document is of the chain that the reader trusts, before anything else in it can be blamed.
pub(crate) fn check_chain(found: Hash, trust: &Trust) -> Result<(), GenesisError> {
    let trusted = *trust.genesis();
    if found != trusted {
        return Err(GenesisError::OtherChain { found, trusted });
    }
    Ok(())
}

/// The final block of a document, with what leads to the authorities who made it final.
pub(crate) struct Foundation<'a> {
    block: Justified,
    changes: Vec<Justified>,
    genesis: Option<&'a GenesisProof>,
}

struct Justified {
    header: Header,
    justification: Justification,
}

impl<'a> Foundation<'a> {
    pub(crate) fn decode(finality: &JustifiedHeader, authorities: &'a AuthoritiesProof) -> Result<Self, FormatError> {
        let changes = authorities.changes.iter().map(|change| Justified::decode("authorities.changes", change));
        Ok(Self {
            block: Justified::decode("finality", finality)?,
            changes: changes.collect::<Result<_, _>>()?,
            genesis: authorities.genesis.as_ref(),
        })
    }

    /// The header of the block. Nothing in it means anything until [`Foundation::verify`] has passed.
    pub(crate) fn header(&self) -> &Header {
        &self.block.header
    }

    pub(crate) fn block(&self) -> Block {
        Block { number: self.header().number, hash: self.header().hash() }
    }

    /// Proves the authority sets downwards from what the reader trusts, so that no vote is ever counted for a set that is
    /// not itself proven, and then that the last one made the block final. Gives the number of that set.
    pub(crate) fn verify(
        &self,
        genesis_hash: &Hash,
        trust: &Trust,
        passed: &mut Passed,
    ) -> Result<u64, (Step, Reason)> {
        let (first_set, first) = self.first_authorities(genesis_hash, trust, passed).map_err(at(Step::Genesis))?;
        let (set_id, authorities) = self.last_authorities(first_set, first, passed).map_err(at(Step::Authorities))?;
        let votes = self.block.verify(set_id, &authorities).map_err(at(Step::Finality))?;
        let block = self.block();
        passed.insert(
            Step::Finality,
            format!(
                "block {} ({}) was made final by {} of the {} authorities of set {set_id}",
                block.number,
                hex_text::print(&block.hash),
                votes.voters,
                votes.authorities
            ),
        );
        Ok(set_id)
    }

    /// The set from which the reader starts: from the genesis state, or the checkpoint's.
    fn first_authorities(
        &self,
        genesis_hash: &Hash,
        trust: &Trust,
        passed: &mut Passed,
    ) -> Result<(u64, Authorities), GenesisError> {
        let chain = hex_text::print(genesis_hash);
        match (trust, self.genesis) {
            (Trust::Genesis(_), Some(GenesisProof { proof, state_root })) => {
                if genesis::header_hash(state_root) != *genesis_hash {
                    return Err(GenesisError::StateRoot(*genesis_hash));
                }
                let first = authorities::in_genesis_state(state_root, proof)?;
                let what = format!("set 0 of {} authorities is in the genesis state of chain {chain}", first.len());
                passed.insert(Step::Genesis, what);
                Ok((0, first))
            }
            (Trust::Checkpoint { set_id, authorities, .. }, None) => {
                let what = format!(
                    "set {set_id} of {} authorities is the trusted checkpoint of chain {chain}",
                    authorities.len()
                );
                passed.insert(Step::Genesis, what);
                Ok((*set_id, authorities.clone()))
            }
            (Trust::Genesis(_), None) => Err(GenesisError::Absent),
            (Trust::Checkpoint { set_id, .. }, Some(_)) => Err(GenesisError::Present(*set_id)),
        }
    }

    /// The set after all changes, which is the one that should have made the block final.
    fn last_authorities(
        &self,
        first_set: u64,
        first: Authorities,
        passed: &mut Passed,
    ) -> Result<(u64, Authorities), AuthoritiesError> {
        let (mut set, mut authorities, mut began) = (first_set, first, None);
        for change in &self.changes {
            // A set id is a count of changes; a checkpoint at the very end of u64 is no chain's.
            let to = set.saturating_add(1);
            change.verify(set, &authorities).map_err(|source| AuthoritiesError::Unjustified { to, source })?;
            check_order(set, began, change.header.number)?;
            authorities =
                authorities::handed_over(&change.header).map_err(|source| AuthoritiesError::Change { to, source })?;
            began = Some(change.header.number);
            set = to;
        }
        check_order(set, began, self.block.header.number)?;
        passed.insert(
            Step::Authorities,
            match self.changes.len() {
                0 => format!("set {set} is the first one: nothing changed"),
                1 => format!("one justified change leads from set {first_set} to set {set}"),
                changes => format!("{changes} justified changes lead from set {first_set} to set {set}"),
            },
        );
        Ok((set, authorities))
    }
}

fn check_order(set: u64, began: Option<u32>, block: u32) -> Result<(), AuthoritiesError> {
    match began {
        Some(began) if block <= began => Err(AuthoritiesError::Order { set, began, block }),
        _ => Ok(()),
    }
}

impl Justified {
    fn decode(field: &'static str, proof: &JustifiedHeader) -> Result<Self, FormatError> {
        let refused = |problem| FormatError::Encoding { field, problem };
        Ok(Self {
            header: Header::from_scale(&proof.header)
                .map_err(|_| refused("the header is not exactly one SCALE-encoded block header"))?,
            justification: Justification::from_scale(&proof.justification)
                .map_err(|_| refused("the justification is not exactly one SCALE-encoded GRANDPA justification"))?,
        })
    }

    fn verify(&self, set_id: u64, authorities: &Authorities) -> Result<Votes, JustificationError> {
        self.justification.verify(&self.header, set_id, authorities)
    }
}
