//! A header decodes from one encoding only.
#![no_main]

use citynet_proofs::{authorities, header::Header};
use codec::Encode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(header) = Header::from_scale(bytes) else { return };
    assert_eq!(header.encode(), bytes);
    let _ = header.tree_head();
    let _ = authorities::handed_over(&header);
});
