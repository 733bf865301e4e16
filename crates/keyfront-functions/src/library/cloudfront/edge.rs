//! `cf.edgeLocation`: the location that answers the request (AWS: "General helper methods").

#![expect(
    clippy::needless_pass_by_value,
    reason = "the engine calls functions with values, never with references"
)]

use rquickjs::{Ctx, Object};

use super::with_state;
use crate::event::EventType;

/// Keyfront answers as one edge location of one region: that of the control plane, from the machine that it runs on.
const NAME: &str = "IAD";
const SERVER_IP: &str = "127.0.0.1";
const REGION: &str = "us-east-1";

/// `cf.edgeLocation`: it is empty in viewer-response functions. Each reader gets an object of its own.
pub(super) fn location(ctx: Ctx<'_>) -> rquickjs::Result<Object<'_>> {
    let location = Object::new(ctx.clone())?;
    if with_state(&ctx, |state| Ok(state.event_type == EventType::ViewerRequest))? {
        location.set("name", NAME)?;
        location.set("serverIp", SERVER_IP)?;
        location.set("region", REGION)?;
    }
    Ok(location)
}
