//! `cf.distributionTenant`: properties of a distribution tenant (AWS: "Helper methods for CloudFront SaaS Manager properties").
//!
//! Keyfront has standard distributions alone, for which every use of it is an error of the type `TypeError`.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the engine calls functions with values, never with references"
)]

use rquickjs::object::{Accessor, Property};
use rquickjs::{Ctx, Exception, Function, Object, Value};

use super::Freeze;

/// `cf.distributionTenant` of a request that has none.
pub(super) fn absent<'js>(ctx: &Ctx<'js>, freeze: &Freeze<'js>) -> rquickjs::Result<Object<'js>> {
    let parameters = Object::new(ctx.clone())?;
    let get = Function::new(ctx.clone(), refuse)?.with_name("get")?;
    freeze.apply(&get)?;
    parameters.prop("get", Property::from(get).enumerable())?;
    freeze.apply(&parameters)?;
    let tenant = Object::new(ctx.clone())?;
    tenant.prop("id", Accessor::from(refuse).enumerable())?;
    tenant.prop("parameters", Property::from(parameters).enumerable())?;
    freeze.apply_to_getter(&tenant, "id")?;
    freeze.apply(&tenant)?;
    Ok(tenant)
}

fn refuse(ctx: Ctx<'_>) -> rquickjs::Result<Value<'_>> {
    Err(Exception::throw_type(&ctx, "distributionTenant module is not available"))
}
