//! A bundle that was valid once stays valid: this one was written when version 1 of the format was made, and no later
//! version of this crate may refuse it or print it differently. It is never regenerated.

mod support;

use citynet_proofs::{evidence::Format, verify, Evidence, Trust};
use support::{build, Plan};

const GOLDEN: &str = include_str!("golden/evidence-1.json");
const GENESIS: &str = "59df85694552ca0c2c4b5ba9ad18bc551bd384e2ca71f0ac041c22d62bfc165b";

#[test]
fn version_1_is_verified_for_ever() {
    let genesis = hex::decode(GENESIS).unwrap().try_into().unwrap();
    let verified = verify(GOLDEN.as_bytes(), &Trust::Genesis(genesis)).unwrap();
    assert_eq!((verified.set_id, verified.block.number), (1, 100));
    assert_eq!(verified.reading.unwrap().observation["P1"], "146.33");

    let evidence = Evidence::from_json(GOLDEN.as_bytes()).unwrap();
    assert_eq!(evidence.format, Format::V1);
    assert_eq!(evidence.to_json().unwrap(), GOLDEN);
}

#[test]
fn the_same_chain_gives_the_same_bundle() {
    let built = build(&Plan { changes: 1, voters: 3, ..Plan::default() });
    assert_eq!(hex::encode(built.genesis), GENESIS);
    assert_eq!(built.json(), GOLDEN);
}
