//! GRANDPA justifications, verified as consensus itself verifies them (`sc-consensus-grandpa`), without the SDK.

use crate::header::Header;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use citynet_primitives::Hash;
use codec::{Decode, DecodeAll, Encode};
use ed25519_zebra::{Signature, VerificationKey};
use finality_grandpa::{voter_set::VoterSet, Chain, Error as GrandpaError, Message};

/// Authorities (Ed25519 keys) and their weights, in the order in which the chain holds them.
pub type Authorities = Vec<(Hash, u64)>;
/// The precommits for one block or its descendants.
pub type Commit = finality_grandpa::Commit<Hash, u32, [u8; 64], Hash>;

/// What proves a block final: a round's precommits and the headers that connect them.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Justification {
    /// The voting round.
    pub round: u64,
    /// The final block and the precommits for it.
    pub commit: Commit,
    /// Headers that lead from the votes back to the lowest block voted for.
    pub votes_ancestries: Vec<Header>,
}

/// How many authorities voted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Votes {
    /// Authorities with a precommit in the justification.
    pub voters: usize,
    /// Authorities in the set.
    pub authorities: usize,
}

/// Bytes are not exactly one justification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not exactly one SCALE-encoded GRANDPA justification")]
pub struct NotAJustification;

/// Why a justification does not make a block final.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JustificationError {
    /// No authority, or more weight than fits.
    #[error("the authority set is empty or its weight is out of range")]
    Set,
    /// It is about another block.
    #[error("the justification is for another block (number {found}) than the header's (number {expected})")]
    Target {
        /// The number of the header's block.
        expected: u32,
        /// The number of the block that the justification is for.
        found: u32,
    },
    /// Nobody voted.
    #[error("the justification has no precommit")]
    NoVotes,
    /// A voter is not in the set.
    #[error("0x{} is no authority of set {set_id}", hex::encode(.voter))]
    Stranger {
        /// The voter.
        voter: Hash,
        /// The set.
        set_id: u64,
    },
    /// A precommit's signature is wrong for this round and set.
    #[error("the precommit signature of authority 0x{} does not verify for set {set_id}", hex::encode(.voter))]
    Signature {
        /// The voter.
        voter: Hash,
        /// The set.
        set_id: u64,
    },
    /// The headers do not lead from a vote to the lowest one.
    #[error("the headers in the justification do not connect its votes")]
    Ancestry,
    /// A header leads nowhere or is there twice.
    #[error("the justification has headers that it does not need")]
    UnusedHeader,
    /// Too little weight, or the votes are not for this block.
    #[error("the precommits of {voters} of {authorities} authorities are not enough to make this very block final")]
    NotEnough {
        /// Who voted.
        voters: usize,
        /// Of how many.
        authorities: usize,
    },
}

impl Justification {
    /// Decodes a justification from exactly these bytes.
    pub fn from_scale(bytes: &[u8]) -> Result<Self, NotAJustification> {
        let justification = Self::decode_all(&mut &bytes[..]).map_err(|_| NotAJustification)?;
        if justification.encode() != bytes {
            return Err(NotAJustification);
        }
        Ok(justification)
    }

    /// Verifies that an authority set made the block of `header` final.
    ///
    /// Every precommit must be validly signed by a member of the set and every header must be needed.
    pub fn verify(&self, header: &Header, set_id: u64, authorities: &Authorities) -> Result<Votes, JustificationError> {
        let voters = VoterSet::new(authorities.iter().copied()).ok_or(JustificationError::Set)?;
        let commit = &self.commit;
        if (commit.target_hash, commit.target_number) != (header.hash(), header.number) {
            return Err(JustificationError::Target { expected: header.number, found: commit.target_number });
        }
        // Signatures first: what follows is only computed on what authorities said.
        for signed in &commit.precommits {
            let voter = signed.id;
            if !voters.contains(&voter) {
                return Err(JustificationError::Stranger { voter, set_id });
            }
            let message = (Message::Precommit(signed.precommit.clone()), self.round, set_id).encode();
            if !is_signed(&voter, &message, &signed.signature) {
                return Err(JustificationError::Signature { voter, set_id });
            }
        }
        let ancestry = Ancestry::new(&self.votes_ancestries)?;
        ancestry.connects(commit)?;
        let votes = Votes {
            voters: commit.precommits.iter().map(|signed| signed.id).collect::<BTreeSet<_>>().len(),
            authorities: voters.len().get(),
        };
        match finality_grandpa::validate_commit(commit, &voters, &ancestry) {
            Ok(result) if result.is_valid() => Ok(votes),
            _ => Err(JustificationError::NotEnough { voters: votes.voters, authorities: votes.authorities }),
        }
    }
}

/// ZIP-215 verification, which is what consensus uses: a block that the network takes for final must be final here.
fn is_signed(key: &Hash, message: &[u8], signature: &[u8; 64]) -> bool {
    VerificationKey::try_from(*key).is_ok_and(|key| key.verify(&Signature::from_bytes(signature), message).is_ok())
}

/// The headers of a justification by their hashes.
struct Ancestry<'a>(BTreeMap<Hash, &'a Header>);

impl<'a> Ancestry<'a> {
    fn new(headers: &'a [Header]) -> Result<Self, JustificationError> {
        let by_hash: BTreeMap<_, _> = headers.iter().map(|header| (header.hash(), header)).collect();
        if by_hash.len() != headers.len() {
            return Err(JustificationError::UnusedHeader);
        }
        Ok(Self(by_hash))
    }

    /// Checks that the headers lead from every vote to the lowest one, with numbers that fall by one, and that each header
    /// is needed for it.
    fn connects(&self, commit: &Commit) -> Result<(), JustificationError> {
        let votes = || commit.precommits.iter().map(|signed| &signed.precommit);
        let base = votes().min_by_key(|vote| vote.target_number).ok_or(JustificationError::NoVotes)?;
        let mut visited = BTreeSet::new();
        for vote in votes() {
            let (mut hash, mut number) = (vote.target_hash, vote.target_number);
            while hash != base.target_hash && visited.insert(hash) {
                let header = self.0.get(&hash).ok_or(JustificationError::Ancestry)?;
                if header.number != number {
                    return Err(JustificationError::Ancestry);
                }
                hash = header.parent_hash;
                number = number.checked_sub(1).ok_or(JustificationError::Ancestry)?;
            }
            let expected = if hash == base.target_hash { Some(base.target_number) } else { self.number(&hash) };
            if expected != Some(number) {
                return Err(JustificationError::Ancestry);
            }
        }
        if visited.len() != self.0.len() {
            return Err(JustificationError::UnusedHeader);
        }
        Ok(())
    }

    fn number(&self, hash: &Hash) -> Option<u32> {
        self.0.get(hash).map(|header| header.number)
    }
}

impl Chain<Hash, u32> for Ancestry<'_> {
    fn ancestry(&self, base: Hash, block: Hash) -> Result<Vec<Hash>, GrandpaError> {
        let mut route = Vec::new();
        let mut current = block;
        while current != base {
            current = self.0.get(&current).ok_or(GrandpaError::NotDescendent)?.parent_hash;
            route.push(current);
        }
        // The route ends before the base.
        route.pop();
        Ok(route)
    }
}
