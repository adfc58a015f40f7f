//! A justification decodes from one encoding only, and verifying it never panics.
#![no_main]

use citynet_proofs::{grandpa::Justification, header::Header};
use codec::Encode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut justification) = Justification::from_scale(bytes) else { return };
    assert_eq!(justification.encode(), bytes);
    let header = Header {
        parent_hash: [0; 32],
        number: justification.commit.target_number,
        state_root: [0; 32],
        extrinsics_root: [0; 32],
        digest: vec![],
    };
    // So that the signatures are reached.
    justification.commit.target_hash = header.hash();
    let authorities = justification.commit.precommits.iter().map(|signed| (signed.id, 1)).collect();
    assert!(justification.verify(&header, 0, &authorities).is_err());
});
