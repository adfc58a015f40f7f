//! The code of a runtime, as it is proposed, authorised and applied: a WebAssembly module, usually compressed.
//!
//! Blake2b-256 of the file as it is, compressed or not, is what the council authorises. The module says in a custom section
//! which runtime it is. Formats: <https://webassembly.github.io/spec/core/binary/modules.html>, the section
//! `runtime_version` of `sp-version`, and the prefix and Zstandard of `sp-maybe-compressed-blob`.

use citynet_primitives::Hash;
use codec::Decode;
use sp_crypto_hashing::blake2_256;
use sp_maybe_compressed_blob::{compress_strongly, decompress, CODE_BLOB_BOMB_LIMIT};
use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// `\0asm` and version 1.
const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";
/// The id of custom sections.
const CUSTOM: u8 = 0;
const VERSION_SECTION: &[u8] = b"runtime_version";

/// Code cannot be read, or is no runtime.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// The file cannot be read.
    #[error("cannot read the code: {0}")]
    File(#[from] io::Error),
    /// It is larger than any runtime.
    #[error("the code has more than {} MiB, compressed or not; no node would take it", CODE_BLOB_BOMB_LIMIT >> 20)]
    TooLarge,
    /// It begins as compressed code does and cannot be decompressed.
    #[error("the code is compressed, and damaged")]
    Compression,
    /// It is no WebAssembly.
    #[error("the code is no WebAssembly module")]
    NotWasm,
    /// It is WebAssembly up to some point.
    #[error("the WebAssembly module ends within a section")]
    Truncated,
    /// It does not say which runtime it is.
    #[error("the module has no section runtime_version, so it is no runtime")]
    NoVersion,
    /// What it says about that cannot be read.
    #[error("the module's section runtime_version cannot be read: {0}")]
    Version(#[from] codec::Error),
}

/// What a runtime says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which chain it is for.
    pub spec_name: String,
    /// Its version. An upgrade must raise it.
    pub spec_version: u32,
    /// The version of how transactions are encoded.
    pub transaction_version: u32,
}

/// A runtime's code.
#[derive(Clone, Debug)]
pub struct Code {
    bytes: Vec<u8>,
    compressed: bool,
    version: Version,
}

impl Code {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`CodeError`].
    pub fn read(path: &Path) -> Result<Self, CodeError> {
        let mut bytes = Vec::new();
        let most = u64::try_from(CODE_BLOB_BOMB_LIMIT).unwrap_or(u64::MAX);
        File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        Self::new(bytes)
    }

    /// Inspects code.
    ///
    /// # Errors
    ///
    /// [`CodeError`].
    pub fn new(bytes: Vec<u8>) -> Result<Self, CodeError> {
        if bytes.len() > CODE_BLOB_BOMB_LIMIT {
            return Err(CodeError::TooLarge);
        }
        let (compressed, version) = {
            let module = decompress(&bytes, CODE_BLOB_BOMB_LIMIT).map_err(|error| match error {
                sp_maybe_compressed_blob::Error::PossibleBomb => CodeError::TooLarge,
                sp_maybe_compressed_blob::Error::Invalid => CodeError::Compression,
            })?;
            let section = custom_section(&module, VERSION_SECTION)?.ok_or(CodeError::NoVersion)?;
            (matches!(module, Cow::Owned(_)), version(section)?)
        };
        Ok(Self { bytes, compressed, version })
    }

    /// The code, compressed unless it is already.
    ///
    /// # Errors
    ///
    /// [`CodeError::Compression`] when there is no memory for it.
    pub fn compress(self) -> Result<Self, CodeError> {
        if self.compressed {
            return Ok(self);
        }
        let bytes = compress_strongly(&self.bytes, CODE_BLOB_BOMB_LIMIT).ok_or(CodeError::Compression)?;
        Ok(Self { bytes, compressed: true, version: self.version })
    }

    /// The bytes as they are applied.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether they are compressed.
    pub fn is_compressed(&self) -> bool {
        self.compressed
    }

    /// Blake2b-256 of the bytes, by which the council authorises them.
    pub fn hash(&self) -> Hash {
        blake2_256(&self.bytes)
    }

    /// Which runtime it is.
    pub fn version(&self) -> &Version {
        &self.version
    }
}

/// The contents of a module's first custom section with that name.
fn custom_section<'a>(module: &'a [u8], name: &[u8]) -> Result<Option<&'a [u8]>, CodeError> {
    let mut rest = Reader(module.strip_prefix(&HEADER).ok_or(CodeError::NotWasm)?);
    while !rest.0.is_empty() {
        let id = rest.byte()?;
        let mut section = Reader(rest.sized()?);
        if id == CUSTOM && section.sized()? == name {
            return Ok(Some(section.0));
        }
    }
    Ok(None)
}

/// What is left of some bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, CodeError> {
        let (first, rest) = self.0.split_first().ok_or(CodeError::Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    /// An unsigned number of at most 32 bits in LEB128.
    fn number(&mut self) -> Result<u32, CodeError> {
        let mut number = 0u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).map_err(|_| CodeError::NotWasm);
            }
        }
        Err(CodeError::NotWasm)
    }

    /// As many bytes as the number before them says.
    fn sized(&mut self) -> Result<&'a [u8], CodeError> {
        let size = usize::try_from(self.number()?).map_err(|_| CodeError::Truncated)?;
        let (taken, rest) = self.0.split_at_checked(size).ok_or(CodeError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }
}

