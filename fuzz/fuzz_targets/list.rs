//! A list from anywhere: reading and verifying it never panics, and no text that a fuzzer finds is proven.
#![no_main]

use citynet_proofs::{verify_document, verify_list, List, Trust};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    if let Ok(list) = List::from_json(json) {
        assert_eq!(list.to_json().as_bytes(), json);
        // A genesis that the text itself names takes the verification as far as its parts allow.
        let _ = verify_list(json, &Trust::Genesis(list.genesis_hash));
        let checkpoint = Trust::Checkpoint { genesis: list.genesis_hash, set_id: 0, authorities: vec![([1; 32], 1)] };
        let _ = verify_list(json, &checkpoint);
    }
    assert!(verify_document(json, &Trust::Genesis([0; 32])).is_err());
});
