//! Bodies in memory: reads one up to a size and a time, and keeps all of them within a budget.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use keyfront_error::ServiceError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Settings;
use super::refusals;

/// How large a body may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// As large as any request's.
    Small,
    /// As large as a store.
    Store,
}

impl Size {
    /// In bytes.
    fn limit(self, settings: &Settings) -> usize {
        match self {
            Size::Small => settings.max_body_bytes,
            Size::Store => settings.max_store_body_bytes,
        }
    }
}

/// The bytes that bodies may still take.
pub(super) struct BodyBudget {
    all: Arc<Semaphore>,
    /// Of these, what bodies as large as a store may take, so that they leave something to the small ones.
    stores: Arc<Semaphore>,
}

impl BodyBudget {
    pub(super) fn new(settings: &Settings) -> BodyBudget {
        let all = settings.max_bytes_of_bodies.min(Semaphore::MAX_PERMITS);
        let stores = settings.max_store_body_bytes.max(all / 2).min(all);
        BodyBudget { all: Arc::new(Semaphore::new(all)), stores: Arc::new(Semaphore::new(stores)) }
    }

    /// Reserves this many bytes. Waiting could wait for bodies that themselves wait: the last to come
    /// tries again instead.
    fn reserve(&self, bytes: usize, size: Size) -> Result<Reservation, ServiceError> {
        let wanted = u32::try_from(bytes).unwrap_or(u32::MAX);
        let take = |of: &Arc<Semaphore>| {
            Arc::clone(of).try_acquire_many_owned(wanted).map_err(|_nothing_left| refusals::throttled())
        };
        let stores = if size == Size::Store { Some(take(&self.stores)?) } else { None };
        Ok(Reservation { all: take(&self.all)?, stores })
    }
}

/// The bytes that a body has reserved.
struct Reservation {
    all: OwnedSemaphorePermit,
    stores: Option<OwnedSemaphorePermit>,
}

impl Reservation {
    /// Takes in another reservation for a body of the same size.
    fn merge(&mut self, more: Reservation) {
        self.all.merge(more.all);
        if let (Some(stores), Some(more)) = (&mut self.stores, more.stores) {
            stores.merge(more);
        }
    }
}

/// A body in memory, and what it has reserved of the budget of all bodies.
pub(super) struct Held {
    pub(super) bytes: Bytes,
    _reservation: Option<Reservation>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The whole body, refused when it is larger than its size allows or too slow, or when bodies take too much
/// memory already.
pub(super) async fn read<B>(
    body: B,
    size: Size,
    settings: &Settings,
    budget: &BodyBudget,
) -> Result<Held, ServiceError>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let limit = size.limit(settings);
    // A declared length over the limit is refused without reading a byte.
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(refusals::body_too_large(limit));
    }
    let time = Duration::from_secs(settings.body_timeout_seconds);
    let collected = tokio::time::timeout(time, collect(body, size, limit, budget)).await;
    collected.unwrap_or_else(|_elapsed| Err(refusals::body_too_slow()))
}

/// The body of an answer that is as large as a store: it keeps its reservation until it is sent.
pub(super) fn held(bytes: Bytes, budget: &BodyBudget) -> Result<Bytes, ServiceError> {
    let share = Some(budget.reserve(bytes.len(), Size::Store)?);
    Ok(Bytes::from_owner(Held { bytes, _reservation: share }))
}

async fn collect<B>(body: B, size: Size, limit: usize, budget: &BodyBudget) -> Result<Held, ServiceError>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut body = std::pin::pin!(Limited::new(body, limit));
    let mut whole = BytesMut::new();
    let mut share: Option<Reservation> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            if error.is::<LengthLimitError>() {
                refusals::body_too_large(limit)
            } else {
                refusals::broken_body()
            }
        })?;
        let Ok(data) = frame.into_data() else { continue };
        let more = budget.reserve(data.len(), size)?;
        match &mut share {
            Some(share) => share.merge(more),
            None => share = Some(more),
        }
        whole.extend_from_slice(&data);
    }
    Ok(Held { bytes: whole.freeze(), _reservation: share })
}
