//! Which clusters and settings are taken, and what is said about the others.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use keyfront_engine::{Batch, Engine, Range};
use keyfront_engine_etcd::{EtcdEngine, Settings};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;

use crate::admin::Admin;
use crate::fixture::{Cluster, open, shared, within};

fn refusal(settings: Settings) -> String {
    match EtcdEngine::open(settings) {
        Ok(_engine) => String::from("opened"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn settings_that_cannot_work_are_refused_with_what_to_set() {
    let with = |change: fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        settings
    };
    let cases: &[(Settings, &str)] = &[
        (with(|s| s.endpoints.clear()), "endpoints is empty"),
        (with(|s| s.endpoints = vec!["127.0.0.1:2379".into()]), "has to begin with http://"),
        (with(|s| s.endpoints.push("https://x:1".into())), "either all endpoints are https"),
        (with(|s| s.endpoints = vec!["https://x:1".into()]), "need ca_file"),
        (with(|s| s.ca_file = Some("ca.pem".into())), "are not https"),
        (with(|s| s.user = Some("keyfront".into())), "user and password_file go together"),
        (with(|s| s.certificate_file = Some("c".into())), "go together"),
        (with(|s| s.server_name = Some("etcd".into())), "for https endpoints"),
        (with(|s| s.prefix.clear()), "prefix has to have between"),
        (with(|s| s.max_txn_ops = 128), "max_txn_ops is 128; set it to at least 512"),
        (with(|s| s.max_txn_ops = 1_000_000), "lower max_txn_ops"),
        (with(|s| s.operation_seconds = 1), "operation_seconds"),
    ];
    for (settings, expected) in cases {
        let refusal = refusal(settings.clone());
        assert!(refusal.contains(expected), "{refusal:?} should say {expected:?}");
    }
}

/// What etcd has by default: 128 operations and 1.5 MiB.
#[test]
fn a_cluster_that_takes_less_than_the_settings_say_is_refused_with_the_flag() {
    let cluster = Cluster::with(1, &[]);
    let settings = cluster.settings("keyfront/");
    let said = refusal(settings.clone());
    assert!(said.contains("--max-txn-ops=1024"), "{said}");
    assert!(said.contains(&cluster.members[0].url()), "{said}");
    let cluster = Cluster::with(1, &["--max-txn-ops=1024"]);
    let settings = Settings { endpoints: vec![cluster.members[0].url()], ..settings };
    let said = refusal(settings.clone());
    assert!(said.contains("--max-request-bytes=10485760"), "{said}");
    let settings = Settings { max_request_bytes: 1536 << 10, ..settings };
    assert!(
        refusal(Settings { max_request_bytes: (1536 << 10) + 1024, ..settings.clone() })
            .contains("--max-request")
    );
    assert_eq!(refusal(settings), "opened");
}

#[tokio::test]
async fn a_prefix_that_is_not_keyfronts_is_refused_and_left_alone() {
    let settings = shared();
    let admin = Admin::of(&settings.endpoints[0]);
    let key = format!("{}other", settings.prefix);
    admin.put(&key, "x");
    assert!(refusal(settings.clone()).contains("are not Keyfront's"));
    admin.delete(&key);
    assert_eq!(refusal(settings.clone()), "opened");
    admin.put(&format!("{}a", settings.prefix), "keyfront 2");
    assert!(refusal(settings).contains("later version of Keyfront"));
}

#[tokio::test]
async fn only_a_key_space_that_is_there_is_opened_as_an_existing_one() {
    let settings = shared();
    let said = EtcdEngine::open_existing(settings.clone()).err().map(|error| error.to_string());
    assert!(said.is_some_and(|said| said.contains("has no data of Keyfront")));
    let engine = open(&settings);
    engine.commit(Batch::default().put("a", "1")).await.unwrap();
    drop(engine);
    let engine = EtcdEngine::open_existing(settings).unwrap();
    assert_eq!(engine.read(&[Range::key("a")]).await.unwrap().range(0).len(), 1);
}

#[test]
fn a_cluster_that_does_not_answer_is_named() {
    let mut cluster = Cluster::of(1);
    cluster.kill(0);
    let settings = Settings { attempt_seconds: 1, operation_seconds: 1, ..cluster.settings("keyfront/") };
    let said = refusal(settings);
    assert!(said.contains(&cluster.members[0].url()) && said.contains("Connection refused"), "{said}");
}

/// The session of an engine that is gone leaves nothing that grows.
#[tokio::test]
async fn slots_of_ended_sessions_are_collected() {
    let settings = shared();
    let admin = Admin::of(&settings.endpoints[0]);
    for _ in 0..3 {
        let engine = open(&settings);
        engine.commit(Batch::default().put("a", "1")).await.unwrap();
        drop(engine);
        let sessions = format!("{}l", settings.prefix);
        assert_eq!(admin.count(&sessions), 0, "the session of a closed engine ends at once");
    }
    let _engine = open(&settings);
    assert_eq!(admin.count(&format!("{}s", settings.prefix)), 0);
}

/// Turns on authentication, with a user for one prefix.
fn authenticate(admin: &Admin) {
    let calls = [
        ("auth/user/add", json!({"name": "root", "password": "secret"})),
        ("auth/role/add", json!({"name": "root"})),
        ("auth/user/grant", json!({"user": "root", "role": "root"})),
        ("auth/user/add", json!({"name": "keyfront", "password": "password"})),
        ("auth/role/add", json!({"name": "keyfront"})),
        (
            "auth/role/grant",
            // From "keyfront/" to "keyfront0", which is behind all keys that begin so.
            json!({"name": "keyfront", "perm": {
                "permType": "READWRITE", "key": "a2V5ZnJvbnQv", "range_end": "a2V5ZnJvbnQw",
            }}),
        ),
        ("auth/user/grant", json!({"user": "keyfront", "role": "keyfront"})),
        ("auth/enable", json!({})),
    ];
    for (path, body) in calls {
        admin.call(path, &body);
    }
}

#[tokio::test]
async fn a_user_of_etcd_needs_no_more_than_the_prefix() {
    let cluster = Cluster::of(1);
    let settings = cluster.settings("keyfront/");
    authenticate(&Admin::of(&settings.endpoints[0]));
    let folder = tempfile::tempdir().unwrap();
    let password_file = Some(folder.path().join("password"));
    let settings = Settings { user: Some("keyfront".into()), password_file, ..settings };
    fs::write(folder.path().join("password"), "password\n").unwrap();
    let engine = open(&settings);
    engine.commit(Batch::default().put("a", "1")).await.unwrap();
    assert_eq!(engine.read(&[Range::key("a")]).await.unwrap().range(0).len(), 1);
    let mut changes = engine.watch(keyfront_engine::Version::NEVER).await.unwrap();
    assert!(matches!(changes.next().await, keyfront_engine::Next::Change(_)));
    fs::write(folder.path().join("password"), "wrong").unwrap();
    let said = refusal(settings.clone());
    assert!(said.contains("authentication failed"), "{said}");
    let other = Settings { prefix: "other/".into(), ..settings };
    fs::write(folder.path().join("password"), "password").unwrap();
    let said = refusal(other);
    assert!(said.contains("permission denied"), "{said}");
}

/// A member forgets its tokens when it starts again, and takes none from before a change of users and roles.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_not_valid_any_more_is_renewed_without_a_failure() {
    let mut cluster = Cluster::of(1);
    let url = cluster.members[0].url();
    authenticate(&Admin::of(&url));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("password"), "password").unwrap();
    let password_file = Some(folder.path().join("password"));
    let settings = Settings { user: Some("keyfront".into()), password_file, ..cluster.settings("keyfront/") };
    let engine = open(&settings);
    engine.commit(Batch::default().put("a", "1")).await.unwrap();
    Admin::of(&url).authenticated("root", "secret").call("auth/role/add", &json!({"name": "another"}));
    engine.commit(Batch::default().put("a", "2")).await.unwrap();
    cluster.kill(0);
    cluster.start(0);
    engine.commit(Batch::default().put("a", "3")).await.unwrap();
    let found = engine.read(&[Range::key("a")]).await.unwrap();
    assert_eq!(found.one(0).map(|entry| &entry.value[..]), Some(&b"3"[..]));
    assert_eq!(engine.stats().failures, 0);
}

