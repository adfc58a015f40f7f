//! RFC 8785: the published cases, and another implementation.

mod support;

use citynet_proofs::{
    jcs::{self, JcsError},
    Reading,
};
use proptest::prelude::*;
use serde_json::{json, Value};

#[test]
fn published_cases() {
    let Some(folder) = support::vectors("jcs") else { return };
    let mut cases = 0;
    for entry in std::fs::read_dir(folder.join("input")).unwrap() {
        let input = entry.unwrap().path();
        let output = folder.join("output").join(input.file_name().unwrap());
        let value: Value = serde_json::from_slice(&std::fs::read(&input).unwrap()).unwrap();
        assert_eq!(jcs::to_string(&value).unwrap(), std::fs::read_to_string(output).unwrap(), "{}", input.display());
        cases += 1;
    }
    assert!(cases >= 6, "only {cases} cases in {}", folder.display());
}

/// RFC 8785, appendix B.
#[test]
fn numbers_of_the_specification() {
    for (bits, text) in [
        (0x0000000000000000u64, "0"),
        (0x8000000000000000, "0"),
        (0x0000000000000001, "5e-324"),
        (0x8000000000000001, "-5e-324"),
        (0x7fefffffffffffff, "1.7976931348623157e+308"),
        (0xffefffffffffffff, "-1.7976931348623157e+308"),
        (0x4340000000000000, "9007199254740992"),
        (0xc340000000000000, "-9007199254740992"),
        (0x4430000000000000, "295147905179352830000"),
        (0x44b52d02c7e14af5, "9.999999999999997e+22"),
        (0x44b52d02c7e14af6, "1e+23"),
        (0x44b52d02c7e14af7, "1.0000000000000001e+23"),
        (0x444b1ae4d6e2ef4e, "999999999999999700000"),
        (0x444b1ae4d6e2ef4f, "999999999999999900000"),
        (0x444b1ae4d6e2ef50, "1e+21"),
        (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
        (0x3eb0c6f7a0b5ed8d, "0.000001"),
        (0x41b3de4355555553, "333333333.3333332"),
        (0x41b3de4355555554, "333333333.33333325"),
        (0x41b3de4355555555, "333333333.3333333"),
        (0x41b3de4355555556, "333333333.3333334"),
        (0x41b3de4355555557, "333333333.33333343"),
        (0xbecbf647612f3696, "-0.0000033333333333333333"),
        (0x43143ff3c1cb0959, "1424953923781206.2"),
    ] {
        assert_eq!(jcs::to_string(&json!(f64::from_bits(bits))).unwrap(), text);
    }
}

#[test]
fn integers_are_never_rounded() {
    assert_eq!(jcs::to_string(&json!(9_007_199_254_740_991u64)).unwrap(), "9007199254740991");
    assert_eq!(jcs::to_string(&json!(9_007_199_254_740_994u64)).unwrap(), "9007199254740994");
    for number in [json!(9_007_199_254_740_993u64), json!(-9_007_199_254_740_993i64), json!(u64::MAX), json!(i64::MIN)]
    {
        assert_eq!(jcs::to_string(&json!({ "a": [number] })), Err(JcsError::Inexact(number.to_string())));
    }
    // A double of which ECMAScript prints fewer digits than it has, and the integer that those digits are.
    assert_eq!(jcs::to_string(&json!(1_652_949_766_135_396_864.0)).unwrap(), "1652949766135396900");
    assert_eq!(jcs::to_string(&json!(1_652_949_766_135_396_900u64)).unwrap(), "1652949766135396900");
}

#[test]
fn members_are_sorted_by_utf16_and_not_by_utf8() {
    // U+1F600 begins with the surrogate D83D, which comes before U+FB33 although its UTF-8 comes after.
    let value = json!({ "\u{fb33}": 1, "\u{1f600}": 2, "": 3, "a": { "b": 4, "B": 5 } });
    assert_eq!(jcs::to_string(&value).unwrap(), "{\"\":3,\"a\":{\"B\":5,\"b\":4},\"\u{1f600}\":2,\"\u{fb33}\":1}");
}

#[test]
fn only_the_necessary_is_escaped() {
    let value = json!("\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f} \"/\\\u{7f}\u{80}\u{2028}é");
    assert_eq!(
        jcs::to_string(&value).unwrap(),
        "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"/\\\\\u{7f}\u{80}\u{2028}é\""
    );
}

#[test]
fn a_leaf_is_as_the_format_prescribes() {
    let reading = Reading {
        device: 1.into(),
        sequence: 0,
        observed_at: "2018-09-04T00:02:24Z".into(),
        raw: b"15092;SDS011;7624;57.138;-2.078;2018-09-04T00:02:24;10.33;;;7.03;;",
        observation: [("P2", "7.03"), ("P1", "10.33")].map(|(k, v)| (k.to_string(), v.to_string())).into(),
    };
    assert_eq!(
        String::from_utf8(reading.leaf_bytes()).unwrap(),
        format!(
            "{{\"device\":\"1\",\"observation\":{{\"P1\":\"10.33\",\"P2\":\"7.03\"}},\
             \"observedAt\":\"2018-09-04T00:02:24Z\",\"raw\":\"{}\",\
             \"schema\":\"citynet.reading/1\",\"sequence\":\"0\"}}",
            hex::encode(sp_crypto_hashing::sha2_256(reading.raw))
        )
    );
    assert_eq!(citynet_proofs::reading::leaf_hash(&reading.leaf()).unwrap(), reading.leaf_hash());
    assert_eq!(reading.leaf_hash(), sp_crypto_hashing::sha2_256(&[&[0], &reading.leaf_bytes()[..]].concat()),);
}

fn any_json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<f64>().prop_filter("JSON has no infinities", |number| number.is_finite()).prop_map(Value::from),
        (-(1i64 << 53)..=1 << 53).prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
    ];
    let text = prop_oneof![any::<String>(), "[\\x00-\\x22\\x5c\\x7f\u{7ff}\u{d7ff}\u{e000}\u{ffff}\u{10000}]{0,4}"];
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, text.clone().prop_map(Value::from)];
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..6).prop_map(Value::from_iter),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn agrees_with_the_other_implementation(value in any_json()) {
        prop_assert_eq!(jcs::to_string(&value).unwrap(), serde_json_canonicalizer::to_string(&value).unwrap());
    }

    #[test]
    fn the_canonical_text_is_its_own_canonical_text(value in any_json()) {
        let text = jcs::to_string(&value).unwrap();
        let again: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(jcs::to_string(&again).unwrap(), text);
    }
}
