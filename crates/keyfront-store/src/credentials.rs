//! Credentials as they are stored: sealed, one entry per access key id.

use crate::records::CredentialRecord;
use crate::{Engine, StoreError, keyspace, transact};

/// The credential of an access key id.
pub async fn get(engine: &dyn Engine, access_key_id: &str) -> Result<Option<CredentialRecord>, StoreError> {
    keyspace::credential(access_key_id).read(engine).await
}

/// All credentials, by access key id.
pub async fn list(engine: &dyn Engine) -> Result<Vec<CredentialRecord>, StoreError> {
    let found = keyspace::credentials().read(engine, usize::MAX).await?;
    Ok(found.into_iter().map(|(_, record)| record).collect())
}

/// Stores a credential; `false` when its access key id exists already.
pub async fn put(engine: &dyn Engine, record: &CredentialRecord) -> Result<bool, StoreError> {
    let key = &keyspace::credential(&record.access_key_id);
    transact(engine, |tx| async move {
        let free = !tx.contains(key).await?;
        if free {
            tx.put(key, record)?;
        }
        Ok(free)
    })
    .await
}

/// Gives a credential another policy document; `false` when there is none.
pub async fn set_policy(engine: &dyn Engine, access_key_id: &str, policy: &str) -> Result<bool, StoreError> {
    let key = &keyspace::credential(access_key_id);
    transact(engine, |tx| async move {
        let Some(mut record) = tx.get(key).await? else { return Ok(false) };
        policy.clone_into(&mut record.policy);
        tx.put(key, &record)?;
        Ok(true)
    })
    .await
}

/// Deletes a credential; `false` when there is none.
pub async fn delete(engine: &dyn Engine, access_key_id: &str) -> Result<bool, StoreError> {
    let key = &keyspace::credential(access_key_id);
    transact(engine, |tx| async move {
        let exists = tx.contains(key).await?;
        if exists {
            tx.delete(key);
        }
        Ok(exists)
    })
    .await
}
