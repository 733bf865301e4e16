//! Loads the trusted keys: one from a file, or those of key groups at an endpoint.

use std::path::PathBuf;

use clap::Args;
use keyfront_client::{Client, StoredKeyGroup, StoredPublicKey};
use keyfront_domain::public_key::PublicKey;
use keyfront_domain::signed_request::VerifyingKey;

use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::public_key_file;

/// The options that name the trusted keys.
#[derive(Args)]
#[group(required = true)]
pub(super) struct TrustArguments {
    /// The file with the public key that is trusted
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// The name or id of a key group whose keys are trusted; give it once for each group of the cache behavior
    #[arg(long = "key-group", value_name = "NAME", conflicts_with = "public_key")]
    key_groups: Vec<String>,
}

/// The keys that are trusted.
pub(super) struct Trust {
    keys: Vec<Key>,
    known: Known,
}

struct Key {
    /// Any id, if there is none.
    id: Option<String>,
    /// Its name at the endpoint.
    name: Option<String>,
    public: PublicKey,
    verifying: VerifyingKey,
}

/// What is known beside the keys, for the words about a key that is not trusted.
enum Known {
    File { only: Option<String> },
    Groups { trusted: Vec<StoredKeyGroup>, all: Vec<StoredKeyGroup>, keys: Vec<StoredPublicKey> },
}

impl TrustArguments {
    /// Reads the file, or asks the endpoint.
    pub(super) async fn load(
        &self,
        service: &ServiceArguments,
        only: Option<&str>,
    ) -> Result<Trust, Failure> {
        let Some(path) = &self.public_key else { return from_groups(&self.key_groups, service).await };
        let (_text, public) = public_key_file::read(path)?;
        let key = Key { id: only.map(str::to_owned), name: None, verifying: verifying(&public)?, public };
        Ok(Trust { keys: vec![key], known: Known::File { only: only.map(str::to_owned) } })
    }
}

async fn from_groups(names: &[String], service: &ServiceArguments) -> Result<Trust, Failure> {
    let client: Client = service.client().await?;
    let mut trusted = Vec::new();
    for name in names {
        trusted.push(client.key_group(name).await?);
    }
    let (all, stored) = (client.key_groups().await?, client.public_keys().await?);
    let is_trusted = |key: &&StoredPublicKey| trusted.iter().any(|group| group.keys.contains(&key.id));
    let keys = stored.iter().filter(is_trusted).map(|key| {
        let what = || format!("the public key {} cannot be used", key.id);
        let public =
            PublicKey::examine(&key.encoded_key).map_err(|error| Failure::because(what(), &error))?;
        let (id, name) = (Some(key.id.clone()), Some(key.name.clone()));
        Ok(Key { id, name, verifying: verifying(&public)?, public })
    });
    let keys = keys.collect::<Result<Vec<Key>, Failure>>()?;
    Ok(Trust { keys, known: Known::Groups { trusted, all, keys: stored } })
}

fn verifying(key: &PublicKey) -> Result<VerifyingKey, Failure> {
    VerifyingKey::new(key).map_err(|error| Failure::because("the public key", &error))
}

impl Trust {
    fn key(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id.as_deref().is_none_or(|known| known == id))
    }

    /// The trusted key with an id.
    pub(super) fn verifying(&self, id: &str) -> Option<&VerifyingKey> {
        self.key(id).map(|key| &key.verifying)
    }

    /// All keys with their ids. A key of any id gets the one that was sent.
    pub(super) fn candidates<'k>(&'k self, sent: &'k str) -> Vec<(&'k str, &'k PublicKey)> {
        self.keys.iter().map(|key| (key.id.as_deref().unwrap_or(sent), &key.public)).collect()
    }

    /// A key in words: its id, its name and its kind.
    pub(super) fn describe(&self, id: &str) -> String {
        let Some(key) = self.key(id) else { return id.to_owned() };
        let name = key.name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
        format!("{id} ({name}{})", key.public.kind)
    }

    /// What there is to say about an id that is not trusted.
    pub(super) fn about(&self, id: &str) -> Vec<String> {
        match &self.known {
            Known::File { only } => {
                only.iter().map(|only| format!("the public key of the file has the id {only}")).collect()
            }
            Known::Groups { trusted, all, keys } => {
                let mut lines: Vec<String> = trusted
                    .iter()
                    .map(|group| format!("the key group {} has {}", group.name, named(&group.keys, keys)))
                    .collect();
                let holders: Vec<&str> = all
                    .iter()
                    .filter(|group| group.keys.iter().any(|key| key == id))
                    .map(|group| group.name.as_str())
                    .collect();
                lines.push(match (keys.iter().find(|key| key.id == id), holders.as_slice()) {
                    (None, _) => format!("there is no public key {id} in this account; was it deleted?"),
                    (Some(key), []) => {
                        format!("{id} is the public key {}, which is in no key group", key.name)
                    }
                    (Some(key), holders) => {
                        format!("{id} is the public key {}, which is in {}", key.name, holders.join(", "))
                    }
                });
                lines
            }
        }
    }
}

fn named(ids: &[String], keys: &[StoredPublicKey]) -> String {
    let one = |id: &String| match keys.iter().find(|key| key.id == *id) {
        Some(key) => format!("{id} ({})", key.name),
        None => id.clone(),
    };
    ids.iter().map(one).collect::<Vec<_>>().join(" and ")
}
