//! Unique End-to-end Transaction References: UUIDs of version 4, as ISO 20022 has them.

/// Writes a UETR.
pub use citynet_primitives::print_uuid as format;
use citynet_primitives::{parse_uuid, Uetr};

/// A text is not a UETR.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no UETR; one is a UUID of version 4 such as eb6305c9-1f7f-49de-aed0-16487c27b42d")]
pub struct NotAUetr(String);

/// Reads a UETR.
///
/// # Errors
///
/// [`NotAUetr`].
pub fn parse(text: &str) -> Result<Uetr, NotAUetr> {
    let uetr = parse_uuid(text).filter(|uetr| marked(*uetr) == *uetr);
    uetr.ok_or_else(|| NotAUetr(text.to_owned()))
}

/// The UETR that has these bits, but for those that say that it is one.
pub fn marked(mut bytes: Uetr) -> Uetr {
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_written() {
        let text = "eb6305c9-1f7f-49de-aed0-16487c27b42d";
        assert_eq!(format(&parse(text).unwrap()), text);
        assert_eq!(parse(&text.to_uppercase()), parse(text));
        assert_eq!(format(&marked([0; 16])), "00000000-0000-4000-8000-000000000000");
        assert_eq!(format(&marked([255; 16])), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "eb6305c91f7f49deaed016487c27b42d",
            "eb6305c9-1f7f-19de-aed0-16487c27b42d",
            "eb6305c9-1f7f-49de-2ed0-16487c27b42d",
            "eb6305c9-1f7f-49de-aed0-16487c27b42",
            "eb6305c91-f7f-49de-aed0-16487c27b42d",
            "gb6305c9-1f7f-49de-aed0-16487c27b42d",
            "{eb6305c9-1f7f-49de-aed0-16487c27b42d}",
        ] {
            assert_eq!(parse(text), Err(NotAUetr(text.to_owned())));
        }
    }
}
