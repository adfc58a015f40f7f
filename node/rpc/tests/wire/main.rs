//! What goes over the wire: every method asked of a small chain, its answers compared with golden files and with the
//! OpenRPC document, and that document with the sources.
//!
//! `CITYNET_UPDATE=1 cargo test --release --workspace --test wire` writes the files in `golden/citynet_*` and
//! `docs/openrpc.json` anew. Read what changed before you commit it: clients depend on it.

mod anchors;
mod cases;
mod document;
mod double;
mod golden;
mod openrpc;
mod refusals;
mod schema;
mod source;
mod story;
mod subscription;
mod validate;

/// Whether generated files are to be written rather than compared.
fn update() -> bool {
    std::env::var_os("CITYNET_UPDATE").is_some_and(|value| value == "1")
}

/// What to do about a generated file that is not as it should be.
const HOW_TO_UPDATE: &str = "CITYNET_UPDATE=1 cargo test --release --workspace --test wire";
