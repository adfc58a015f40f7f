//! How values appear in JSON: hashes and keys as `0x` and lower-case hex, 64-bit integers as decimal strings (a JSON
//! number above 2^53 is not portable), bounded bytes that hold text as strings.

use alloc::string::{String, ToString};
use serde::{Serialize, Serializer};

pub fn hex<S: Serializer, B: AsRef<[u8]>>(bytes: &B, serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::from("0x");
    text.push_str(&hex::encode(bytes.as_ref()));
    serializer.serialize_str(&text)
}

pub fn text<S: Serializer, B: AsRef<[u8]>>(bytes: &B, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(bytes.as_ref()))
}

pub fn decimal<S: Serializer, N: ToString>(number: &N, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&number.to_string())
}

pub fn optional_decimal<S: Serializer, N: ToString>(number: &Option<N>, serializer: S) -> Result<S::Ok, S::Error> {
    number.as_ref().map(ToString::to_string).serialize(serializer)
}

pub fn texts<S, B, L>(list: &L, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    B: AsRef<[u8]>,
    L: core::ops::Deref<Target = [B]>,
{
    serializer.collect_seq(list.iter().map(|bytes| String::from_utf8_lossy(bytes.as_ref())))
}
