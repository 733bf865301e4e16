//! The choice of an origin: `updateRequestOrigin`, `selectRequestOriginById`, `createRequestOriginGroup` (AWS:
//! "Helper methods for origin modification").
//!
//! Arguments are read into an [`OriginDecision`] at once and checked as far as it can be; members that
//! are not known are passed over, as the service does. Nothing is applied here.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the engine calls functions with values, never with references"
)]

mod argument;
mod read;
mod rules;
#[cfg(test)]
mod tests;

use rquickjs::function::Opt;
use rquickjs::{Ctx, Exception, Function, Value};

use super::with_state;
use crate::event::{EventType, OriginDecision, OriginOverrides};
use argument::Argument;

/// The methods with their names.
pub(super) fn methods<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<[(&'static str, Function<'js>); 3]> {
    let methods = [
        ("updateRequestOrigin", Function::new(ctx.clone(), update)?),
        ("selectRequestOriginById", Function::new(ctx.clone(), select)?),
        ("createRequestOriginGroup", Function::new(ctx.clone(), create_group)?),
    ];
    for (name, method) in &methods {
        method.set_name(name)?;
    }
    Ok(methods)
}

/// `updateRequestOrigin(properties)`.
fn update<'js>(ctx: Ctx<'js>, properties: Opt<Value<'js>>) -> rquickjs::Result<()> {
    let argument = Argument::of(&ctx, "updateRequestOrigin", "the argument", properties.0);
    decide(&ctx, OriginDecision::Update(Box::new(read::update(&argument)?)))
}

/// `selectRequestOriginById(id, overrides?)`.
fn select<'js>(ctx: Ctx<'js>, id: Opt<Value<'js>>, overrides: Opt<Value<'js>>) -> rquickjs::Result<()> {
    let method = "selectRequestOriginById";
    let id = Argument::of(&ctx, method, "the id", id.0).checked(rules::origin_id)?;
    let overrides = match overrides.0.filter(|overrides| !overrides.is_undefined()) {
        Some(overrides) => {
            read::overrides(&Argument::of(&ctx, method, "the second argument", Some(overrides)))?
        }
        None => OriginOverrides::default(),
    };
    decide(&ctx, OriginDecision::Select { id, overrides })
}

/// `createRequestOriginGroup(properties)`.
fn create_group<'js>(ctx: Ctx<'js>, properties: Opt<Value<'js>>) -> rquickjs::Result<()> {
    let argument = Argument::of(&ctx, "createRequestOriginGroup", "the argument", properties.0);
    decide(&ctx, OriginDecision::Group(read::group(&argument)?))
}

/// Notes the decision; a later one takes its place.
fn decide(ctx: &Ctx<'_>, decision: OriginDecision) -> rquickjs::Result<()> {
    with_state(ctx, |state| match state.event_type {
        EventType::ViewerRequest => {
            state.origin.replace(Some(decision));
            Ok(())
        }
        EventType::ViewerResponse => {
            Err(Exception::throw_message(ctx, "an origin can be chosen in viewer-request functions alone"))
        }
    })
}