#[test]
fn a_cluster_without_most_of_its_members_is_not_ready_until_they_are_back() {
    let mut cluster = Cluster::of(3);
    let engine =
        open(&Settings { attempt_seconds: 1, operation_seconds: 2, ..cluster.settings("keyfront/") });
    assert_eq!(engine.stats().refusing, None);
    cluster.kill(0);
    cluster.kill(1);
    assert!(within(Duration::from_secs(20), || engine.stats().refusing.is_some()));
    assert!(engine.stats().refusing.unwrap().contains("most of etcd's members"));
    cluster.start(0);
    assert!(within(Duration::from_secs(20), || engine.stats().refusing.is_none()));
}

/// An authority and a certificate of it for this machine, as PEM files in a folder.
fn certificates(folder: &Path) -> [PathBuf; 3] {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let files = ["ca.pem", "certificate.pem", "key.pem"].map(|name| folder.join(name));
    for (file, content) in files.iter().zip([authority, certificate.pem(), key.serialize_pem()]) {
        fs::write(file, content).unwrap();
    }
    files
}

#[tokio::test]
async fn members_are_known_by_their_certificates_and_know_the_engine_by_its_own() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let [ca, certificate, key] = certificates(folder.path());
    let flag = |name: &str, file: &Path| format!("--{name}={}", file.display());
    let cluster = Cluster::with_tls(&[
        flag("cert-file", &certificate),
        flag("key-file", &key),
        flag("trusted-ca-file", &ca),
        "--client-cert-auth".to_owned(),
    ]);
    let settings = Settings {
        ca_file: Some(ca),
        certificate_file: Some(certificate),
        private_key_file: Some(key),
        attempt_seconds: 1,
        operation_seconds: 3,
        ..cluster.settings("keyfront/")
    };
    let engine = open(&settings);
    engine.commit(Batch::default().put("a", "1")).await.unwrap();
    assert_eq!(engine.read(&[Range::key("a")]).await.unwrap().range(0).len(), 1);
    let without = Settings { certificate_file: None, private_key_file: None, ..settings.clone() };
    assert!(refusal(without).contains("cannot be used"));
    let [ca, _, _] = certificates(other.path());
    assert!(refusal(Settings { ca_file: Some(ca), ..settings.clone() }).contains("cannot be used"));
    let said = refusal(Settings { ca_file: Some(folder.path().join("absent.pem")), ..settings });
    assert!(said.contains("absent.pem cannot be read"), "{said}");
}
