//! A record that decodes is its own encoding, and can be shown.
#![no_main]

use citynet_primitives::Record;
use codec::{DecodeAll, Encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(record) = Record::decode_all(&mut &bytes[..]) else { return };
    let encoded = record.encode();
    assert_eq!(Record::decode_all(&mut &encoded[..]).unwrap(), record);
    serde_json::to_string(&record).unwrap();
});
