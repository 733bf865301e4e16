//! Reads as they are asked for: lookups that come at the same time are one request.

use std::sync::Arc;

use keyfront_engine::{Range, Snapshot, StoreError};
use tokio::sync::oneshot;

use crate::lookup::{self, Lookup};
use crate::read::{Currency, at_once};
use crate::shared::Shared;
use crate::turns::Turns;

/// Reads the ranges. Lookups of few keys that come at the same time are one request.
pub(crate) async fn read(
    shared: Arc<Shared>,
    ranges: Vec<Range>,
    currency: Currency,
) -> Result<Snapshot, StoreError> {
    if lookup::is_lookup(&ranges) {
        return in_turn(&shared, ranges, currency).await;
    }
    at_once(&shared, &ranges, currency).await
}

/// Looks keys up, with others that wait at the same time. All see one snapshot, which is of a moment after each was asked
/// for.
async fn in_turn(
    shared: &Arc<Shared>,
    ranges: Vec<Range>,
    currency: Currency,
) -> Result<Snapshot, StoreError> {
    let (answer, answered) = oneshot::channel();
    if turns(shared, currency).add(Lookup { ranges, answer }) {
        tokio::spawn(turn(Arc::clone(shared), currency));
    }
    answered.await.unwrap_or_else(|_ended| {
        Err(StoreError::Read { message: "the store was closed meanwhile".to_owned(), source: None })
    })
}

fn turns(shared: &Shared, currency: Currency) -> &Turns<Lookup> {
    let [current, recent] = &shared.lookups;
    match currency {
        Currency::Current => current,
        Currency::Recent => recent,
    }
}

/// Sends requests for as long as lookups wait.
async fn turn(shared: Arc<Shared>, currency: Currency) {
    while let Some(group) = turns(&shared, currency).next(lookup::choose) {
        let ranges: Vec<Range> = group.iter().flat_map(|one| one.ranges.iter().cloned()).collect();
        let mut found = at_once(&shared, &ranges, currency).await;
        if let (Ok(found), Currency::Recent) = (&found, currency) {
            shared.recent.learn(&ranges, found);
        }
        for one in group {
            let own = found.as_mut().map(|whole| Snapshot {
                version: whole.version,
                ranges: whole.ranges.drain(..one.ranges.len().min(whole.ranges.len())).collect(),
            });
            // A caller that has gone away does not need it.
            one.answer.send(own.map_err(|error| error.clone())).ok();
        }
    }
}
