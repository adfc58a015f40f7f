//! Lists of records about subjects of the synthetic chain, whose last block has a state with their heads.

use super::{build, header, justify, record, Plan};
use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{
    Body, CycleId, DatasetId, DeviceId, GrantId, Hash, OrganisationId, Record, Subject, SubjectHead,
};
use citynet_proofs::{
    evidence::JustifiedHeader,
    grandpa::{Authorities, Justification},
    head::storage_key,
    header::Header,
    list::{List, ListFormat, ListedRecord},
    Trust,
};
use codec::Encode;
use sp_core::{storage::StateVersion, Blake2Hasher};
use sp_crypto_hashing::{blake2_256, sha2_256};
use sp_state_machine::{prove_read, InMemoryBackend};
use std::collections::BTreeMap;

/// One of each kind.
pub const SUBJECTS: [Subject; 5] = [
    Subject::Organisation(OrganisationId(1)),
    Subject::Dataset(DatasetId(7)),
    Subject::Device(DeviceId(3)),
    Subject::Grant(GrantId(5)),
    Subject::Cycle(CycleId { currency: 1, number: 7 }),
];

/// How many records there are about each of [`SUBJECTS`] that is not the list's own.
pub const OTHERS: u64 = 3;

/// The list to build and how to bend it.
#[derive(Clone)]
pub struct ListPlan {
    /// What it is about.
    pub subject: Subject,
    /// How many records there are about it.
    pub records: u64,
    /// Changes of the authority set before the final block.
    pub changes: u32,
    /// The final block.
    pub block: u32,
    /// Bends the state before the header commits to it.
    pub state: fn(&mut BTreeMap<Vec<u8>, Vec<u8>>),
    /// Bends the final header before it is voted for.
    pub header: fn(&mut Header),
    /// Bends the final block's justification after it was signed.
    pub justification: fn(&mut Justification),
}

impl Default for ListPlan {
    fn default() -> Self {
        Self {
            subject: Subject::Device(DeviceId(3)),
            records: 4,
            changes: 2,
            block: 100,
            state: |_| (),
            header: |_| (),
            justification: |_| (),
        }
    }
}

/// A list and what its reader would know.
#[derive(Clone)]
pub struct BuiltList {
    pub list: List,
    pub records: Vec<Record>,
    pub genesis: Hash,
    /// Every authority set, from 0.
    pub sets: Vec<Authorities>,
    /// The state of the final block.
    pub state: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl BuiltList {
    pub fn trust(&self) -> Trust {
        Trust::Genesis(self.genesis)
    }

    pub fn checkpoint(&self, set_id: u64) -> Trust {
        let authorities = self.sets[usize::try_from(set_id).unwrap()].clone();
        Trust::Checkpoint { genesis: self.genesis, set_id, authorities }
    }

    pub fn json(&self) -> String {
        self.list.to_json()
    }

    /// The trie nodes that show a subject's head in the state of the final block.
    pub fn nodes(&self, subject: &Subject) -> Vec<Vec<u8>> {
        nodes(&self.state, subject)
    }
}

/// The trie nodes that show a subject's head in a state.
pub fn nodes(state: &BTreeMap<Vec<u8>, Vec<u8>>, subject: &Subject) -> Vec<Vec<u8>> {
    let backend = InMemoryBackend::<Blake2Hasher>::from((state.clone(), StateVersion::V1));
    prove_read(backend, [storage_key(subject)]).unwrap().into_iter_nodes().collect()
}

/// The records about a subject. Of every subject they are others.
pub fn about(subject: &Subject, count: u64) -> Vec<Record> {
    (0..count)
        .map(|number| {
            let account = sha2_256(&(subject, number).encode());
            let body = Body::AccountRemoved { organisation: OrganisationId(2), account };
            record(10 + 3 * number, 60 + u32::try_from(number).unwrap(), body)
        })
        .collect()
}

/// The head over records, computed from what `SubjectHead` says of itself.
pub fn head_over(records: &[Record]) -> SubjectHead {
    let mut head = SubjectHead { count: 0, chain: [0; 32] };
    for record in records {
        let mut bytes = vec![2];
        bytes.extend(head.chain);
        bytes.extend(leaf_hash::<Portable>(&record.encode()));
        head = SubjectHead { count: head.count + 1, chain: sha2_256(&bytes) };
    }
    head
}

/// The value of a subject with this head, all zeros before it: how many depends on the layout, which belongs to version 1 of
/// the list. Another layout has to be decoded beside these, or comes with another version.
pub fn value(subject: &Subject, head: SubjectHead) -> Vec<u8> {
    let before = match subject {
        Subject::Organisation(_) => 0,
        Subject::Dataset(_) => 51,
        Subject::Device(_) => 22,
        Subject::Grant(_) => 162,
        Subject::Cycle(_) => 90,
    };
    [vec![0; before], head.encode()].concat()
}

pub fn build_list(plan: &ListPlan) -> BuiltList {
    let chain = Plan { changes: plan.changes, reading: false, ..Plan::default() };
    let before = build(&chain);

    // Other entries, some of them neighbours of those that are proven, so that the paths have branches.
    let mut state: BTreeMap<Vec<u8>, Vec<u8>> =
        (0u8..40).map(|i| (blake2_256(&[i, 1]).to_vec(), vec![i; 5 * usize::from(i)])).collect();
    for subject in SUBJECTS {
        let count = if subject == plan.subject { plan.records } else { OTHERS };
        let key = storage_key(&subject);
        for neighbour in [0, 0xff] {
            state.insert([&key[..32], &[neighbour; 24][..]].concat(), vec![neighbour; 50]);
        }
        // Without records there is no value.
        if count > 0 {
            state.insert(key, value(&subject, head_over(&about(&subject, count))));
        }
    }
    (plan.state)(&mut state);
    let backend = InMemoryBackend::<Blake2Hasher>::from((state.clone(), StateVersion::V1));

    let mut last = header(plan.block, vec![]);
    last.state_root = backend.root().0;
    (plan.header)(&mut last);
    let set_id = u64::from(plan.changes);
    let mut justification = justify(&chain, &last, set_id, set_id);
    (plan.justification)(&mut justification);

    let records = about(&plan.subject, plan.records);
    let list = List {
        authorities: before.evidence.authorities,
        finality: JustifiedHeader { header: last.encode(), justification: justification.encode() },
        format: ListFormat::V1,
        genesis_hash: before.genesis,
        head: nodes(&state, &plan.subject),
        records: records.iter().map(|record| ListedRecord::Record(record.encode())).collect(),
        subject: plan.subject,
    };
    BuiltList { list, records, genesis: before.genesis, sets: before.sets, state }
}
