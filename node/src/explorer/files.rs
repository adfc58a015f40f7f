//! The files, each with what HTTP says about it.

use hyper::{body::Bytes, header::HeaderValue};
use std::collections::BTreeMap;

/// Where the application begins.
const INDEX: &str = "index.html";

#[cfg(feature = "explorer")]
static EMBEDDED: include_dir::Dir<'static> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../explorer/dist");

/// A file.
#[derive(Clone, Debug)]
pub struct File {
    /// What is in it.
    pub content: Bytes,
    /// Its media type.
    pub media_type: &'static str,
    /// Its entity tag, which follows from the content.
    pub tag: HeaderValue,
    /// Whether its content can never be another one under this name.
    pub immutable: bool,
}

impl File {
    fn new(path: &str, content: Bytes) -> Self {
        let hash = sp_crypto_hashing::sha2_256(&content);
        let tag = HeaderValue::from_str(&format!("\"{}\"", hex::encode(&hash[..16])))
            .expect("quotes and hexadecimal digits are visible ASCII");
        Self { media_type: media_type(path), immutable: is_named_by_hash(path), content, tag }
    }
}

/// Files by their paths, which do not begin with a slash. What is not listed is not there, so that no path leads out.
#[derive(Clone, Debug, Default)]
pub struct Files(BTreeMap<String, File>);

impl Files {
    /// Those that were compiled in, if any were.
    #[cfg(feature = "explorer")]
    pub fn embedded() -> Option<Self> {
        fn add(files: &mut Files, folder: &'static include_dir::Dir<'static>) {
            for file in folder.files() {
                files.put(&file.path().to_string_lossy(), Bytes::from_static(file.contents()));
            }
            folder.dirs().for_each(|folder| add(files, folder));
        }
        let mut files = Self::default();
        add(&mut files, &EMBEDDED);
        Some(files)
    }

    /// Those that were compiled in, if any were.
    #[cfg(not(feature = "explorer"))]
    pub fn embedded() -> Option<Self> {
        None
    }

    /// Adds a file, or replaces it.
    pub fn put(&mut self, path: &str, content: Bytes) {
        self.0.insert(path.to_owned(), File::new(path, content));
    }

    /// The file that the path of a URL names.
    pub fn find(&self, path: &str) -> Option<&File> {
        match path.strip_prefix('/')? {
            "" => self.0.get(INDEX),
            path => self.0.get(path),
        }
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether it has a name as the bundler gives it: `assets/` and, before the ending, a dash and eight letters of base64url
/// that follow from the content.
fn is_named_by_hash(path: &str) -> bool {
    let Some((stem, _)) = path.strip_prefix("assets/").and_then(|name| name.rsplit_once('.')) else { return false };
    let Some((name, hash)) = stem.len().checked_sub(8).and_then(|position| stem.split_at_checked(position)) else {
        return false;
    };
    name.ends_with('-') && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
