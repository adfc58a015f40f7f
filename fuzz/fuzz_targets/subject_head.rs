//! Trie nodes from anywhere as the head of any subject, under a root that the first of them has.
#![no_main]

use citynet_primitives::Subject;
use citynet_proofs::head;
use codec::DecodeAll;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Option<[u8; 32]>, Vec<Vec<u8>>)| {
    let (subject, root, nodes) = input;
    let Ok(subject) = Subject::decode_all(&mut &subject[..]) else { return };
    // Without this the fuzzer would have to find a preimage before anything is decoded.
    let root = root.unwrap_or_else(|| nodes.first().map_or([0; 32], |node| sp_crypto_hashing::blake2_256(node)));
    let _ = head::in_state(&root, &subject, &nodes);
});
