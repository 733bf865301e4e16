//! Removes the builtins that njs does not have, and adds the few globals that only njs has.

use keyfront_domain::function::Runtime;
use keyfront_njs::{Missing, missing_builtins};
use rquickjs::atom::PredefinedAtom;
use rquickjs::function::This;
use rquickjs::object::Property;
use rquickjs::{Ctx, Exception, Function, Object, Value};

use super::hidden;

/// Removes what the runtime does not have, and adds the globals that only njs has.
pub(super) fn install(ctx: &Ctx<'_>, runtime: Runtime) -> rquickjs::Result<()> {
    let globals = ctx.globals();
    let bytes: Object<'_> = globals.get("Uint8Array")?;
    let typed_array = bytes.get_prototype();
    for Missing { holder, names } in missing_builtins(runtime) {
        let mut object = globals.clone();
        for step in holder.split('.').filter(|step| !step.is_empty()) {
            object = match (step, &typed_array) {
                ("%TypedArray%", Some(typed_array)) => typed_array.clone(),
                _ => object.get(step)?,
            };
        }
        for name in names {
            object.remove(*name)?;
        }
    }
    add(ctx, &globals)
}

fn add<'js>(ctx: &Ctx<'js>, globals: &Object<'js>) -> rquickjs::Result<()> {
    hidden(globals, "global", globals.clone())?;
    globals.prop(PredefinedAtom::SymbolToStringTag, Property::from("global").configurable())?;
    let eval = Function::new(ctx.clone(), |ctx: Ctx<'js>| -> rquickjs::Result<()> {
        Err(Exception::throw_internal(&ctx, "Not implemented"))
    })?;
    super::method(globals, "eval", 1, eval)?;
    add_memory_error(ctx, globals)
}

/// njs's error for memory that ran out. The engine never throws it: that ends the invocation.
fn add_memory_error<'js>(ctx: &Ctx<'js>, globals: &Object<'js>) -> rquickjs::Result<()> {
    let internal: Object<'js> = globals.get("InternalError")?;
    let parent: Object<'js> = internal.get("prototype")?;
    let prototype = Object::new_proto(ctx.clone(), Some(&parent))?;
    hidden(&prototype, "name", "MemoryError")?;
    let memory_error = Function::new(ctx.clone(), construct)?.with_constructor(true);
    memory_error.prop("prototype", Property::from(prototype.clone()))?;
    hidden(&prototype, "constructor", memory_error.clone())?;
    super::method(globals, "MemoryError", 1, memory_error)
}

/// Constructs njs's `MemoryError`, which ignores its arguments.
fn construct<'js>(ctx: Ctx<'js>, new_target: This<Value<'js>>) -> rquickjs::Result<Object<'js>> {
    let error = Exception::from_message(ctx, "")?.into_object();
    let prototype = match new_target.0.into_object() {
        Some(constructor) => constructor.get::<_, Option<Object<'js>>>("prototype")?,
        None => None,
    };
    error.set_prototype(prototype.as_ref())?;
    Ok(error)
}
