//! Reading a body, up to a limit.

use bytes::Bytes;
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::plane::Plane;
use crate::error::ApiError;

/// The whole body, refused when it has more than `limit` bytes.
pub(super) async fn read<B>(body: B, limit: usize, plane: Plane) -> Result<Bytes, ApiError>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    // A declared length over the limit is refused without reading a byte.
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(plane.body_too_large(limit));
    }
    let read = std::pin::pin!(Limited::new(body, limit)).collect().await;
    match read {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(plane.body_too_large(limit)),
        Err(_ended_early) => Err(plane.broken_body()),
    }
}
