//! Keys of objects: what a path names, and which file that is.

use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str};

/// What cannot stand in a `Location` as it is.
pub(super) const NOT_IN_LOCATIONS: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`').add(b'+');

/// The key that the path of a request names: decoded, without the first slash. `None` if it is not text. S3 takes a plus
/// sign for a space in paths as well; that of a key is `%2B` (seen by many of its clients).
pub(super) fn of_path(path: &str) -> Option<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.replace('+', " ");
    percent_decode_str(&path).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// The file of a key below a folder, if a file may have this key. S3 has keys such as `a/../b` and `a//b` as objects of
/// their own; files cannot have them, so they name nothing, whatever a file system would make of them.
pub(super) fn file(root: &Path, key: &str) -> Option<PathBuf> {
    if key.contains('\0') || key.contains('\\') {
        return None;
    }
    if key.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return None;
    }
    let relative = Path::new(key);
    relative.components().all(|part| matches!(part, Component::Normal(_))).then(|| root.join(relative))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_decoded_path_and_names_a_file_below_the_folder_or_nothing() {
        for (path, key, named) in [
            ("/index.html", Some("index.html"), true),
            ("/a/b%20c.txt", Some("a/b c.txt"), true),
            ("/a+b", Some("a b"), true),
            ("/a%2Bb", Some("a+b"), true),
            ("/%C3%BC", Some("ü"), true),
            ("/...", Some("..."), true),
            ("/.hidden", Some(".hidden"), true),
            ("/", Some(""), false),
            ("/a/", Some("a/"), false),
            ("/a//b", Some("a//b"), false),
            ("//etc/passwd", Some("/etc/passwd"), false),
            ("/../a", Some("../a"), false),
            ("/a/../../b", Some("a/../../b"), false),
            ("/%2e%2e/a", Some("../a"), false),
            ("/..%2fa", Some("../a"), false),
            ("/..%5ca", Some("..\\a"), false),
            ("/a%00b", Some("a\0b"), false),
            ("/./a", Some("./a"), false),
            ("/%FF", None, false),
        ] {
            assert_eq!(of_path(path).as_deref(), key, "{path}");
            let file = key.and_then(|key| file(Path::new("/srv"), key));
            assert_eq!(file.is_some(), named, "{path}");
            assert!(file.is_none_or(|file| file.starts_with("/srv")), "{path}");
        }
    }
}
