//! GRANDPA's messages in a header's digest.
#![no_main]

use citynet_proofs::{
    authorities::{handed_over, GRANDPA_ENGINE},
    header::{DigestItem, Header},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|messages: Vec<Vec<u8>>| {
    let digest = messages.into_iter().map(|message| DigestItem::Consensus(GRANDPA_ENGINE, message)).collect();
    let header = Header { parent_hash: [0; 32], number: 1, state_root: [0; 32], extrinsics_root: [0; 32], digest };
    let _ = handed_over(&header);
});
