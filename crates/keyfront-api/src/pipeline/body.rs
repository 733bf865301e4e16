//! Reading a body, up to a size and a time.

use std::time::Duration;

use bytes::Bytes;
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::Settings;
use super::plane::Plane;
use crate::error::ApiError;

/// The whole body, refused when it is too large or too slow.
pub(super) async fn read<B>(body: B, settings: &Settings, plane: Plane) -> Result<Bytes, ApiError>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let limit = settings.max_body_bytes;
    // A declared length over the limit is refused without reading a byte.
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(plane.body_too_large(limit));
    }
    let time = Duration::from_secs(settings.body_timeout_seconds);
    let body = std::pin::pin!(Limited::new(body, limit));
    let Ok(read) = tokio::time::timeout(time, body.collect()).await else {
        return Err(plane.body_too_slow());
    };
    match read {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(plane.body_too_large(limit)),
        Err(_ended_early) => Err(plane.broken_body()),
    }
}
