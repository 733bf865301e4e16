//! A folder in place of a bucket: a key is a path below it.

use std::io::{ErrorKind, Read};
use std::path::{Component, Path};

use bytes::Bytes;
use keyfront_api::import::{FetchError, ObjectAddress};

/// Reads an object. A key that leads out of the folder names no object.
pub(super) async fn fetch(folder: &Path, address: &ObjectAddress, limit: u64) -> Result<Bytes, FetchError> {
    let (folder, address) = (folder.to_owned(), address.clone());
    let read = tokio::task::spawn_blocking(move || read(&folder, &address, limit)).await;
    read.unwrap_or_else(|error| Err(FetchError::Unreachable(error.to_string())))
}

fn read(folder: &Path, address: &ObjectAddress, limit: u64) -> Result<Bytes, FetchError> {
    let ObjectAddress { bucket, key } = address.clone();
    let absent = FetchError::NoSuchObject { bucket: bucket.clone(), key: key.clone() };
    if Path::new(&key).components().any(|part| !matches!(part, Component::Normal(_))) {
        return Err(absent);
    }
    let failed = |error: std::io::Error| {
        let kind = error.kind();
        if matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory) {
            absent.clone()
        } else if kind == ErrorKind::PermissionDenied {
            FetchError::AccessDenied { bucket: bucket.clone(), key: key.clone() }
        } else {
            FetchError::Unreachable(error.to_string())
        }
    };
    if !folder.is_dir() {
        return Err(FetchError::NoSuchBucket(bucket));
    }
    // A symbolic link may point out of the folder; what counts is where it leads.
    let root = folder.canonicalize().map_err(failed)?;
    let path = root.join(&key).canonicalize().map_err(failed)?;
    if !path.starts_with(&root) || !path.is_file() {
        return Err(absent);
    }
    let mut content = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(limit.saturating_add(1)).read_to_end(&mut content).map_err(failed)?;
    if u64::try_from(content.len()).unwrap_or(u64::MAX) > limit {
        return Err(FetchError::TooLarge);
    }
    Ok(Bytes::from(content))
}

#[cfg(test)]
mod tests;
