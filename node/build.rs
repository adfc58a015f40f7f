//! Gives the binary its version, the crate's with the commit it was built from, and sees to the explorer's files.

use std::path::Path;

/// Where npm puts them.
const EXPLORER: &str = "../explorer/dist";

fn main() {
    substrate_build_script_utils::generate_cargo_keys();
    substrate_build_script_utils::rerun_if_git_head_changed();
    if std::env::var_os("CARGO_FEATURE_EXPLORER").is_some() {
        // The macro that compiles them in cannot say itself on which files it depends.
        println!("cargo::rerun-if-changed={EXPLORER}");
        if !Path::new(EXPLORER).join("index.html").is_file() {
            println!(
                "cargo::error=the feature `explorer` compiles in explorer/dist, which is not there: run `npm ci && npm run \
                 build` in explorer/, or build without the feature"
            );
        }
    }
}
