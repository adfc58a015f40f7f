//! How records are appended and read.

use crate::{pallet::*, HostSha256, OpenBlock, WeightInfo};
use alloc::vec::Vec;
use citynet_merkle::{leaf_hash, Hash, Sha256};
use citynet_primitives::{Author, Body, Entry, Record, Subject, SubjectHead, Subjects, TreeHead, RECORD_VERSION};
use citynet_support::{Appended, Clock, HeldHeads, Journal};
use codec::Encode;
use frame_support::{ensure, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::DispatchError;

/// Keeps a chain hash apart from a tree's leaves (0x00) and nodes (0x01).
const CHAIN_PREFIX: &[u8] = &[0x02];

impl<T: Config> Pallet<T> {
    /// The records of the current block, in order.
    pub fn records() -> Vec<Entry> {
        Records::<T>::get().into_inner()
    }

    /// The tree head over every record so far.
    pub fn tree_head() -> TreeHead {
        let edge = Edge::<T>::get();
        TreeHead { size: edge.size(), root: edge.root::<HostSha256>() }
    }

    /// The head of a subject, wherever it is kept. A subject without records has the default head.
    pub fn subject_head(subject: Subject) -> SubjectHead {
        T::HeldHeads::held_head(&subject).unwrap_or_else(|| Heads::<T>::get(subject))
    }

    pub(crate) fn clear_before(now: BlockNumberFor<T>) {
        if RecordsBlock::<T>::get().number != now {
            Records::<T>::kill();
        }
    }

    fn write(
        author: &Author,
        held: Option<(Subject, &mut SubjectHead)>,
        kept: &[Subject],
        body: Body,
    ) -> Result<Appended, DispatchError> {
        let subjects = Self::subjects(held.as_ref().map(|(subject, _)| *subject), kept)?;
        let now = frame_system::Pallet::<T>::block_number();
        let block = TryInto::<u32>::try_into(now).map_err(|_| Error::<T>::BlockNumberOverflow)?;

        let mut edge = Edge::<T>::get();
        let open = RecordsBlock::<T>::get();
        let before = (open.number != now).then(|| edge.clone());
        let first_index = if before.is_some() { edge.size() } else { open.first_index };
        let written = edge.size().saturating_sub(first_index);
        ensure!(written < u64::from(T::MaxRecordsPerBlock::get()), Error::<T>::TooManyRecords);

        let record = Record {
            version: RECORD_VERSION,
            index: edge.size(),
            block,
            time: T::Clock::now(),
            organisation: author.organisation,
            account: author.account,
            body,
        };
        let leaf = leaf_hash::<HostSha256>(&record.encode());
        let index = edge.push::<HostSha256>(leaf).map_err(|_| Error::<T>::LogFull)?;

        // Whatever can fail has been done; from here on everything is written.
        if let Some(before) = before {
            Records::<T>::kill();
            EdgeBefore::<T>::put(before);
            RecordsBlock::<T>::put(OpenBlock { number: now, first_index });
        }
        Edge::<T>::put(edge);
        if let Some((_, head)) = held {
            advance(head, &leaf);
        }
        for subject in kept {
            Heads::<T>::mutate(subject, |head| advance(head, &leaf));
        }
        // `StorageValue::try_append` reads the list's length first, for which the host copies the whole list: the cost of
        // a block would grow with the square of its records. The bound was checked above by what the edge knows.
        sp_io::storage::append(&Records::<T>::hashed_key(), Entry { record, subjects }.encode());
        Ok(Appended { index, leaf })
    }

    /// The held subject and the kept ones, as a record lists them.
    fn subjects(held: Option<Subject>, kept: &[Subject]) -> Result<Subjects, Error<T>> {
        let mut subjects = Subjects::default();
        for subject in held.into_iter().chain(kept.iter().copied()) {
            ensure!(!subjects.contains(&subject), Error::<T>::DuplicateSubject);
            subjects.try_push(subject).map_err(|_| Error::<T>::TooManySubjects)?;
        }
        Ok(subjects)
    }
}

/// Counts a record and chains its leaf.
fn advance(head: &mut SubjectHead, leaf: &Hash) {
    // A subject has at most as many records as the log, whose size is a u64: this never saturates.
    head.count = head.count.saturating_add(1);
    head.chain = HostSha256::digest(&[CHAIN_PREFIX, &head.chain, leaf]);
}

impl<T: Config> Journal for Pallet<T> {
    fn append(author: &Author, subjects: &[Subject], body: Body) -> Result<Appended, DispatchError> {
        Self::write(author, None, subjects, body)
    }

    fn append_held(
        author: &Author,
        held: (Subject, &mut SubjectHead),
        subjects: &[Subject],
        body: Body,
    ) -> Result<Appended, DispatchError> {
        Self::write(author, Some(held), subjects, body)
    }

    fn append_weight(subjects: u32) -> Weight {
        T::WeightInfo::append(subjects)
    }
}
