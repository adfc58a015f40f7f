//! Builds the runtime's Wasm when the crate is built for the host; does nothing inside that inner build.

#[cfg(feature = "std")]
fn main() {
    let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults()
        // Wasm has no 64 x 64 -> 128 bit multiplication: the 32-bit backend verifies a device's signature in less than
        // half the time of the one that the pointer width's default would give.
        .append_to_rust_flags("--cfg curve25519_dalek_bits=\"32\"");
    // The chain has no token, but the metadata hash (RFC-78) covers a symbol and its decimals.
    #[cfg(feature = "metadata-hash")]
    let builder = builder.enable_metadata_hash("CITY", 0);
    builder.build();
}

#[cfg(not(feature = "std"))]
fn main() {}
