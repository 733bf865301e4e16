//! Ends an import: commits all pairs together with the state READY, or the failure and its reason.

use bytes::Bytes;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::Totals;
use keyfront_engine::{Changes, Next, Write};

use super::staging::stage_all;
use crate::records::{KeyValueStoreRecord, Status, damaged, encode_pair};
use crate::{Engine, StoreError, keyspace, transact};

/// The stores that are provisioning, of every account: a restart has to finish them.
pub async fn pending_imports(
    engine: &dyn Engine,
) -> Result<Vec<(KeyValueStoreArn, KeyValueStoreRecord)>, StoreError> {
    let mut found = Vec::new();
    for (rest, _) in keyspace::imports().read(engine, usize::MAX).await? {
        let arn = keyspace::store_in(&rest).ok_or_else(|| damaged("import"))?;
        if let Some(record) = keyspace::store(&arn).read(engine).await? {
            found.push((arn, record));
        }
    }
    Ok(found)
}

/// The imports that any server announces from some moment on.
pub struct Announcements(Changes);

impl Announcements {
    /// Those from now on.
    pub async fn begin(engine: &dyn Engine) -> Result<Announcements, StoreError> {
        let now = engine.read(&[]).await?.version;
        Ok(Announcements(engine.watch(now).await?))
    }

    /// Waits for the next stores that are provisioning. `None`: some may have been missed, so begin afresh and look at
    /// the [pending](pending_imports) ones. It may be cancelled without losing one.
    pub async fn next(&mut self) -> Option<Vec<KeyValueStoreArn>> {
        loop {
            let Next::Change(change) = self.0.next().await else { return None };
            let announced: Vec<_> = change.writes.iter().filter_map(announced_by).collect();
            if !announced.is_empty() {
                return Some(announced);
            }
        }
    }
}

fn announced_by(write: &Write) -> Option<KeyValueStoreArn> {
    match write {
        Write::Put { key, .. } => {
            let imports = keyspace::imports();
            let is_import = key.starts_with(&imports.range().start);
            is_import.then(|| keyspace::store_in(&imports.rest(key))).flatten()
        }
        Write::Delete { .. } | Write::DeleteRange { .. } => None,
    }
}

/// Ends the provisioning of a store: with the pairs of its import, none if it has no import, or with the
/// reason why there are none.
///
/// A store that is no longer provisioning, or no longer there, is left as it is.
pub async fn finish_import(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    result: Result<&[(String, String)], &str>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let (key, head_key) = (&keyspace::store(arn), &keyspace::pairs(arn));
    let stage = match result {
        Ok(imported) => stage_all(engine, arn, imported, false).await?,
        Err(_) => None,
    };
    let staged = &stage;
    let finished = transact(engine, |tx| async move {
        tx.fetch([key.bytes(), head_key.bytes()]).await?;
        let (record, head) = (tx.get(key).await?, tx.get(head_key).await?);
        let (Some(mut record), Some(mut pairs)) = (record, head) else { return Ok(false) };
        if record.status != Status::Provisioning {
            return Ok(false);
        }
        if let Some(stage) = staged {
            stage.end(&tx).await?;
            tx.put_raw(keyspace::leftover(arn, pairs.generation), Bytes::new());
            (pairs.generation, pairs.totals) = (stage.generation(), Totals::default());
        }
        match result {
            Ok(imported) => {
                record.status = Status::Ready;
                for (key, value) in imported {
                    pairs.totals = pairs.totals.with(key, value).ok_or_else(|| damaged("pairs"))?;
                    if staged.is_none() {
                        tx.put_raw(keyspace::pair(arn, pairs.generation, key), encode_pair(value));
                    }
                }
            }
            Err(reason) => {
                record.status = Status::ImportFailure;
                record.failure_reason = Some(reason.to_owned());
                pairs.totals = Totals::default();
            }
        }
        record.modified_ms = now_ms;
        pairs.status = record.status;
        pairs.modified_ms = now_ms;
        tx.delete(&keyspace::import(arn));
        tx.put(key, &record)?;
        tx.put(head_key, &pairs)?;
        Ok(true)
    })
    .await;
    if let Some(stage) = &stage {
        stage.conclude(matches!(finished, Ok(true))).await;
    }
    finished.map(drop)
}
