//! Credentials as they are stored: sealed, one entry per access key id.

use crate::records::{CredentialRecord, decode, encode};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace};

/// The credential of an access key id.
pub async fn get(engine: &dyn Engine, access_key_id: &str) -> Result<Option<CredentialRecord>, StoreError> {
    let snapshot = engine.read(&[Range::key(keyspace::credential(access_key_id))]).await?;
    snapshot.one(0).map(|entry| decode("credential", &entry.value)).transpose()
}

/// All credentials, by access key id.
pub async fn list(engine: &dyn Engine) -> Result<Vec<CredentialRecord>, StoreError> {
    let snapshot = engine.read(&[Range::prefix(keyspace::credentials())]).await?;
    snapshot.range(0).iter().map(|entry| decode("credential", &entry.value)).collect()
}

/// Stores a credential; `false` when its access key id exists already.
pub async fn put(engine: &dyn Engine, record: &CredentialRecord) -> Result<bool, StoreError> {
    let key = keyspace::credential(&record.access_key_id);
    let batch = Batch::default().absent(key.clone()).put(key, encode(record)?);
    Ok(engine.commit(batch).await? != Outcome::Conflict)
}

/// Deletes a credential; `false` when there is none.
pub async fn delete(engine: &dyn Engine, access_key_id: &str) -> Result<bool, StoreError> {
    let key = keyspace::credential(access_key_id);
    loop {
        let snapshot = engine.read(&[Range::key(key.clone())]).await?;
        let Some(entry) = snapshot.one(0) else { return Ok(false) };
        let batch = Batch::default().check(key.clone(), entry.version).delete(key.clone());
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(true);
        }
    }
}
