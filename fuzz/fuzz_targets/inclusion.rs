//! Inclusion and consistency proofs from anywhere.
#![no_main]

use citynet_merkle::{verify_consistency, verify_inclusion, Portable};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u64, u64, Vec<[u8; 32]>, [u8; 32], [u8; 32])| {
    let (index, size, path, leaf, root) = input;
    if verify_inclusion::<Portable>(&leaf, index, size, &path, &root).is_ok() {
        assert!(index < size && path.len() <= 64);
    }
    if verify_consistency::<Portable>(index, size, &path, &leaf, &root).is_ok() {
        assert!(0 < index && index <= size);
    }
});
