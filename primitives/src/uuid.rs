//! UUIDs in text (RFC 9562, section 4), as banks write a [`Uetr`]. Which version one is of is not looked at.

use crate::Uetr;
use alloc::{format, string::String};

/// How many hex digits each group has.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// Reads a UUID: 32 hex digits in five groups with a dash between them. `None` when the text is anything else.
pub fn parse_uuid(text: &str) -> Option<Uetr> {
    if !text.split('-').map(str::len).eq(GROUPS) {
        return None;
    }
    let mut uuid = Uetr::default();
    hex::decode_to_slice(text.replace('-', ""), &mut uuid).ok().map(|()| uuid)
}

/// Writes a UUID, with lower-case digits.
pub fn print_uuid(uuid: &Uetr) -> String {
    let [a, b, c, d, e, f, g, h, i, j, node @ ..] = *uuid;
    let (low, middle, high, clock) = ([a, b, c, d], [e, f], [g, h], [i, j]);
    format!(
        "{}-{}-{}-{}-{}",
        hex::encode(low),
        hex::encode(middle),
        hex::encode(high),
        hex::encode(clock),
        hex::encode(node)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "00112233-4455-6677-8899-aabbccddeeff";

    #[test]
    fn what_is_written_is_read() {
        let uuid = parse_uuid(TEXT);
        assert_eq!(uuid.as_ref().map(print_uuid).as_deref(), Some(TEXT));
        assert_eq!(uuid.map(|uuid| uuid[15]), Some(0xff));
        assert_eq!(parse_uuid(&TEXT.to_uppercase()), uuid);
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "00112233445566778899aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeef",
            "001122334-455-6677-8899-aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeefg",
            "00112233-4455-6677-8899-aabbccddeeff-",
            "{00112233-4455-6677-8899-aabbccddeeff}",
        ] {
            assert_eq!(parse_uuid(text), None, "{text}");
        }
    }
}
