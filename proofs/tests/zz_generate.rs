mod support;
#[test]
fn generate() {
    let built = support::build(&support::Plan { changes: 1, voters: 3, ..Default::default() });
    std::fs::write("tests/golden/evidence-1.json", built.json()).unwrap();
    std::fs::write("/tmp/golden-genesis", hex::encode(built.genesis)).unwrap();
    for (s, m) in citynet_proofs::verify(built.json().as_bytes(), &built.trust()).unwrap().steps { eprintln!("{s}: {m}"); }
}
