#!/usr/bin/env bash
# Compiles the verifier of evidence to Wasm and puts it where the explorer loads it from.
# Needs cargo and the Rust target wasm32-unknown-unknown, which scripts/explorer installs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The same sources give the same bytes wherever they lie, so that anyone can compare.
flags="\"--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo\", \"--remap-path-prefix=$PWD=citynet\""
file=$(cargo build --locked -p citynet-verifier --target wasm32-unknown-unknown --profile verifier \
    --config "target.wasm32-unknown-unknown.rustflags = [$flags]" --message-format json-render-diagnostics |
    sed -n 's/.*"\([^"]*\/citynet_verifier\.wasm\)".*/\1/p')
cp "$file" explorer/src/proof/verifier.wasm
echo "explorer/src/proof/verifier.wasm: $(wc -c <"$file") bytes, $(gzip -9c "$file" | wc -c) with gzip"
