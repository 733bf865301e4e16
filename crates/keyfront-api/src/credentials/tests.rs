//! Tests of stored and well-known credentials: made, found, sealed, deleted.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use keyfront_domain::AccountId;
use keyfront_engine::MemoryEngine;
use keyfront_store::{
    Batch, Changes, Engine, Limits, Outcome, Range, Snapshot, Stats, StoreError, Version, credentials,
};
use keyfront_wire::signature::Secret;
use time::OffsetDateTime;
use tokio::sync::oneshot;

use super::{
    ChosenKey, CreateError, CredentialProvider, DevelopmentCredentials, SealError, SealingKey,
    StoredCredentials,
};
use crate::context::Clock;

const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> OffsetDateTime {
        time::macros::datetime!(2026-11-22 03:31:32.042 UTC)
    }
}

fn key(byte: u8) -> SealingKey {
    SealingKey::from_bytes(&[byte; SealingKey::BYTES]).unwrap()
}

fn over(engine: Arc<dyn Engine>, byte: u8) -> StoredCredentials {
    StoredCredentials::new(engine, Arc::new(StoppedClock), key(byte))
}

fn fresh() -> StoredCredentials {
    over(Arc::new(MemoryEngine::new()), 1)
}

#[test]
fn a_sealed_secret_opens_for_its_own_access_key_and_key_file_alone() {
    let sealed = key(1).seal("AKIA1", "a secret").unwrap();
    assert_eq!(key(1).open("AKIA1", &sealed).unwrap(), Secret::from("a secret"));
    let (cut, last) = sealed.split_at(sealed.len() - 4);
    let damaged = format!("{}{cut}", if last == "AAAA" { "BBBB" } else { "AAAA" });
    for (what, key, id, sealed) in [
        ("another key file", key(2), "AKIA1", sealed.as_str()),
        ("another access key", key(1), "AKIA2", &sealed),
        ("damaged", key(1), "AKIA1", &damaged),
        ("cut", key(1), "AKIA1", cut),
        ("shorter than a nonce", key(1), "AKIA1", "AAAA"),
        ("empty", key(1), "AKIA1", ""),
        ("no base64", key(1), "AKIA1", "?"),
    ] {
        assert!(matches!(key.open(id, sealed), Err(SealError::CannotOpen)), "{what}");
    }
}

#[test]
fn the_same_secret_is_sealed_differently_every_time() {
    assert_ne!(key(1).seal("AKIA1", "a secret").unwrap(), key(1).seal("AKIA1", "a secret").unwrap());
    assert_ne!(SealingKey::generate().unwrap(), SealingKey::generate().unwrap());
}

#[test]
fn a_key_file_holds_exactly_32_bytes() {
    for length in [0, 31, 33, 64] {
        assert!(matches!(SealingKey::from_bytes(&vec![1; length]), Err(SealError::WrongLength)), "{length}");
    }
}

