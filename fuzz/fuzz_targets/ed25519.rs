//! Keys and signatures of any length and content.
#![no_main]

use citynet_proofs::ed25519::verify_strict;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Vec<u8>, Vec<u8>)| {
    let (key, message, signature) = input;
    if verify_strict(&key, &message, &signature).is_ok() {
        assert_eq!((key.len(), signature.len()), (32, 64));
    }
});
