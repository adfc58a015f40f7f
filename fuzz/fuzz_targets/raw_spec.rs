//! A chain specification from anywhere.
#![no_main]

use citynet_proofs::genesis::hash_of_raw_spec;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let _ = hash_of_raw_spec(json);
});
