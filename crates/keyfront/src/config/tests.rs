//! Tests of the configuration file: defaults, unknown names, settings that cannot work.

use super::*;

#[test]
fn the_shipped_example_is_the_default_configuration() {
    let example = include_str!("../../../../keyfront.example.toml");
    assert_eq!(Config::parse(example).unwrap(), Config::default());
}

#[test]
fn a_name_that_is_not_known_is_an_error_that_shows_where() {
    for text in ["[server]\nlisten_on = \"x\"", "[quotas]\nkeys = 1", "[stor]", "[import.s3]\nurl = \"x\""] {
        let error = Config::parse(text).unwrap_err().to_string();
        assert!(error.contains("unknown field"), "{text}: {error}");
    }
}

#[test]
fn settings_that_cannot_work_are_refused_with_their_name() {
    for (text, named) in [
        ("[server]\nmax_connections = 0", "[server]"),
        ("[server]\nmax_connections = 9223372036854775807", "max_connections"),
        ("[server]\nheader_timeout_seconds = 9223372036854775807", "header_timeout_seconds"),
        ("[api]\nbody_timeout_seconds = 0", "body_timeout_seconds"),
        ("[api]\nmax_body_bytes = 0", "max_body_bytes"),
        ("[api]\nmax_store_body_bytes = 1000", "max_store_body_bytes"),
        ("[api]\nmax_store_body_bytes = 300000000", "max_bytes_of_bodies"),
        ("[functions]\nthreads = 100000", "threads"),
        ("[functions]\ninstruction_budget = 0", "instruction_budget"),
        ("[functions]\nforget_after_seconds = 0", "forget_after_seconds"),
        ("[server]\nmax_header_bytes = 10", "max_header_bytes"),
        ("[server.tls]\ncertificate = \"/nowhere/a\"\nprivate_key = \"/nowhere/b\"", "/nowhere/a"),
        ("[log]\nfilter = \"keyfront=loud=er\"", "log filter"),
        ("[log]\nfilter = \"infoo\"", "infoo"),
        ("[import.folders]\nbucket = \"/nowhere\"", "[import.folders]"),
        ("[import.s3]\naccess_key_id = \"a\"", "go together"),
        ("[import.s3]\nendpoint = \"localhost:9000\"", "is not a URL"),
        ("[server]\nnames = [\"https://keyfront.example.com\"]", "without a scheme"),
        ("[server]\nlisten = \"127.0.0.1:4701\"", "both 127.0.0.1:4701"),
        ("[quotas]\npairs_per_update = 0", "pairs_per_update"),
        ("[quotas]\nkey_bytes = 1025", "at most 1024"),
        ("[quotas]\nfunction_code_bytes = 40961", "at most 40960"),
        ("[store]\ndata = \"/dev/null/data\"", "/dev/null is not a folder"),
    ] {
        let error = Config::parse(text).unwrap().check().unwrap_err().to_string();
        assert!(error.contains(named), "{text}: {error}");
    }
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "s").unwrap();
    for (mode, accepted) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(read_secret(&path).is_ok(), accepted, "{mode:o}");
    }
}
