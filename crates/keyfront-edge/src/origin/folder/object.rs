//! One file as an object.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use md5::{Digest, Md5};
use quick_cache::sync::Cache;

use super::key;

/// Files up to this size are read whole.
const SMALL: u64 = 256 * 1024;

/// Larger files are not read for their ETag.
const DIGESTED: u64 = 64 * 1024 * 1024;

/// Digests that are remembered.
const DIGESTS: usize = 4096;

/// What the digest of a file was, until the file changes.
#[derive(Clone)]
pub(in super::super) struct Digests(Arc<Cache<(PathBuf, u64, SystemTime), Arc<str>>>);

impl Default for Digests {
    fn default() -> Digests {
        Digests(Arc::new(Cache::new(DIGESTS)))
    }
}

/// An object.
pub(super) struct Object {
    pub(super) length: u64,
    /// Whole seconds, as HTTP has them.
    pub(super) modified: SystemTime,
    /// With its quotes.
    pub(super) etag: String,
    pub(super) content_type: &'static str,
    pub(super) content: Content,
}

/// Its bytes.
pub(super) enum Content {
    Small(Bytes),
    File(File),
}

impl Object {
    /// Opens the file of a key below a folder; `None` if there is none, or none that may be read. A symbolic link is
    /// followed only to where it stays below the folder.
    pub(super) fn open(root: &Path, key: &str, digests: &Digests) -> Option<Object> {
        let root = root.canonicalize().ok()?;
        let path = key::file(&root, key)?.canonicalize().ok()?;
        // What is not a regular file could block when it is opened.
        if !path.starts_with(&root) || !path.metadata().ok()?.is_file() {
            return None;
        }
        let mut file = File::open(&path).ok()?;
        let metadata = file.metadata().ok()?;
        let (length, changed) = (metadata.len(), metadata.modified().ok()?);
        let (etag, content) = if length <= SMALL {
            let mut bytes = Vec::new();
            (&mut file).take(SMALL + 1).read_to_end(&mut bytes).ok()?;
            (hex::encode(Md5::digest(&bytes)), Content::Small(Bytes::from(bytes)))
        } else {
            (large_etag(&path, length, changed, digests)?, Content::File(file))
        };
        let length = match &content {
            Content::Small(bytes) => u64::try_from(bytes.len()).ok()?,
            Content::File(_) => length,
        };
        let since_epoch = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(since_epoch.as_secs());
        let content_type = mime_guess::from_path(&path).first_raw().unwrap_or("binary/octet-stream");
        Some(Object { length, modified, etag: format!("\"{etag}\""), content_type, content })
    }
}

/// The MD5 of the content, as objects have it that were put in one piece. Very large ones have one of length and time,
/// with a number behind it as objects in parts have.
fn large_etag(path: &Path, length: u64, changed: SystemTime, digests: &Digests) -> Option<String> {
    let known = (path.to_owned(), length, changed);
    if let Some(digest) = digests.0.get(&known) {
        return Some(digest.to_string());
    }
    let digest = if length > DIGESTED {
        let since_epoch = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let text = format!("{length} {}", since_epoch.as_nanos());
        format!("{}-{}", hex::encode(Md5::digest(text)), length.div_ceil(8 * 1024 * 1024))
    } else {
        let mut file = File::open(path).ok()?;
        let mut hash = Md5::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut buffer).ok()?;
            if read == 0 {
                break;
            }
            hash.update(buffer.get(..read)?);
        }
        hex::encode(hash.finalize())
    };
    digests.0.insert(known, Arc::from(digest.as_str()));
    Some(digest)
}
