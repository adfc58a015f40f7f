//! A time that is read is written in one way only.
#![no_main]

use citynet_proofs::time;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(moment) = time::parse(text) {
        assert_eq!(time::print(moment), text);
    }
});
