//! Public keys, which verify signatures.

use aws_sdk_cloudfront::error::ProvideErrorMetadata;
use aws_sdk_cloudfront::types::{PublicKeyConfig, PublicKeyList};
use keyfront_domain::name::is_key_name;

use crate::client::Client;
use crate::error::{ClientError, ErrorKind};
use crate::pagination::{self, Page};
use crate::timestamp::timestamp;

/// A public key as the control plane describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPublicKey {
    /// The id that signed requests name as `Key-Pair-Id`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its owner wrote about it.
    pub comment: String,
    /// The key as PEM, to the byte as it was sent.
    pub encoded_key: String,
    /// When it was made, in UTC.
    pub created: String,
}

impl Client {
    /// All public keys of the account.
    pub async fn public_keys(&self) -> Result<Vec<StoredPublicKey>, ClientError> {
        pagination::all(|marker| async {
            let call = self.control.list_public_keys().set_marker(marker).send();
            let answer = call.await.map_err(|error| self.failed("ListPublicKeys", &error))?;
            let list = answer.public_key_list;
            let items = list.iter().flat_map(PublicKeyList::items).map(|key| StoredPublicKey {
                id: key.id().to_owned(),
                name: key.name().to_owned(),
                comment: key.comment().unwrap_or_default().to_owned(),
                encoded_key: key.encoded_key().to_owned(),
                created: timestamp(key.created_time()),
            });
            Ok(Page { items: items.collect(), next: list.as_ref().and_then(|list| list.next_marker.clone()) })
        })
        .await
    }

    /// Uploads a public key. `caller_reference` tells this request from all others.
    pub async fn create_public_key(
        &self,
        caller_reference: &str,
        name: &str,
        encoded_key: &str,
        comment: Option<&str>,
    ) -> Result<StoredPublicKey, ClientError> {
        let config = PublicKeyConfig::builder()
            .caller_reference(caller_reference)
            .name(name)
            .encoded_key(encoded_key)
            .set_comment(comment.map(str::to_owned))
            .build()
            .map_err(|error| ClientError::new(ErrorKind::Refused, error.to_string()))?;
        let call = self.control.create_public_key().public_key_config(config).send();
        let answer = call.await.map_err(|error| self.failed("CreatePublicKey", &error))?;
        let Some((key, config)) = answer.public_key().and_then(|key| Some((key, key.public_key_config()?)))
        else {
            return Err(ClientError::new(
                ErrorKind::Refused,
                "CreatePublicKey: the answer has no public key in it",
            ));
        };
        Ok(StoredPublicKey {
            id: key.id().to_owned(),
            name: config.name().to_owned(),
            comment: config.comment().unwrap_or_default().to_owned(),
            encoded_key: config.encoded_key().to_owned(),
            created: timestamp(key.created_time()),
        })
    }

    /// Deletes a public key by its id.
    ///
    /// # Errors
    /// Also when a key group has it; then the message says which, and what to do.
    pub async fn delete_public_key(&self, id: &str) -> Result<(), ClientError> {
        let call = self.control.get_public_key_config().id(id).send();
        let answer = call.await.map_err(|error| {
            let error = self.failed("GetPublicKeyConfig", &error);
            if error.kind == ErrorKind::NotFound { self.no_such_public_key(id) } else { error }
        })?;
        let etag = answer.e_tag().map(str::to_owned);
        let call = self.control.delete_public_key().id(id).set_if_match(etag).send();
        let Err(error) = call.await else { return Ok(()) };
        let in_use = error.code() == Some("PublicKeyInUse");
        let refused = self.failed("DeletePublicKey", &error);
        if !in_use {
            return Err(refused);
        }
        let groups = self.key_groups().await?;
        let advice = groups.iter().filter(|group| group.keys.iter().any(|key| key == id)).map(|group| {
            // A name may have any characters, and this line is to be pasted into a shell.
            let named = if is_key_name(&group.name) { &group.name } else { &group.id };
            let name = &group.name;
            format!("\n{id} is in the key group {name}: keyfront keys group update {named} --remove {id}")
        });
        Err(ClientError::new(refused.kind, format!("{refused}{}", advice.collect::<String>())))
    }

    fn no_such_public_key(&self, id: &str) -> ClientError {
        let endpoint = &self.endpoint;
        let message = format!("there is no public key {id} at {endpoint}; `keyfront keys list` lists them");
        ClientError::new(ErrorKind::NotFound, message)
    }
}
