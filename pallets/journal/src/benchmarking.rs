//! Benchmarks. Their worst case is a log of about 2^40 records, a thousand every second for thirty-five years.

#![cfg(feature = "runtime-benchmarks")]

use crate::*;
use alloc::{vec, vec::Vec};
use citynet_merkle::RightEdge;
use citynet_primitives::{
    Author, Batch, Body, DeviceId, OrganisationId, SchemaId, Signature, Subject, SubjectHead, TREE_HEAD_ENGINE,
};
use citynet_support::Journal;
use codec::{Decode, Encode};
use frame_benchmarking::v2::*;
use frame_support::traits::Hooks;
use sp_runtime::DigestItem;

/// As many peaks as any log of that age has, all of which the next record merges.
const SIZE: u64 = (1 << 40) - 1;

fn widest_edge() -> RightEdge {
    let encoded = (SIZE, vec![[0x5a_u8; 32]; 40]).encode();
    RightEdge::decode(&mut &encoded[..]).expect("40 bits are set in the size and 40 peaks follow; qed")
}

/// The longest body there is: a batch with a signature of the largest size.
fn longest_body() -> Body {
    Body::BatchAttested {
        batch: Batch {
            device: DeviceId(u64::MAX),
            epoch: u32::MAX,
            schema: SchemaId::READING_V1,
            first_sequence: u64::MAX,
            count: 1,
            missing: u64::MAX,
            window_start: u64::MAX,
            window_end: u64::MAX,
            root: [0xff; 32],
            expires: u64::MAX,
        },
        signature: Signature::truncate_from(vec![0xff; 4627]),
    }
}

fn append_longest<T: Config>(subjects: &[Subject]) {
    <Pallet<T> as Journal>::append(&Author::CHAIN, subjects, longest_body())
        .expect("the block has room and every subject is named once; qed");
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// The first record of a block, which also opens the block, about `s` subjects that the journal keeps.
    #[benchmark(pov_mode = Measured)]
    fn append(s: Linear<0, 8>) {
        let subjects: Vec<_> = (0..s).map(|id| Subject::Organisation(OrganisationId(id))).collect();
        for subject in &subjects {
            Heads::<T>::insert(subject, SubjectHead { count: 1, chain: [0x5a; 32] });
        }
        Edge::<T>::put(widest_edge());
        frame_system::Pallet::<T>::set_block_number(7u32.into());

        #[block]
        {
            append_longest::<T>(&subjects);
        }

        assert_eq!(Edge::<T>::get().size(), SIZE + 1);
    }

    #[benchmark(pov_mode = Measured)]
    fn on_initialize() {
        frame_system::Pallet::<T>::set_block_number(7u32.into());
        append_longest::<T>(&[]);

        #[block]
        {
            Pallet::<T>::on_initialize(8u32.into());
        }

        assert!(!Records::<T>::exists());
    }

    #[benchmark(pov_mode = Measured)]
    fn on_finalize() {
        Edge::<T>::put(widest_edge());
        let logs = frame_system::Pallet::<T>::digest().logs.len();

        #[block]
        {
            Pallet::<T>::on_finalize(7u32.into());
        }

        let digest = frame_system::Pallet::<T>::digest();
        assert_eq!(digest.logs.len(), logs + 1);
        assert!(matches!(digest.logs.last(), Some(DigestItem::Consensus(TREE_HEAD_ENGINE, _))));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
