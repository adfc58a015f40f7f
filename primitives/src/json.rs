//! How values appear in JSON: hashes and keys as `0x` and lower-case hex, 64-bit integers as decimal strings (a JSON
//! number above 2^53 is not portable), bounded bytes that hold text as strings.

use crate::{DeviceKey, Moment};
use alloc::string::{String, ToString};
use serde::{ser::SerializeStruct, Serialize, Serializer};

pub fn hex<S: Serializer, B: AsRef<[u8]>>(bytes: &B, serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::from("0x");
    text.push_str(&hex::encode(bytes.as_ref()));
    serializer.serialize_str(&text)
}

pub fn optional_hex<S: Serializer, B: AsRef<[u8]>>(bytes: &Option<B>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = bytes.as_ref().map(|bytes| {
        let mut text = String::from("0x");
        text.push_str(&hex::encode(bytes.as_ref()));
        text
    });
    text.serialize(serializer)
}

pub fn text<S: Serializer, B: AsRef<[u8]>>(bytes: &B, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(bytes.as_ref()))
}

pub fn optional_text<S: Serializer, B: AsRef<[u8]>>(bytes: &Option<B>, serializer: S) -> Result<S::Ok, S::Error> {
    bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes.as_ref())).serialize(serializer)
}

pub fn decimal<S: Serializer, N: ToString>(number: &N, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&number.to_string())
}

pub fn optional_decimal<S: Serializer, N: ToString>(number: &Option<N>, serializer: S) -> Result<S::Ok, S::Error> {
    number.as_ref().map(ToString::to_string).serialize(serializer)
}

pub fn texts<S: Serializer, B: AsRef<[u8]>, L: AsRef<[B]>>(list: &L, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.as_ref().iter().map(|bytes| String::from_utf8_lossy(bytes.as_ref())))
}

pub fn list<S: Serializer, T: Serialize, L: AsRef<[T]>>(list: &L, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.as_ref())
}

/// `{"key": {…}, "validUntil": "…"}`.
pub fn previous_key<S: Serializer>(previous: &Option<(DeviceKey, Moment)>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some((key, valid_until)) = previous else { return serializer.serialize_none() };
    let mut object = serializer.serialize_struct("PreviousKey", 2)?;
    object.serialize_field("key", key)?;
    object.serialize_field("validUntil", &valid_until.to_string())?;
    object.end()
}
