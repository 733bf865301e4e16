//! Bodies in memory: reading one up to a size and a time, and the share that each has of the room for all.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Settings;
use super::plane::Plane;
use crate::error::ApiError;

/// A body in memory, and its share of what all bodies together may take.
pub(super) struct Held {
    pub(super) bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The whole body, refused when it is larger than `limit` bytes or too slow, or when bodies take too much
/// memory already.
pub(super) async fn read<B>(
    body: B,
    limit: usize,
    settings: &Settings,
    budget: &Arc<Semaphore>,
    plane: Plane,
) -> Result<Held, ApiError>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    // A declared length over the limit is refused without reading a byte.
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(plane.body_too_large(limit));
    }
    let time = Duration::from_secs(settings.body_timeout_seconds);
    let collected = tokio::time::timeout(time, collect(body, limit, budget, plane)).await;
    collected.unwrap_or_else(|_elapsed| Err(plane.body_too_slow()))
}

/// The body of an answer that is as large as a store: it has its share until it is sent.
pub(super) fn held(bytes: Bytes, budget: &Arc<Semaphore>, plane: Plane) -> Result<Bytes, ApiError> {
    let share = Some(share(budget, bytes.len(), plane)?);
    Ok(Bytes::from_owner(Held { bytes, _share: share }))
}

/// A share of this many bytes. Waiting could wait for bodies that themselves wait: whoever comes last tries
/// again instead.
fn share(budget: &Arc<Semaphore>, bytes: usize, plane: Plane) -> Result<OwnedSemaphorePermit, ApiError> {
    let wanted = u32::try_from(bytes).unwrap_or(u32::MAX);
    Arc::clone(budget).try_acquire_many_owned(wanted).map_err(|_nothing_left| plane.throttled())
}

async fn collect<B>(body: B, limit: usize, budget: &Arc<Semaphore>, plane: Plane) -> Result<Held, ApiError>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut body = std::pin::pin!(Limited::new(body, limit));
    let mut whole = BytesMut::new();
    let mut share: Option<OwnedSemaphorePermit> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            if error.is::<LengthLimitError>() { plane.body_too_large(limit) } else { plane.broken_body() }
        })?;
        let Ok(data) = frame.into_data() else { continue };
        let more = self::share(budget, data.len(), plane)?;
        match &mut share {
            Some(share) => share.merge(more),
            None => share = Some(more),
        }
        whole.extend_from_slice(&data);
    }
    Ok(Held { bytes: whole.freeze(), _share: share })
}
