//! Bytes that go on chain by their hash, and texts that go there as they are.

use citynet_primitives::{Hash, Text};
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// How much of a file is read at once.
const CHUNK: usize = 1 << 20;

/// A file or a text cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file has no bytes, and so no content.
    #[error("{0} is empty")]
    EmptyFile(PathBuf),
    /// The chain takes no empty text here.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The text is too long.
    #[error("{field} has more than {most} bytes")]
    TooLong {
        /// Which.
        field: &'static str,
        /// The most it may have.
        most: u32,
    },
}

/// What is said about bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// SHA-256 of them.
    pub hash: Hash,
    /// How many there are.
    pub bytes: u64,
}

impl Content {
    /// Reads a file, of any size.
    ///
    /// # Errors
    ///
    /// [`ContentError::File`] and [`ContentError::EmptyFile`].
    pub fn of_file(path: &Path) -> Result<Self, ContentError> {
        let failed = |source| ContentError::File { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(failed)?;
        let (mut hasher, mut bytes, mut chunk) = (Sha256::new(), 0u64, vec![0; CHUNK]);
        loop {
            let read = match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed(error)),
            };
            hasher.update(chunk.get(..read).unwrap_or_default());
            bytes += read as u64;
        }
        if bytes == 0 {
            return Err(ContentError::EmptyFile(path.to_owned()));
        }
        Ok(Self { hash: hasher.finalize().into(), bytes })
    }
}

/// A text as the chain keeps it; it may be empty.
///
/// # Errors
///
/// [`ContentError::TooLong`].
pub fn text<const N: u32>(field: &'static str, text: &str) -> Result<Text<N>, ContentError> {
    Text::<N>::try_from(text.as_bytes().to_vec()).map_err(|_| ContentError::TooLong { field, most: N })
}

/// As [`text`], where the chain takes no empty one.
///
/// # Errors
///
/// [`ContentError::Empty`] and [`ContentError::TooLong`].
pub fn some_text<const N: u32>(field: &'static str, words: &str) -> Result<Text<N>, ContentError> {
    if words.is_empty() {
        return Err(ContentError::Empty(field));
    }
    text(field, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_are_hashed_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("air.csv");
        for bytes in [b"time,P1\n".to_vec(), vec![7; CHUNK], vec![8; 2 * CHUNK + 1]] {
            fs::write(&path, &bytes).unwrap();
            let expected = Content { hash: Sha256::digest(&bytes).into(), bytes: bytes.len() as u64 };
            assert_eq!(Content::of_file(&path).unwrap(), expected);
        }
        fs::write(&path, b"").unwrap();
        assert!(matches!(Content::of_file(&path), Err(ContentError::EmptyFile(_))));
        let missing = Content::of_file(&dir.path().join("missing")).unwrap_err();
        assert!(missing.to_string().contains("missing"), "{missing}");
    }

    #[test]
    fn texts_have_the_lengths_of_the_chain() {
        assert_eq!(text::<4>("the title", "ла").unwrap().into_inner(), "ла".as_bytes());
        let long = text::<4>("the title", "лад").unwrap_err();
        assert_eq!(long.to_string(), "the title has more than 4 bytes");
        assert!(text::<4>("the schema", "").unwrap().is_empty());
        assert_eq!(some_text::<4>("the title", "").unwrap_err().to_string(), "the title is empty");
    }
}
