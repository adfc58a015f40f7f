//! The right edge of a tree, as chain state holds it.
#![no_main]

use citynet_merkle::{Portable, RightEdge};
use codec::{DecodeAll, Encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut edge) = RightEdge::decode_all(&mut &bytes[..]) else { return };
    assert_eq!(edge.encode(), bytes);
    assert_eq!(edge.peaks().len(), edge.size().count_ones() as usize);
    edge.root::<Portable>();
    let before = edge.size();
    if edge.push::<Portable>([7; 32]).is_ok() {
        assert_eq!(edge.size(), before + 1);
    }
});
