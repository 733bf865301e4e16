//! Transactions: read, decide and write as one serializable step.
//!
//! [`transact`] runs a body with a [`Transaction`], which reads records, sees its own writes and remembers what
//! it read. The commit checks that everything that was read is still as it was, and writes everything or
//! nothing; if something changed meanwhile, the body runs again. A body therefore has no effect of its own beside
//! what it does with its transaction, and what it returns is what it decided on its last run.
//!
//! # What a body may rely on
//!
//! - **Reads are lazy.** Each read is a snapshot of its own, and a key that was read once keeps the value that
//!   was read. So a body may for a while see parts of two moments. What it returns never rests on that: with
//!   writes, the commit checks every key that was read; without writes, and for an error, a body that read at
//!   several versions is believed only after one more read showed that all of it holds at one moment.
//! - **A range is read under a guard.** Checks name keys, and a key that appears in a range has none. So
//!   [`Transaction::scan`] names the key of a record that every writer to the range writes too; the check on this
//!   guard stands for the range, entries that are not there included.
//! - **The first run may read what was there a moment ago**, where the engine has that sooner. Its checks find that out
//!   at the commit; a first run that commits nothing, or fails, is repeated on what is there now.
//! - **Writes apply at the commit.** [`Transaction::delete_range`] reads nothing; it removes whatever lies in the
//!   range at that moment.
//! - **Without writes nothing is committed**, unless [`Transaction::confirm`] asks for one.
//!
//! An error of the body ends the transaction and nothing is written. So a refusal is an ordinary error, and one
//! verb can pass on what another refused: [`Abort`] is the error of verbs that can refuse.

mod abort;
mod retries;
mod state;
mod table;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

pub use abort::Abort;
pub use table::{Key, Prefix, Record, Table};

use crate::{Engine, Entry, Outcome, Range, StoreError, apart_from_restores};
use retries::Retries;
use state::{Pending, State};

/// Runs `body` until what it decided rests on one moment, and commits what it wrote.
///
/// Conflicting commits of others make it run again, at once at first and then after growing pauses with a random
/// part. An error of the body ends it.
///
/// # Errors
/// What the body returned; a failure of storage; and, when others got in between a hundred times,
/// [`StoreError::NotWritten`].
pub async fn transact<'e, T, E, F, B>(engine: &'e dyn Engine, body: B) -> Result<T, E>
where
    B: Fn(Transaction<'e>) -> F,
    F: Future<Output = Result<T, E>>,
    E: From<StoreError>,
{
    let mut retries = Retries::default();
    let mut may_be_recent = true;
    loop {
        let tx = Transaction::begin(engine, may_be_recent);
        let result = body(tx.clone()).await;
        may_be_recent = false;
        if tx.is_unconfirmed(result.is_ok()) {
            continue;
        }
        let holds = match &result {
            Ok(_) => tx.commit().await?,
            Err(_) => tx.holds().await?,
        };
        if holds {
            return result;
        }
        retries.pause().await?;
    }
}

/// The reads and writes of one run of a body. Clones are the same transaction.
#[derive(Clone)]
pub struct Transaction<'e> {
    engine: &'e dyn Engine,
    state: Arc<Mutex<State>>,
    /// Reads may show what was there a moment ago.
    may_be_recent: bool,
}

