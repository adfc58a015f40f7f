//! A bundle from anywhere: reading and verifying it never panics, and no text that a fuzzer finds is proven.
#![no_main]

use citynet_proofs::{verify, Evidence, Trust};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    if let Ok(evidence) = Evidence::from_json(json) {
        assert_eq!(evidence.to_json().unwrap().as_bytes(), json);
        // A genesis that the text itself names takes the verification as far as its parts allow.
        let _ = verify(json, &Trust::Genesis(evidence.genesis_hash));
        let checkpoint =
            Trust::Checkpoint { genesis: evidence.genesis_hash, set_id: 0, authorities: vec![([1; 32], 1)] };
        let _ = verify(json, &checkpoint);
    }
    assert!(verify(json, &Trust::Genesis([0; 32])).is_err());
});
