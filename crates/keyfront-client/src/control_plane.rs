//! Stores as such: the control plane.

use std::time::Duration;

use aws_sdk_cloudfront::types::{ImportSource, ImportSourceType, KeyValueStore};

use crate::endpoint::Client;
use crate::error::{ClientError, Kind};
use crate::moment::moment;

/// The first pause between two looks at a store that is being provisioned; it doubles up to a second.
const FIRST_LOOK: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Time in which a store must be ready. AWS takes about half a minute.
const PROVISIONING: Duration = Duration::from_mins(10);

/// What the control plane says of a store.
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
            modified: moment(store.last_modified_time()),
            etag: etag.unwrap_or_default().to_owned(),
        }
    }
}

impl Client {
    /// All stores of the account.
    pub async fn stores(&self) -> Result<Vec<Store>, ClientError> {
        let mut stores = Vec::new();
        let mut marker = None;
        loop {
            let call = self.control.list_key_value_stores().set_marker(marker).send();
            let page = call.await.map_err(|error| self.failed("ListKeyValueStores", &error))?;
            let Some(page) = page.key_value_store_list else { return Ok(stores) };
            stores.extend(page.items().iter().map(|store| Store::of(store, None)));
            marker = page.next_marker.filter(|marker| !marker.is_empty());
            if marker.is_none() {
                return Ok(stores);
            }
        }
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
            if error.kind == Kind::NotFound { self.no_such_store(name) } else { error }
        })?;
        match &answer.key_value_store {
            Some(store) => Ok(Store::of(store, answer.e_tag())),
            None => Err(self.no_such_store(name)),
        }
    }

    fn no_such_store(&self, name: &str) -> ClientError {
        let place = &self.place;
        let message = format!(
            "there is no key value store {name} at {place}; `keyfront kvs list` shows those there are"
        );
        ClientError::new(Kind::NotFound, message)
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
            let source = source.map_err(|error| ClientError::new(Kind::Refused, error.to_string()))?;
            call = call.import_source(source);
        }
        call.send().await.map_err(|error| self.failed("CreateKeyValueStore", &error))?;
        self.ready(name).await
    }

    async fn ready(&self, name: &str) -> Result<Store, ClientError> {
        let waiting = async {
            let mut pause = FIRST_LOOK;
            loop {
                let store = self.store_by_name(name).await?;
                if store.status != "PROVISIONING" {
                    return Ok(store);
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        };
        let store = tokio::time::timeout(PROVISIONING, waiting).await.map_err(|_elapsed| {
            ClientError::new(Kind::Unavailable, format!("{name} is still PROVISIONING after ten minutes"))
        })??;
        if store.status == "READY" {
            return Ok(store);
        }
        let reason = self.head(&store.arn).await?.failure_reason.unwrap_or_else(|| store.status.clone());
        Err(ClientError::new(
            Kind::Refused,
            format!("{name} was made, but its import failed: {reason}; delete it before you try again"),
        ))
    }

    /// Deletes the store of this name or ARN, with all its pairs, and says which it was.
    pub async fn delete(&self, name_or_arn: &str) -> Result<Store, ClientError> {
        let store = self.store(name_or_arn).await?;
        let call = self.control.delete_key_value_store().name(&store.name).if_match(&store.etag).send();
        match call.await.map_err(|error| self.failed("DeleteKeyValueStore", &error)) {
            // It was there a moment ago: an answer was lost, or somebody else was faster.
            Err(error) if error.kind == Kind::NotFound => Ok(store),
            Err(error) => Err(error),
            Ok(_) => Ok(store),
        }
    }
}

fn is_arn(name_or_arn: &str) -> bool {
    name_or_arn.starts_with("arn:")
}
