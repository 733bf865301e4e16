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

const ACME_IN_MEMORY: &str = "[store]\nengine = \"memory\"\n[edge]\ntls_listen = \"127.0.0.1:4743\"\n\
                              [edge.acme]\nagree_to_terms = true\nnames = [\"a.example.com\"]";

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
        ("[edge]\nenabled = true\nlisten = \"127.0.0.1:4700\"", "[edge] listen are both 127.0.0.1:4700"),
        ("[edge]\nenabled = true\nports = { 4701 = \"E1\" }", "[edge.ports] are both 127.0.0.1:4701"),
        ("[edge]\nports = { x = \"E1\" }", "is not a port"),
        ("[edge]\nviewer_country = \"Germany\"", "is not a country"),
        ("[edge.countries]\n\"10.0.0.0/99\" = \"DE\"", "is not a network"),
        ("[edge]\ntrusted_proxies = [\"proxy\"]", "is not a network"),
        ("[edge.origins]\n\"a.example.com\" = \"/nowhere\"", "/nowhere is not a folder"),
        ("[edge]\nconnections_per_origin = 0", "connections_per_origin"),
        ("[edge]\nidle_timeout_seconds = 0", "idle_timeout_seconds"),
        ("[edge]\nmax_connections = 0", "max_connections"),
        ("[edge]\nlocation = \"a b\"", "location"),
        ("[edge.cache]\ndisk_mib = 63", "disk_mib"),
        ("[edge.cache]\ndisk = \"/dev/null\"", "/dev/null is not a folder"),
        (
            "[edge]\ntls_listen = \"127.0.0.1:4743\"\n[edge.acme]\nnames = [\"a.example.com\"]",
            "agree_to_terms",
        ),
        (ACME_IN_MEMORY, "[edge.acme] is for one server with a data folder"),
        ("[edge.s3]\naccess_key_id = \"a\"", "go together"),
        (
            "[edge.certificates.default]\ncertificate = \"/nowhere/a\"\nprivate_key = \"/nowhere/b\"",
            "/nowhere/a",
        ),
        (
            "[edge.client_certificates.a]\ncertificate = \"/nowhere/a\"\nprivate_key = \"/nowhere/b\"",
            "[edge.client_certificates] a: /nowhere/a",
        ),
        ("[quotas]\npairs_per_update = 0", "pairs_per_update"),
        ("[quotas]\nkey_bytes = 1025", "at most 1024"),
        ("[quotas]\nfunction_code_bytes = 40961", "at most 40960"),
        ("[store]\ndata = \"/dev/null/data\"", "/dev/null is not a folder"),
        ("[store]\nengine = \"etcd\"\n[store.etcd]\nendpoints = []", "name the members"),
        ("[store]\nengine = \"etcd\"\n[store.etcd]\nendpoints = [\"a:2379\"]", "\"a:2379\" is not a URL"),
        ("[edge.logs]\nfolder = \"/dev/null\"", "[edge.logs] folder: the folder /dev/null cannot be made"),
    ] {
        let error = Config::parse(text).unwrap().check().unwrap_err().to_string();
        assert!(error.contains(named), "{text}: {error}");
    }
}

#[test]
fn the_edge_knows_the_buckets_of_imports() {
    let text = "[import.folders]\na = \"/tmp\"\nb = \"/tmp\"\n[import.s3]\nendpoint = \"http://127.0.0.1:9000\"\n\
                path_style = false\n[edge.s3.folders]\nb = { path = \"/\", public = true }";
    let config = Config::parse(text).unwrap();
    let s3 = config.edge.origins(&config.import).unwrap().s3;
    assert_eq!(s3.folders.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert!(!s3.folders["a"].public && s3.folders["b"].public);
    assert_eq!(s3.endpoint.unwrap().to_string(), "http://127.0.0.1:9000");
    assert_eq!((s3.region.as_deref(), s3.path_style), (Some("us-east-1"), Some(false)));
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "s").unwrap();
    for (mode, accepted) in [(0o600, true), (0o400, true), (0o440, true), (0o660, false), (0o604, false)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(read_secret(&path).is_ok(), accepted, "{mode:o}");
    }
}
