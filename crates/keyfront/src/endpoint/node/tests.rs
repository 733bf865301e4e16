//! Tests of the file that Node loads before a program.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::server::PROXIED_NAME;

#[test]
fn the_file_is_in_the_users_cache() {
    for (cache, home, expected) in [
        (Some("/cache"), Some("/users/u"), Some("/cache/keyfront")),
        (None, Some("/users/u"), Some("/users/u/.cache/keyfront")),
        (Some("relative"), Some("/users/u"), Some("/users/u/.cache/keyfront")),
        (Some(""), Some(""), None),
        (None, None, None),
    ] {
        let found = folder(cache.map(OsString::from), home.map(OsString::from));
        assert_eq!(found.as_deref(), expected.map(Path::new), "{cache:?} {home:?}");
    }
}

#[test]
fn the_file_is_written_when_it_is_missing_or_changed_and_only_then() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("new cache/keyfront");
    let path = write(&folder).unwrap();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    let written = fs::metadata(&path).unwrap();
    assert_eq!(written.permissions().mode() & 0o777, 0o600);
    write(&folder).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written.modified().unwrap());
    fs::write(&path, "something else").unwrap();
    assert_eq!(write(&folder).unwrap(), path);
    assert_eq!(fs::read_to_string(&path).unwrap(), PRELOAD);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn the_options_that_were_there_are_kept_and_nothing_is_said_twice() {
    for (path, present, expected) in [
        ("/c/x.cjs", "", r#"--require "/c/x.cjs""#),
        ("/c d/x.cjs", "--inspect", r#"--require "/c d/x.cjs" --inspect"#),
        (r#"/c"\d/x.cjs"#, "", r#"--require "/c\"\\d/x.cjs""#),
    ] {
        let once = options(path, present);
        assert_eq!(once, expected);
        assert_eq!(options(path, &once), once);
    }
}

#[test]
fn the_file_knows_the_name_that_the_data_plane_has() {
    assert!(PRELOAD.contains(&format!("\"{PROXIED_NAME}\"")));
}
