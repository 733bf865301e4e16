//! The module `buffer` and the global `Buffer`: arrays of bytes with njs's methods on them.
//!
//! A `Buffer` is a `Uint8Array` with another prototype, so indexes, `length`, `map` and the like are the engine's.
//! njs has a mistake that is not copied: its `write` goes on behind the end of a short string and says that it
//! wrote as many bytes as there was room for. Here it writes the string and says how long it was.

mod change;
mod compare;
mod from;
mod make;
mod numbers;
mod search;
mod show;
mod slice;

use rquickjs::atom::PredefinedAtom;
use rquickjs::object::Property;

use rquickjs::{Ctx, Exception, Object, Result, Value};

use super::bytes;
use super::native::{Call, function, hidden};
use super::registry::Registry;

/// The largest size that njs has a name for.
const MAX: i32 = i32::MAX;

/// Makes the module.
pub(super) fn make<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>) -> Result<Object<'js>> {
    let constants = Object::new(ctx.clone())?;
    for name in ["MAX_LENGTH", "MAX_STRING_LENGTH"] {
        constants.prop(name, Property::from(MAX).enumerable())?;
    }
    let module = Object::new(ctx.clone())?;
    module.prop("Buffer", Property::from(constructor(ctx, registry)?).enumerable())?;
    module.prop("constants", Property::from(constants).enumerable())?;
    module.prop("kMaxLength", Property::from(MAX).enumerable())?;
    Ok(module)
}

/// `Buffer` itself.
pub(super) fn constructor<'js>(_: &Ctx<'js>, registry: &Registry<'js>) -> Result<Object<'js>> {
    registry.get_or_make("Buffer", |ctx, registry| {
        let buffer = function(ctx, "Buffer", 0, |call: &Call<'_, 'js>| {
            Err(Exception::throw_type(call.ctx(), "Buffer is not a constructor"))
        })?
        .with_constructor(true)
        .into_inner();
        make::install(&buffer)?;
        from::install(&buffer)?;
        compare::install(&buffer)?;
        let prototype = new_prototype(ctx, registry)?;
        hidden(&prototype, "constructor", buffer.clone().into_value())?;
        buffer.prop("prototype", prototype)?;
        Ok(buffer)
    })
}

/// What every `Buffer` inherits from. Code cannot replace it.
fn prototype<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>) -> Result<Object<'js>> {
    constructor(ctx, registry)?.get("prototype")
}

fn new_prototype<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>) -> Result<Object<'js>> {
    let array: Object<'js> = registry.function("Uint8Array")?.into_inner();
    let parent: Object<'js> = array.get("prototype")?;
    let prototype = Object::new_proto(ctx.clone(), Some(&parent))?;
    prototype.prop(PredefinedAtom::SymbolToStringTag, Property::from("Buffer").configurable())?;
    numbers::install(&prototype)?;
    change::install(&prototype)?;
    compare::install_methods(&prototype)?;
    search::install(&prototype)?;
    show::install(&prototype)?;
    slice::install(&prototype)?;
    Ok(prototype)
}

/// Makes a `Buffer` of an array of bytes.
fn adopt<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>, array: Object<'js>) -> Result<Object<'js>> {
    array.set_prototype(Some(&prototype(ctx, registry)?))?;
    Ok(array)
}

/// A `Buffer` with these bytes.
pub(super) fn with_bytes<'js>(
    ctx: &Ctx<'js>,
    registry: &Registry<'js>,
    content: &[u8],
) -> Result<Object<'js>> {
    adopt(ctx, registry, bytes::array(ctx, content)?)
}

fn not_buffer_like<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>, value: &Value<'js>) -> rquickjs::Error {
    let kind = super::type_name::of(registry, value);
    Exception::throw_type(ctx, &format!("first argument {kind} is not a string or Buffer-like object"))
}
