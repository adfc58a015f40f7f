//! What a version was made from, as one word of a command line.
//!
//! ```text
//! 7@3                          version 3 of dataset 7
//! 7@3:grant=5                  the same, used by grant 5, since the dataset is another organisation's
//! device:12:0-999              readings 0 to 999 of device 12
//! device:12:0-999:grant=5      the same, used by grant 5, of a dataset that the device feeds
//! sha256:0x…                   bytes that the ledger does not know
//! sha256:0x…:https://…         the same, and where they were had
//! ```

use crate::hash::{self, NotAHash};
use citynet_primitives::{DeviceId, GrantId, Source, Text, VersionId};
use std::str::FromStr;

/// A word is no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It is none of the forms.
    #[error(
        "`{0}` is no source; one is 7@3 or device:12:0-999, with :grant=5 after it where it is another organisation's, or \
         sha256:HASH or sha256:HASH:URI"
    )]
    Form(String),
    /// The hash is none.
    #[error(transparent)]
    Hash(#[from] NotAHash),
    /// The last reading comes before the first.
    #[error("`{0}` ends before it begins")]
    Backwards(String),
    /// The chain does not keep that much.
    #[error("what follows the hash in `{0}` has more than 128 bytes")]
    TooLong(String),
}

/// A word is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no version; 7@3 is version 3 of dataset 7")]
pub struct NotAVersion(String);

/// Digits and nothing else: a number of the standard library may have a sign.
fn number<T: FromStr>(text: &str) -> Option<T> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

/// Reads `7@3`.
///
/// # Errors
///
/// [`NotAVersion`].
pub fn parse_version(text: &str) -> Result<VersionId, NotAVersion> {
    text.parse().map_err(|_| NotAVersion(text.into()))
}

/// Reads a source.
///
/// # Errors
///
/// [`SourceError`].
pub fn parse(text: &str) -> Result<Source, SourceError> {
    if let Some(rest) = text.strip_prefix("sha256:") {
        let (hash, uri) = rest.split_once(':').unwrap_or((rest, ""));
        let uri = Text::try_from(uri.as_bytes().to_vec()).map_err(|_| SourceError::TooLong(text.into()))?;
        return Ok(Source::External { content: hash::parse(hash)?, uri });
    }
    let form = || SourceError::Form(text.into());
    let (what, grant) = match text.split_once(":grant=") {
        Some((what, grant)) => (what, Some(GrantId(number(grant).ok_or_else(form)?))),
        None => (text, None),
    };
    let Some(rest) = what.strip_prefix("device:") else {
        let VersionId { dataset, version } = parse_version(what).map_err(|_| form())?;
        return Ok(Source::Version { dataset, version, grant });
    };
    let batches = rest.split_once(':').and_then(|(device, range)| {
        let (first, last) = range.split_once('-')?;
        Some((number(device)?, number(first)?, number(last)?))
    });
    let (device, first_sequence, last_sequence): (u64, u64, u64) = batches.ok_or_else(form)?;
    if first_sequence > last_sequence {
        return Err(SourceError::Backwards(text.into()));
    }
    Ok(Source::Batches { device: DeviceId(device), first_sequence, last_sequence, grant })
}

/// Writes a source as [`parse`] reads it.
pub fn print(source: &Source) -> String {
    let by = |grant: &Option<GrantId>| grant.map_or_else(String::new, |grant| format!(":grant={grant}"));
    match source {
        Source::Version { dataset, version, grant } => format!("{dataset}@{version}{}", by(grant)),
        Source::Batches { device, first_sequence, last_sequence, grant } => {
            format!("device:{device}:{first_sequence}-{last_sequence}{}", by(grant))
        }
        Source::External { content, uri } if uri.is_empty() => format!("sha256:{}", hash::print(content)),
        Source::External { content, uri } => {
            format!("sha256:{}:{}", hash::print(content), String::from_utf8_lossy(uri))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::DatasetId;
    use proptest::prelude::*;

    #[test]
    fn every_form_is_read() {
        let (dataset, device) = (DatasetId(7), DeviceId(12));
        let hash = "ab".repeat(32);
        for (text, source) in [
            ("7@3".to_owned(), Source::Version { dataset, version: 3, grant: None }),
            ("7@3:grant=5".to_owned(), Source::Version { dataset, version: 3, grant: Some(GrantId(5)) }),
            (
                "device:12:0-999".to_owned(),
                Source::Batches { device, first_sequence: 0, last_sequence: 999, grant: None },
            ),
            (
                "device:12:4-4:grant=5".to_owned(),
                Source::Batches { device, first_sequence: 4, last_sequence: 4, grant: Some(GrantId(5)) },
            ),
            (format!("sha256:0x{hash}"), Source::External { content: [0xab; 32], uri: Text::default() }),
            (
                format!("sha256:0x{hash}:https://example.org:8080/a?grant=5"),
                Source::External {
                    content: [0xab; 32],
                    uri: b"https://example.org:8080/a?grant=5".to_vec().try_into().unwrap(),
                },
            ),
        ] {
            assert_eq!(parse(&text), Ok(source.clone()), "{text}");
            assert_eq!(print(&source), text);
        }
        assert_eq!(parse(&format!("sha256:{hash}")), parse(&format!("sha256:0x{hash}")));
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "7",
            "7@",
            "@3",
            "7@+3",
            "7@3@4",
            "7@4294967296",
            "18446744073709551616@1",
            "7@3:grant=",
            "7@3:grant=x",
            "7@3:grant=5:grant=6",
            "device:12",
            "device:12:5",
            "device:12:0-",
            "device:12:-5",
            "device::0-5",
            "device:12:0-5:6",
            "dataset:7@3",
        ] {
            assert_eq!(parse(text), Err(SourceError::Form(text.into())), "{text}");
        }
        assert!(matches!(parse("sha256:0x12"), Err(SourceError::Hash(_))));
        assert!(matches!(parse("device:12:6-5"), Err(SourceError::Backwards(_))));
        let long = format!("sha256:{}:{}", "ab".repeat(32), "u".repeat(129));
        assert!(matches!(parse(&long), Err(SourceError::TooLong(_))));
        assert_eq!(parse_version("7@3"), Ok(VersionId { dataset: DatasetId(7), version: 3 }));
        assert!(parse_version("7@3:grant=5").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            id: u64, version: u32, first: u64, more: u64, grant: Option<u64>, content: [u8; 32], uri in "[ -~]{0,128}"
        ) {
            let grant = grant.map(GrantId);
            let last_sequence = first.saturating_add(more);
            for source in [
                Source::Version { dataset: DatasetId(id), version, grant },
                Source::Batches { device: DeviceId(id), first_sequence: first, last_sequence, grant },
                Source::External { content, uri: uri.clone().into_bytes().try_into().unwrap() },
            ] {
                prop_assert_eq!(parse(&print(&source)), Ok(source));
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }
}
