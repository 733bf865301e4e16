//! Bodies in memory: reads one up to a size and a time, within the budget of all bodies.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use keyfront_error::ServiceError;

use super::Settings;
use super::body_budget::{BodyBudget, Reservation, Sender, Size};
use super::refusals;

/// A body in memory, and what it has reserved of the budget of all bodies.
pub(super) struct Held {
    pub(super) bytes: Bytes,
    /// Nothing for an empty body.
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
    sender: Sender,
) -> Result<Held, ServiceError>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.is_end_stream() {
        return Ok(Held { bytes: Bytes::new(), _reservation: None });
    }
    let limit = size.limit(settings);
    // A declared length over the limit is refused without reading a byte.
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(refusals::body_too_large(limit));
    }
    let time = Duration::from_secs(settings.body_timeout_seconds);
    let reservation = budget.arriving(size, sender);
    let whole = tokio::select! {
        // A body that is there already needs no timer.
        biased;
        whole = collect(body, limit, &reservation) => whole?,
        () = reservation.evicted() => return Err(refusals::throttled()),
        () = tokio::time::sleep(time) => return Err(refusals::body_too_slow()),
    };
    reservation.arrived();
    Ok(Held { bytes: whole, _reservation: Some(reservation) })
}

/// The body of an answer that is as large as a store: it keeps its reservation until it is sent.
pub(super) fn held(bytes: Bytes, budget: &BodyBudget) -> Result<Bytes, ServiceError> {
    let reservation = budget.complete(Size::Store, bytes.len())?;
    Ok(Bytes::from_owner(Held { bytes, _reservation: Some(reservation) }))
}

async fn collect<B>(body: B, limit: usize, reservation: &Reservation) -> Result<Bytes, ServiceError>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut body = std::pin::pin!(Limited::new(body, limit));
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            if error.is::<LengthLimitError>() {
                refusals::body_too_large(limit)
            } else {
                refusals::broken_body()
            }
        })?;
        let Ok(data) = frame.into_data() else { continue };
        reservation.grow(data.len())?;
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}
