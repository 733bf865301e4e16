//! Tests of a folder in place of a bucket.

use std::fs;

use super::*;

fn address(key: &str) -> ObjectAddress {
    ObjectAddress { bucket: "bucket".to_owned(), key: key.to_owned() }
}

#[test]
fn an_object_is_a_file_below_the_folder_and_nothing_else_is() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("bucket");
    fs::create_dir_all(folder.join("a")).unwrap();
    fs::write(folder.join("a/pairs.json"), "inside").unwrap();
    fs::write(outer.path().join("secret"), "outside").unwrap();
    std::os::unix::fs::symlink(outer.path().join("secret"), folder.join("link")).unwrap();
    assert_eq!(read(&folder, &address("a/pairs.json"), 6).unwrap(), "inside");
    for key in [
        "missing",
        "a",
        "a/pairs.json/x",
        "../secret",
        "a/../../secret",
        "/etc/passwd",
        "link",
        "a/./pairs.json/..",
    ] {
        let found = read(&folder, &address(key), 100);
        assert!(matches!(found, Err(FetchError::NoSuchObject { .. })), "{key}: {found:?}");
    }
    assert_eq!(read(&folder, &address("a/pairs.json"), 5), Err(FetchError::TooLarge));
    let gone = read(&outer.path().join("gone"), &address("a"), 5);
    assert_eq!(gone, Err(FetchError::NoSuchBucket("bucket".to_owned())));
}
