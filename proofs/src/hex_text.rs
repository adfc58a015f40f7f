//! Bytes in JSON: `0x` and lower-case hex, nothing else.

use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Deserializer, Serializer};

/// `0x` and lower-case hex.
pub(crate) fn print(bytes: &[u8]) -> String {
    let mut text = String::from("0x");
    text.push_str(&hex::encode(bytes));
    text
}

fn parse<T: TryFrom<Vec<u8>>, E: serde::de::Error>(text: &str) -> Result<T, E> {
    let digits = text.strip_prefix("0x").ok_or_else(|| E::custom("hex must begin with 0x"))?;
    if digits.bytes().any(|digit| digit.is_ascii_uppercase()) {
        return Err(E::custom("hex must be lower-case"));
    }
    let bytes = hex::decode(digits).map_err(E::custom)?;
    let length = bytes.len();
    T::try_from(bytes).map_err(|_| E::custom(format_args!("{length} bytes are not the length expected here")))
}

/// For one value.
pub(crate) mod one {
    use super::*;

    pub(crate) fn serialize<S: Serializer, T: AsRef<[u8]>>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&print(value.as_ref()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(deserializer: D) -> Result<T, D::Error> {
        parse(&String::deserialize(deserializer)?)
    }
}

/// For a list of values. The texts of all of them are never there at a time.
pub(crate) mod list {
    use super::*;

    #[derive(Deserialize)]
    #[serde(bound = "T: TryFrom<Vec<u8>>")]
    struct Hex<T>(#[serde(deserialize_with = "one::deserialize")] T);

    pub(crate) fn serialize<S: Serializer, T: AsRef<[u8]>>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| print(value.as_ref())))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        Ok(Vec::<Hex<T>>::deserialize(deserializer)?.into_iter().map(|Hex(value)| value).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_hex_with_its_prefix_is_read() {
        let read = |text| parse::<Vec<u8>, serde_json::Error>(text).map_err(|error| error.to_string());
        assert_eq!(read("0x00ff"), Ok(vec![0, 255]));
        assert_eq!(read("0x"), Ok(vec![]));
        for bad in ["", "00ff", "0X00ff", "0x00FF", "0x0", "0x0g", " 0x00", "0x00 "] {
            assert!(read(bad).is_err(), "{bad:?} was read");
        }
        assert!(parse::<[u8; 2], serde_json::Error>("0x0000").is_ok());
        assert!(parse::<[u8; 2], serde_json::Error>("0x000000").is_err());
    }
}