#[tokio::test]
async fn a_credential_is_made_listed_found_and_deleted() {
    let stored = fresh();
    let created = stored.create(AccountId::DEVELOPMENT, "ci", POLICY).await.unwrap();
    assert!(created.access_key_id.len() == 20 && created.access_key_id.starts_with("AKIA"));
    assert_eq!(created.secret_access_key.len(), 40);
    let found = stored.find(&created.access_key_id).await.unwrap().unwrap();
    assert_eq!(found.secret, Secret::from(created.secret_access_key.as_str()));
    assert_eq!(found.user_arn, "arn:aws:iam::000000000000:user/ci");
    assert!(found.user_id.len() == 21 && found.user_id.starts_with("AIDA"));
    // A second key of the same user is the same user, and another key.
    let second = stored.create(AccountId::DEVELOPMENT, "ci", POLICY).await.unwrap();
    assert_ne!(second.access_key_id, created.access_key_id);
    assert_eq!(stored.find(&second.access_key_id).await.unwrap().unwrap().user_id, found.user_id);

    let listed = serde_json::to_value(stored.list().await.unwrap()).unwrap();
    let one =
        listed.as_array().unwrap().iter().find(|one| one["AccessKeyId"] == created.access_key_id).unwrap();
    let expected = serde_json::json!({
        "AccessKeyId": created.access_key_id,
        "Account": "000000000000",
        "UserName": "ci",
        "Created": "2026-11-22T03:31:32.042Z",
    });
    assert_eq!(*one, expected);

    assert!(stored.delete(&created.access_key_id).await.unwrap());
    assert!(!stored.delete(&created.access_key_id).await.unwrap());
    assert!(stored.find(&created.access_key_id).await.unwrap().is_none());
    assert_eq!(stored.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_secret_is_shown_once_and_never_printed_or_stored() {
    let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
    let stored = over(Arc::clone(&engine), 1);
    let created = stored.create(AccountId::DEVELOPMENT, "ci", POLICY).await.unwrap();
    let secret = created.secret_access_key.as_str();
    assert_eq!(serde_json::to_value(&created).unwrap()["SecretAccessKey"], secret);
    let found = stored.find(&created.access_key_id).await.unwrap().unwrap();
    let record = credentials::get(&*engine, &created.access_key_id).await.unwrap().unwrap();
    let shown = [
        format!("{found:?}"),
        format!("{record:?}"),
        format!("{:?}", key(1)),
        serde_json::to_string(&stored.list().await.unwrap()).unwrap(),
        serde_json::to_string(&record).unwrap(),
    ];
    for shown in shown {
        assert!(!shown.contains(secret), "{shown}");
    }
    let debug = format!("{record:?}");
    assert!(!debug.contains(&record.sealed_secret), "{debug}");
}

#[tokio::test]
async fn bad_user_names_and_policies_are_refused_and_nothing_is_stored() {
    let stored = fresh();
    let long = "u".repeat(65);
    for (user_name, policy, expected) in [
        ("", POLICY, "a user name is 1 to 64 letters, digits and the characters +=,.@_-"),
        (long.as_str(), POLICY, "a user name is 1 to 64 letters, digits and the characters +=,.@_-"),
        ("a/b", POLICY, "a user name is 1 to 64 letters, digits and the characters +=,.@_-"),
        ("a:b", POLICY, "a user name is 1 to 64 letters, digits and the characters +=,.@_-"),
        ("ü", POLICY, "a user name is 1 to 64 letters, digits and the characters +=,.@_-"),
        ("ci", "", "the policy is not accepted: the policy is not valid JSON"),
        ("ci", "{}", "the policy is not accepted: "),
        (
            "ci",
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}"#,
            "the policy is not accepted: statement 1.Effect: ",
        ),
    ] {
        let refused = stored.create(AccountId::DEVELOPMENT, user_name, policy).await.err().unwrap();
        assert!(matches!(refused, CreateError::UserName | CreateError::Policy(_)), "{refused:?}");
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
    assert!(stored.list().await.unwrap().is_empty());
    let longest = stored.create(AccountId::DEVELOPMENT, &"u".repeat(64), POLICY).await;
    assert!(longest.is_ok());
}

#[tokio::test]
async fn under_another_key_file_a_credential_is_as_good_as_absent() {
    let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
    let created = over(Arc::clone(&engine), 1).create(AccountId::DEVELOPMENT, "ci", POLICY).await.unwrap();
    assert!(over(Arc::clone(&engine), 2).find(&created.access_key_id).await.unwrap().is_none());
    // It is still there for the right one, and can be seen and deleted with either.
    assert!(over(Arc::clone(&engine), 1).find(&created.access_key_id).await.unwrap().is_some());
    assert_eq!(over(Arc::clone(&engine), 2).list().await.unwrap().len(), 1);
    assert!(over(engine, 2).delete(&created.access_key_id).await.unwrap());
}

#[tokio::test]
async fn development_mode_knows_one_credential_more_than_the_store() {
    let stored = Arc::new(fresh());
    let created = stored.create("111122223333".parse().unwrap(), "ci", POLICY).await.unwrap();
    let development = DevelopmentCredentials::new(stored).unwrap();
    let found = development.find("test").await.unwrap().unwrap();
    assert_eq!((found.account, found.user_name.as_str()), (AccountId::DEVELOPMENT, "test"));
    assert_eq!(found.secret, Secret::from("test"));
    assert_eq!(development.find(&created.access_key_id).await.unwrap().unwrap().user_name, "ci");
    assert!(development.find("Test").await.unwrap().is_none());
}

/// An engine that lets a test do something between the next read and its answer.
struct Paused {
    engine: MemoryEngine,
    /// Where the read says that it was made, and what it waits for then.
    pause: Mutex<Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>>,
}

#[async_trait]
impl Engine for Paused {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        let snapshot = self.engine.read(ranges).await;
        let pause = self.pause.lock().unwrap().take();
        if let Some((reached, go_on)) = pause {
            reached.send(()).unwrap();
            go_on.await.unwrap();
        }
        snapshot
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        self.engine.commit(batch).await
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.engine.watch(after).await
    }

    fn limits(&self) -> Limits {
        self.engine.limits()
    }

    fn stats(&self) -> Stats {
        self.engine.stats()
    }
}

/// A look-up that read the record just before it was deleted must not keep it for the next request.
#[tokio::test]
async fn a_deletion_takes_effect_at_once_also_beside_a_look_up() {
    let engine = Arc::new(Paused { engine: MemoryEngine::new(), pause: Mutex::default() });
    let stored = Arc::new(over(engine.clone(), 1));
    let id = stored.create(AccountId::DEVELOPMENT, "ci", POLICY).await.unwrap().access_key_id;
    let ((reached, was_reached), (go_on, waits)) = (oneshot::channel(), oneshot::channel());
    *engine.pause.lock().unwrap() = Some((reached, waits));
    let look_up = tokio::spawn({
        let (stored, id) = (Arc::clone(&stored), id.clone());
        async move { stored.find(&id).await.unwrap().is_some() }
    });
    was_reached.await.unwrap();
    assert!(stored.delete(&id).await.unwrap());
    go_on.send(()).unwrap();
    assert!(look_up.await.unwrap());
    assert!(stored.find(&id).await.unwrap().is_none());
}

fn chosen(id: &str, secret: &str) -> ChosenKey {
    ChosenKey { access_key_id: id.to_owned(), secret_access_key: secret.to_owned() }
}

#[tokio::test]
async fn an_access_key_can_be_chosen_once() {
    let stored = fresh();
    let create = async |id: &str, secret: &str| {
        let key = chosen(id, secret);
        stored.create_chosen(AccountId::DEVELOPMENT, "ci", POLICY, key).await
    };
    let longest = "a".repeat(128);
    for (id, secret) in [("test", "test-secret"), ("AKIA_1", "12345678"), (&*longest, &*longest)] {
        let created = create(id, secret).await.unwrap();
        assert_eq!((&*created.access_key_id, &*created.secret_access_key), (id, secret));
        assert_eq!(stored.find(id).await.unwrap().unwrap().secret, Secret::from(secret));
    }
    assert!(matches!(create("test", "other-secret").await, Err(CreateError::Taken)));
    let (short, too_long) = ("abc", "a".repeat(129));
    for (id, secret) in [
        (short, "test-secret"),
        (&*too_long, "test-secret"),
        ("a/b/c", "test-secret"),
        ("tests", "1234567"),
        ("tests", &*too_long),
        ("tests", "a secret"),
        ("tests", "geheimnüs"),
    ] {
        assert!(matches!(create(id, secret).await, Err(CreateError::Chosen)), "{id} {secret}");
    }
}

/// The policy that was in force is kept ready for requests, and forgotten with the change.
#[tokio::test]
async fn a_policy_is_shown_and_changed() {
    let stored = fresh();
    let id = stored.create(AccountId::DEVELOPMENT, "ci", POLICY).await.unwrap().access_key_id;
    let before = stored.find(&id).await.unwrap().unwrap();
    let other = POLICY.replace("Allow", "Deny");
    assert!(stored.set_policy(&id, &other).await.unwrap());
    let shown = stored.show(&id).await.unwrap().unwrap();
    assert_eq!((shown.policy.as_str(), shown.listed.user_name.as_str()), (other.as_str(), "ci"));
    let after = stored.find(&id).await.unwrap().unwrap();
    assert_eq!(after.secret, before.secret);
    assert!(!Arc::ptr_eq(&after, &before), "opened afresh");
    assert!(matches!(stored.set_policy(&id, "{}").await, Err(CreateError::Policy(_))));
    assert!(!stored.set_policy("AKIANOBODY", POLICY).await.unwrap());
    assert!(stored.show("AKIANOBODY").await.unwrap().is_none());
}
