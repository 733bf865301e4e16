//! Public keys that signatures are verified with: the control plane.

use aws_sdk_cloudfront::error::ProvideErrorMetadata;
use aws_sdk_cloudfront::types::PublicKeyConfig;
use keyfront_domain::name::is_key_name;

use crate::endpoint::Client;
use crate::error::{ClientError, Kind};
use crate::moment::moment;

/// What the control plane says of a public key.
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
        let mut keys = Vec::new();
        let mut marker = None;
        loop {
            let call = self.control.list_public_keys().set_marker(marker).send();
            let page = call.await.map_err(|error| self.failed("ListPublicKeys", &error))?;
            let Some(page) = page.public_key_list else { return Ok(keys) };
            keys.extend(page.items().iter().map(|key| StoredPublicKey {
                id: key.id().to_owned(),
                name: key.name().to_owned(),
                comment: key.comment().unwrap_or_default().to_owned(),
                encoded_key: key.encoded_key().to_owned(),
                created: moment(key.created_time()),
            }));
            marker = page.next_marker.filter(|marker| !marker.is_empty());
            if marker.is_none() {
                return Ok(keys);
            }
        }
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
            .map_err(|error| ClientError::new(Kind::Refused, error.to_string()))?;
        let call = self.control.create_public_key().public_key_config(config).send();
        let answer = call.await.map_err(|error| self.failed("CreatePublicKey", &error))?;
        let Some((key, config)) = answer.public_key().and_then(|key| Some((key, key.public_key_config()?)))
        else {
            return Err(ClientError::new(
                Kind::Refused,
                "CreatePublicKey: the answer has no public key in it",
            ));
        };
        Ok(StoredPublicKey {
            id: key.id().to_owned(),
            name: config.name().to_owned(),
            comment: config.comment().unwrap_or_default().to_owned(),
            encoded_key: config.encoded_key().to_owned(),
            created: moment(key.created_time()),
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
            if error.kind == Kind::NotFound { self.no_such_public_key(id) } else { error }
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
        let place = &self.place;
        let message =
            format!("there is no public key {id} at {place}; `keyfront keys list` shows those there are");
        ClientError::new(Kind::NotFound, message)
    }
}