impl<'e> Transaction<'e> {
    fn begin(engine: &'e dyn Engine, may_be_recent: bool) -> Transaction<'e> {
        Transaction { engine, state: Arc::default(), may_be_recent }
    }

    /// Whether a body with this result rests on what was there a moment ago, without a commit to find that out.
    fn is_unconfirmed(&self, succeeded: bool) -> bool {
        let state = self.state();
        state.recent && !(succeeded && state.commits())
    }

    /// The record of a key, as this transaction left it.
    ///
    /// # Errors
    /// A failed read, or a value that cannot be decoded.
    pub async fn get<R: Record>(&self, key: &Key<R>) -> Result<Option<R>, StoreError> {
        let value = self.value(&key.bytes).await?;
        value.map(|value| key.table.decode(&value)).transpose()
    }

    /// Whether a key has a record.
    pub async fn contains<R>(&self, key: &Key<R>) -> Result<bool, StoreError> {
        Ok(self.value(&key.bytes).await?.is_some())
    }

    /// Reads several keys from one snapshot, so that getting them later reads nothing more.
    pub async fn fetch(&self, keys: impl IntoIterator<Item = Bytes>) -> Result<(), StoreError> {
        let missing: Vec<_> = {
            let state = self.state();
            keys.into_iter().filter(|key| !state.knows(key)).collect()
        };
        if !missing.is_empty() {
            self.read(missing, &[]).await?;
        }
        Ok(())
    }

    /// Sets the record of a key. The key is checked only if it was read.
    ///
    /// # Errors
    /// The record cannot be encoded.
    pub fn put<R: Record>(&self, key: &Key<R>, record: &R) -> Result<(), StoreError> {
        self.state().write(key.bytes.clone(), Pending::Value(record.encode()?));
        Ok(())
    }

    /// Removes the record of a key, if there is one.
    pub fn delete<R>(&self, key: &Key<R>) {
        self.state().write(key.bytes.clone(), Pending::Removed);
    }

    /// The value of a key that no typed table has, such as a pair's, as this transaction left it.
    pub async fn get_raw(&self, key: &Bytes) -> Result<Option<Bytes>, StoreError> {
        self.value(key).await
    }

    /// Sets the value of a key that no typed table has, such as a pair's.
    pub fn put_raw(&self, key: Bytes, value: Bytes) {
        self.state().write(key, Pending::Value(value));
    }

    /// Removes a key that no typed table has, such as a pair's.
    pub fn delete_raw(&self, key: Bytes) {
        self.state().write(key, Pending::Removed);
    }

    /// Removes whatever lies in a range at the moment of the commit, and what this transaction wrote there.
    /// A limit of the range counts for nothing.
    pub fn delete_range(&self, range: Range) {
        self.state().remove(range);
    }

    /// The records whose keys begin with a prefix, at most `limit` of them, in key order, as this transaction
    /// left them; with what follows the prefix in their keys.
    ///
    /// `guard` is the key of a record that is written with every change of this range.
    ///
    /// # Errors
    /// A failed read, or a value that cannot be decoded.
    pub async fn scan<R: Record, G>(
        &self,
        prefix: &Prefix<R>,
        limit: usize,
        guard: &Key<G>,
    ) -> Result<Vec<(Bytes, R)>, StoreError> {
        let entries = self.entries(&[prefix.range().limit(limit)], guard).await?;
        let read = |entry: &Entry| Ok((prefix.rest(&entry.key), prefix.table.decode(&entry.value)?));
        entries.iter().flatten().map(read).collect()
    }

    /// The entries of several ranges from one snapshot, as this transaction left them. An entry that this
    /// transaction wrote has the version [`Version::NEVER`](crate::Version::NEVER).
    ///
    /// `guard` is the key of a record that is written with every change of these ranges.
    pub async fn entries<G>(&self, ranges: &[Range], guard: &Key<G>) -> Result<Vec<Vec<Entry>>, StoreError> {
        let asked: Vec<_> = ranges.iter().map(|range| self.state().underlay(range)).collect();
        let found = self.read(vec![guard.bytes.clone()], &asked).await?;
        let state = self.state();
        Ok(found.into_iter().zip(ranges).map(|(found, range)| state.overlay(found, range)).collect())
    }

    /// The engine that it is of, for what is written beside it.
    pub(crate) fn engine(&self) -> &'e dyn Engine {
        self.engine
    }

    /// Asks for a commit even if nothing is written, so that what was read holds at a moment that the engine
    /// has made durable.
    pub fn confirm(&self) {
        self.state().confirm = true;
    }

    /// A key's value as this transaction left it.
    async fn value(&self, key: &Bytes) -> Result<Option<Bytes>, StoreError> {
        self.fetch([key.clone()]).await?;
        Ok(self.state().value(key))
    }

    /// Reads keys, which are remembered, and ranges, which are not, from one snapshot.
    async fn read(&self, keys: Vec<Bytes>, ranges: &[Range]) -> Result<Vec<Vec<Entry>>, StoreError> {
        let asked: Vec<_> = keys.iter().cloned().map(Range::key).chain(ranges.iter().cloned()).collect();
        let recent = if self.may_be_recent { self.engine.read_recent(&asked).await } else { None };
        let is_recent = recent.is_some();
        self.state().recent |= is_recent;
        let snapshot = match recent {
            Some(snapshot) => snapshot?,
            None => self.engine.read(&asked).await?,
        };
        let mut found = snapshot.ranges.into_iter();
        let mut state = self.state();
        for key in keys {
            let entry = found.next().unwrap_or_default().pop();
            state.remember(key, entry);
        }
        state.read_at(snapshot.version);
        let found: Vec<_> = found.collect();
        if is_recent {
            // A guard stands for them as of its own moment, and they may be of another one.
            for (range, entries) in ranges.iter().zip(&found).filter(|(range, _)| range.is_one_key()) {
                state.remember(range.start.clone(), entries.first().cloned());
            }
        }
        Ok(found)
    }

    /// Commits, if anything is to be committed; `false` when what was read has changed.
    async fn commit(&self) -> Result<bool, StoreError> {
        let batch = self.state().take_batch();
        match batch {
            Some(batch) => Ok(self.engine.commit(apart_from_restores(batch)).await? != Outcome::Conflict),
            None => self.holds().await,
        }
    }

    /// Whether everything that was read holds at one moment.
    async fn holds(&self) -> Result<bool, StoreError> {
        let Some(keys) = self.state().to_confirm() else { return Ok(true) };
        let snapshot = self.engine.read(&keys.into_iter().map(Range::key).collect::<Vec<_>>()).await?;
        Ok(self.state().matches(&snapshot))
    }

    /// Every critical section leaves the state whole, so a poisoned lock is still good.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
