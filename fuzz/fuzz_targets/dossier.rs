//! A dossier from anywhere: reading and verifying it never panics, and no text that a fuzzer finds is proven.
#![no_main]

use citynet_proofs::{verify_document, verify_dossier, Dossier, Trust};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    if let Ok(dossier) = Dossier::from_json(json) {
        assert_eq!(dossier.to_json().unwrap().as_bytes(), json);
        // A genesis that the text itself names takes the verification as far as its parts allow.
        let _ = verify_dossier(json, &Trust::Genesis(dossier.genesis_hash));
        let checkpoint =
            Trust::Checkpoint { genesis: dossier.genesis_hash, set_id: 0, authorities: vec![([1; 32], 1)] };
        let _ = verify_dossier(json, &checkpoint);
    }
    assert!(verify_document(json, &Trust::Genesis([0; 32])).is_err());
});
