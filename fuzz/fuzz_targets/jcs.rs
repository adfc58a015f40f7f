//! Canonical JSON is its own canonical form.
#![no_main]

use citynet_proofs::jcs;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|json: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(json) else { return };
    let Ok(text) = jcs::to_string(&value) else { return };
    let again: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(jcs::to_string(&again).unwrap(), text);
});
