//! Trie nodes from anywhere, under a root that the first of them has.
#![no_main]

use citynet_proofs::authorities::in_genesis_state;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Option<[u8; 32]>, Vec<Vec<u8>>)| {
    let (root, nodes) = input;
    // Without this the fuzzer would have to find a preimage before anything is decoded.
    let root = root.unwrap_or_else(|| nodes.first().map_or([0; 32], |node| sp_crypto_hashing::blake2_256(node)));
    let _ = in_genesis_state(&root, &nodes);
});
