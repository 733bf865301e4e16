//! The module `cloudfront`: the key value store, the edge, the choice of an origin, web tokens.
//!
//! It is made once per context and frozen with all that it leads to, so that no invocation leaves anything in it for
//! the next. It reads what it needs of an invocation from the [`InvocationState`] at each call. Runtime 1.0 does not have the
//! module.

mod cwt;
mod edge;
mod origin;
mod store;
mod tenant;
#[cfg(test)]
mod tests;

use keyfront_domain::function::Runtime;
use rquickjs::object::{Accessor, Property};
use rquickjs::{Ctx, Exception, Function, Object, Value};

use crate::invocation_state::InvocationState;

/// The property of the global object that holds the module. Code cannot name it, and enumeration does not show it.
const PROPERTY: &str = "module cloudfront";

/// Makes the module in a context whose globals are untouched yet.
pub(super) fn install(ctx: &Ctx<'_>, runtime: Runtime) -> rquickjs::Result<()> {
    if runtime == Runtime::Js1 {
        return Ok(());
    }
    let module = Object::new(ctx.clone())?;
    let freeze = Freeze::of(ctx)?;
    module.prop("kvs", Property::from(store::opener(ctx, &freeze)?).enumerable())?;
    module.prop("edgeLocation", Accessor::from(edge::location).enumerable())?;
    module.prop("cwt", Property::from(cwt::make(ctx, &freeze)?).enumerable())?;
    module.prop("distributionTenant", Property::from(tenant::absent(ctx, &freeze)?).enumerable())?;
    for (name, method) in origin::methods(ctx)? {
        freeze.apply(&method)?;
        module.prop(name, Property::from(method).enumerable())?;
    }
    freeze.apply_to_getter(&module, "edgeLocation")?;
    freeze.apply(&module)?;
    ctx.globals().prop(PROPERTY, module)
}

/// The module, in a context in which it was installed.
pub(super) fn module<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
    ctx.globals().get(PROPERTY)
}

/// `Object.freeze` and what it takes to reach a getter, as they were before any code ran.
struct Freeze<'js> {
    freeze: Function<'js>,
    descriptor: Function<'js>,
}

impl<'js> Freeze<'js> {
    fn of(ctx: &Ctx<'js>) -> rquickjs::Result<Freeze<'js>> {
        let object: Object<'js> = ctx.globals().get("Object")?;
        Ok(Freeze { freeze: object.get("freeze")?, descriptor: object.get("getOwnPropertyDescriptor")? })
    }

    fn apply(&self, object: &Object<'js>) -> rquickjs::Result<()> {
        self.freeze.call((object.clone(),))
    }

    /// Freezes the getter of a property, which is an object too.
    fn apply_to_getter(&self, object: &Object<'js>, name: &str) -> rquickjs::Result<()> {
        let descriptor: Object<'js> = self.descriptor.call((object.clone(), name))?;
        self.apply(&descriptor.get("get")?)
    }
}

/// Runs an action on the state of the running invocation.
fn with_state<T>(
    ctx: &Ctx<'_>,
    act: impl FnOnce(&InvocationState) -> rquickjs::Result<T>,
) -> rquickjs::Result<T> {
    match ctx.userdata::<InvocationState>() {
        Some(state) => act(&state),
        None => Err(Exception::throw_message(ctx, "no invocation is running")),
    }
}
