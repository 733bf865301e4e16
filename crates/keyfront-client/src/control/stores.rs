//! Key value stores.

use std::time::Duration;

use aws_sdk_cloudfront::types::{ImportSource, ImportSourceType, KeyValueStore, KeyValueStoreList};
use backon::BackoffBuilder;

use crate::client::Client;
use crate::error::{ClientError, ErrorKind};
use crate::pagination::{self, Page};
use crate::retry;
use crate::timestamp::timestamp;

/// Time in which a store must be ready. AWS takes about half a minute.
const PROVISIONING: Duration = Duration::from_mins(10);

/// A store as the control plane describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// What its owner wrote about it.
    pub comment: String,
    /// `PROVISIONING`, `READY` or `IMPORT_FAILURE`.
    pub status: String,
    /// When it last changed, in UTC.
    pub modified: String,
    /// The ETag of the control plane, which is not the one of the pairs.
    pub etag: String,
}

impl Store {
    fn of(store: &KeyValueStore, etag: Option<&str>) -> Store {
        Store {
            name: store.name().to_owned(),
            arn: store.arn().to_owned(),
            comment: store.comment().to_owned(),
            status: store.status().unwrap_or_default().to_owned(),
            modified: timestamp(store.last_modified_time()),
            etag: etag.unwrap_or_default().to_owned(),
        }
    }
}

impl Client {
    /// All stores of the account.
    pub async fn stores(&self) -> Result<Vec<Store>, ClientError> {
        pagination::all(|marker| async {
            let call = self.control.list_key_value_stores().set_marker(marker).send();
            let answer = call.await.map_err(|error| self.failed("ListKeyValueStores", &error))?;
            let list = answer.key_value_store_list;
            let items = list.iter().flat_map(KeyValueStoreList::items).map(|store| Store::of(store, None));
            Ok(Page { items: items.collect(), next: list.as_ref().and_then(|list| list.next_marker.clone()) })
        })
        .await
    }

    /// The store of this name, or of this ARN.
    pub async fn store(&self, name_or_arn: &str) -> Result<Store, ClientError> {
        if !is_arn(name_or_arn) {
            return self.store_by_name(name_or_arn).await;
        }
        // The control plane knows stores by their names.
        let stores = self.stores().await?;
        match stores.into_iter().find(|store| store.arn == name_or_arn) {
            Some(store) => self.store_by_name(&store.name).await,
            None => Err(self.no_such_store(name_or_arn)),
        }
    }

    async fn store_by_name(&self, name: &str) -> Result<Store, ClientError> {
        let call = self.control.describe_key_value_store().name(name).send();
        let answer = call.await.map_err(|error| {
            let error = self.failed("DescribeKeyValueStore", &error);
            if error.kind == ErrorKind::NotFound { self.no_such_store(name) } else { error }
        })?;
        match &answer.key_value_store {
            Some(store) => Ok(Store::of(store, answer.e_tag())),
            None => Err(self.no_such_store(name)),
        }
    }

    fn no_such_store(&self, name: &str) -> ClientError {
        let endpoint = &self.endpoint;
        let message =
            format!("there is no key value store {name} at {endpoint}; `keyfront kvs list` lists them");
        ClientError::new(ErrorKind::NotFound, message)
    }

    /// The ARN of the store that is named by its name or, without asking, by its ARN.
    pub async fn arn(&self, name_or_arn: &str) -> Result<String, ClientError> {
        if is_arn(name_or_arn) {
            return Ok(name_or_arn.to_owned());
        }
        Ok(self.store_by_name(name_or_arn).await?.arn)
    }

    /// Makes a store, filled from the S3 object of the ARN `import` if there is one, and waits until it is
    /// ready.
    ///
    /// # Errors
    /// Also when the import fails, with the service's reason.
    pub async fn create(
        &self,
        name: &str,
        comment: Option<&str>,
        import: Option<&str>,
    ) -> Result<Store, ClientError> {
        let mut call =
            self.control.create_key_value_store().name(name).set_comment(comment.map(str::to_owned));
        if let Some(arn) = import {
            let source = ImportSource::builder().source_type(ImportSourceType::S3).source_arn(arn).build();
            let source = source.map_err(|error| ClientError::new(ErrorKind::Refused, error.to_string()))?;
            call = call.import_source(source);
        }
        call.send().await.map_err(|error| self.failed("CreateKeyValueStore", &error))?;
        self.ready(name).await
    }

    async fn ready(&self, name: &str) -> Result<Store, ClientError> {
        let mut store = self.store_by_name(name).await?;
        let mut pauses = retry::polling(PROVISIONING).build();
        while store.status == "PROVISIONING" {
            let Some(pause) = pauses.next() else {
                let message = format!("{name} is still PROVISIONING after ten minutes");
                return Err(ClientError::new(ErrorKind::Unavailable, message));
            };
            tokio::time::sleep(pause).await;
            store = self.store_by_name(name).await?;
        }
        if store.status == "READY" {
            return Ok(store);
        }
        let reason = self.metadata(&store.arn).await?.failure_reason.unwrap_or_else(|| store.status.clone());
        Err(ClientError::new(
            ErrorKind::Refused,
            format!("{name} was made, but its import failed: {reason}; delete it before you try again"),
        ))
    }

    /// Deletes the store of this name or ARN with all its pairs, and returns it.
    pub async fn delete(&self, name_or_arn: &str) -> Result<Store, ClientError> {
        let store = self.store(name_or_arn).await?;
        let call = self.control.delete_key_value_store().name(&store.name).if_match(&store.etag).send();
        match call.await.map_err(|error| self.failed("DeleteKeyValueStore", &error)) {
            // It was there just now: an answer was lost, or another client was faster.
            Err(error) if error.kind == ErrorKind::NotFound => Ok(store),
            Err(error) => Err(error),
            Ok(_) => Ok(store),
        }
    }
}

fn is_arn(name_or_arn: &str) -> bool {
    name_or_arn.starts_with("arn:")
}