/// Reads `sp_version::RuntimeVersion`. Its list of APIs is in another section and empty here.
fn version(mut section: &[u8]) -> Result<Version, CodeError> {
    type Embedded = (String, String, u32, u32, u32, Vec<([u8; 8], u32)>, u32);
    let (spec_name, _, _, spec_version, _, _, transaction_version) = Embedded::decode(&mut section)?;
    Ok(Version { spec_name, spec_version, transaction_version })
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode as _;
    use proptest::prelude::*;
    use sp_maybe_compressed_blob::compress_weakly;

    /// A section: id, length, contents. Both lengths are written in one byte.
    fn section(id: u8, contents: &[u8]) -> Vec<u8> {
        [&[id, u8::try_from(contents.len()).unwrap()][..], contents].concat()
    }

    fn custom(name: &[u8], contents: &[u8]) -> Vec<u8> {
        section(CUSTOM, &[&[u8::try_from(name.len()).unwrap()][..], name, contents].concat())
    }

    fn version_section() -> Vec<u8> {
        let apis: Vec<([u8; 8], u32)> = vec![];
        custom(VERSION_SECTION, &("citynet", "citynet-node", 1u32, 7u32, 0u32, apis, 2u32, 1u8).encode())
    }

    fn module(sections: &[Vec<u8>]) -> Vec<u8> {
        [HEADER.to_vec(), sections.concat()].concat()
    }

    fn runtime() -> Vec<u8> {
        module(&[section(1, &[0]), custom(b"name", &[1, 2]), version_section(), section(10, &[0, 0])])
    }

    #[test]
    fn a_runtime_says_which_it_is() {
        let code = Code::new(runtime()).unwrap();
        assert!(!code.is_compressed());
        assert_eq!(code.hash(), blake2_256(&runtime()));
        let version = Version { spec_name: "citynet".into(), spec_version: 7, transaction_version: 2 };
        assert_eq!(code.version(), &version);

        let compressed = code.compress().unwrap();
        assert!(compressed.is_compressed());
        assert_ne!(compressed.hash(), blake2_256(&runtime()));
        assert_eq!(compressed.version(), &version);
        let again = Code::new(compressed.bytes().to_vec()).unwrap();
        assert!(again.is_compressed());
        assert_eq!((again.hash(), again.version()), (compressed.hash(), &version));
        assert_eq!(again.clone().compress().unwrap().hash(), again.hash());
    }

    #[test]
    fn what_is_no_runtime_is_refused() {
        for bytes in [&b"\0asm"[..], b"", b"not wasm at all", b"\0asm\x02\0\0\0", b"{\"spec_version\": 9}"] {
            assert!(matches!(Code::new(bytes.to_vec()), Err(CodeError::NotWasm)), "{bytes:?}");
        }
        let no_version = module(&[section(1, &[0]), custom(b"runtime_apis", &[])]);
        assert!(matches!(Code::new(no_version), Err(CodeError::NoVersion)));
        assert!(matches!(Code::new(HEADER.to_vec()), Err(CodeError::NoVersion)));
        let wrong = module(&[custom(VERSION_SECTION, &[0xff; 9])]);
        assert!(matches!(Code::new(wrong), Err(CodeError::Version(_))));
    }

    #[test]
    fn lengths_beyond_the_end_are_refused() {
        // A section that claims 4 GiB, one whose name is longer than itself, and one whose length has no end.
        let claims = module(&[vec![CUSTOM, 0xff, 0xff, 0xff, 0xff, 0x0f, 1]]);
        assert!(matches!(Code::new(claims), Err(CodeError::Truncated)));
        let name = module(&[section(CUSTOM, &[200, 1])]);
        assert!(matches!(Code::new(name), Err(CodeError::Truncated)));
        for length in [&[0x80u8, 0x80, 0x80, 0x80, 0x80, 0x00][..], &[0xff, 0xff, 0xff, 0xff, 0x7f]] {
            let endless = module(&[[&[CUSTOM][..], length].concat()]);
            assert!(matches!(Code::new(endless), Err(CodeError::NotWasm)), "{length:?}");
        }
    }

    #[test]
    fn bombs_and_damage_are_refused() {
        let prefix = [82, 188, 83, 118, 70, 219, 142, 5];
        let damaged = [&prefix[..], b"this is no Zstandard"].concat();
        assert!(matches!(Code::new(damaged), Err(CodeError::Compression)));

        let mut module = HEADER.to_vec();
        module.resize(CODE_BLOB_BOMB_LIMIT, 0);
        let small = compress_weakly(&module, CODE_BLOB_BOMB_LIMIT).unwrap();
        assert!(small.len() < module.len() / 100);
        // Zeros are custom sections without even a name.
        assert!(matches!(Code::new(small.clone()), Err(CodeError::Truncated)));
        module.push(0);
        assert!(matches!(Code::new(module), Err(CodeError::TooLarge)));
        // Zstandard's frames follow one another.
        let twice = [&small[..], &small[prefix.len()..]].concat();
        assert!(matches!(Code::new(twice), Err(CodeError::TooLarge)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Code::new([&HEADER[..], &bytes].concat());
            let _ = Code::new(bytes);
        }

        #[test]
        fn a_runtime_that_is_cut_is_never_another(cut in 0..8usize) {
            let whole = runtime();
            // The last section is cut or missing: whatever is read before it is the same.
            if let Ok(code) = Code::new(whole[..whole.len() - cut].to_vec()) {
                prop_assert_eq!(code.version().spec_version, 7);
            }
        }
    }
}
