//! The watch: one for the engine, whatever the number of its readers.

use std::sync::Arc;

use bytes::Bytes;
use keyfront_engine::Change;
use tokio::time::{Instant, sleep};

use crate::cluster::pauses;
use crate::failure::{Failure, Kind};
use crate::head::{self, Head};
use crate::proto::etcdserverpb::{WatchCreateRequest, WatchResponse};
use crate::proto::mvccpb::event::EventType;
use crate::request;
use crate::shared::{Shared, version_of};

/// Brings what is committed into the change log for as long as the engine lives, beginning with `next`, a revision.
pub(crate) async fn follow(shared: Arc<Shared>, mut next: i64) {
    let mut waits = pauses();
    loop {
        let before = next;
        let failure = follow_one(&shared, &mut next).await;
        shared.recent.lose();
        if next != before {
            waits = pauses();
        }
        if failure.kind == Kind::Compacted {
            tracing::warn!("etcd has compacted what the watch had not seen; readers begin afresh");
            next = begin_afresh(&shared).await.unwrap_or(next);
        } else {
            tracing::debug!(problem = failure.message, "the watch of etcd ended and is begun again");
        }
        sleep(waits.next().unwrap_or_default()).await;
    }
}

/// Follows one stream to its end.
async fn follow_one(shared: &Shared, next: &mut i64) -> Failure {
    let (key, range_end) = shared.keys.watched();
    // Of a large revision, etcd sends a part at a time.
    let watch = WatchCreateRequest { key, range_end, start_revision: *next, fragment: true };
    let mut stream = match shared.cluster.attempt(|client| client.watch(watch.clone())).await {
        Ok(stream) => stream,
        Err(failure) => return failure,
    };
    let mut revision = Revision::default();
    loop {
        match stream.message().await {
            Ok(Some(message)) if message.compact_revision > 0 => return compacted(),
            Ok(Some(message)) if message.canceled => {
                shared.cluster.leave_preferred();
                return Failure::open(message.cancel_reason);
            }
            Ok(Some(message)) => {
                // Etcd's first message says that the watch is there.
                shared.recent.follow();
                revision.take(shared, message, next);
            }
            Ok(None) => return Failure::open("the member ended the watch"),
            Err(error) => {
                let failure = Failure::from(error);
                if failure.kind == Kind::Open {
                    shared.cluster.leave_preferred();
                }
                return failure;
            }
        }
    }
}

fn compacted() -> Failure {
    Failure { kind: Kind::Compacted, message: "compacted".to_owned() }
}

/// Lets every reader of the change log read afresh, and answers the revision to go on with.
async fn begin_afresh(shared: &Shared) -> Option<i64> {
    let until = Instant::now() + shared.settings.operation();
    let head = request::keys_only(request::key(shared.keys.head()));
    let head = shared.cluster.repeat(until, |client| client.range(head.clone())).await.ok()?;
    let version = version_of(request::written_at(&head));
    shared.log.reset(version);
    shared.reach(version);
    Some(request::revision_of_read(&head).saturating_add(1))
}

/// What was seen of a revision whose head did not come yet.
#[derive(Default)]
struct Revision {
    puts: Vec<(Bytes, Bytes)>,
}

impl Revision {
    fn take(&mut self, shared: &Shared, message: WatchResponse, next: &mut i64) {
        let mut changes = Vec::new();
        let puts = message.events.into_iter().filter(|event| event.r#type() == EventType::Put);
        for stored in puts.filter_map(|event| event.kv) {
            if let Some(key) = shared.keys.key_of(&stored.key) {
                self.puts.push((key, stored.value));
                continue;
            }
            let version = version_of(stored.mod_revision);
            *next = stored.mod_revision.saturating_add(1);
            // Operations, and with them events, are in the order of their keys.
            let puts = std::mem::take(&mut self.puts);
            shared.reach(version);
            if let Some(Head { writes, .. }) = head::decode(stored.value, &puts) {
                shared.recent.note(&writes, version);
                changes.push(Change { version, writes });
            } else {
                shared.recent.lose();
                tracing::error!(
                    version = version.0,
                    "the head of a commit is of another form; upgrade this server"
                );
                shared.log.publish(std::mem::take(&mut changes));
                shared.log.reset(version);
            }
        }
        if !changes.is_empty() {
            shared.log.publish(changes);
        }
    }
}
