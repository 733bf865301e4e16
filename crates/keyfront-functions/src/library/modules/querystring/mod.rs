//! The module `querystring`.
//!
//! As in njs, `parse` and `stringify` use the `unescape` and `escape` of the object that they are called on.

mod parse;
mod percent;
mod stringify;

use rquickjs::atom::PredefinedAtom;
use rquickjs::object::Property;

use rquickjs::{Ctx, Exception, Function, Object, Result, Value};

use super::native::{Call, function, hidden, method};
use super::registry::Registry;
use super::{coerce, text};

/// Makes the module.
pub(super) fn make<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>) -> Result<Object<'js>> {
    let module = Object::new(ctx.clone())?;
    module.prop(PredefinedAtom::SymbolToStringTag, Property::from("querystring"))?;
    for name in ["parse", "decode"] {
        method(&module, name, 0, |call: &Call<'_, 'js>| parse::parse(call))?;
    }
    for name in ["stringify", "encode"] {
        method(&module, name, 0, |call: &Call<'_, 'js>| stringify::stringify(call))?;
    }
    let unescape = function(ctx, "unescape", 0, |call: &Call<'_, 'js>| {
        text::to_js(call.ctx(), &percent::decode(&text::from_value(call.ctx(), call.arg(0))?))
    })?;
    let escape = function(ctx, "escape", 0, |call: &Call<'_, 'js>| {
        text::to_js(call.ctx(), &percent::encode(&text::from_value(call.ctx(), call.arg(0))?))
    })?;
    for (name, function) in [("unescape", unescape), ("escape", escape)] {
        registry.set(name, function.clone().into_value())?;
        hidden(&module, name, function.into_value())?;
    }
    Ok(module)
}

/// How names and values are coded: by the module, or by a function of the program's.
enum Coder<'js> {
    Own,
    Foreign(Function<'js>),
}

impl<'js> Coder<'js> {
    /// The coder that a call names in its options, or else the one of the object that it is called on.
    fn of(call: &Call<'_, 'js>, option: &str, method: &str) -> Result<Coder<'js>> {
        if let Some(options) = call.arg(3).as_object()
            && options.contains_key(option)?
        {
            let coder: Value<'js> = options.get(option)?;
            return Coder::from(call, coder, method, || format!("option {option} is not a function"));
        }
        let coder = match call.this().as_object() {
            Some(this) => this.get(method)?,
            None => call.undefined(),
        };
        Coder::from(call, coder, method, || format!("QueryString.{method} is not a function"))
    }

    fn from(
        call: &Call<'_, 'js>,
        coder: Value<'js>,
        method: &str,
        complaint: impl FnOnce() -> String,
    ) -> Result<Coder<'js>> {
        if coder == Registry::of(call.ctx())?.get(method)? {
            return Ok(Coder::Own);
        }
        match coder.into_function() {
            Some(coder) => Ok(Coder::Foreign(coder)),
            None => Err(Exception::throw_message(call.ctx(), &complaint())),
        }
    }

    /// What a text becomes.
    fn code(&self, ctx: &Ctx<'js>, text: &str, own: impl FnOnce(&str) -> String) -> Result<String> {
        match self {
            Coder::Own => Ok(own(text)),
            Coder::Foreign(coder) => text::from_value(ctx, coder.call((text,))?),
        }
    }
}

/// A separator that an argument names, or the usual one.
fn separator<'js>(ctx: &Ctx<'js>, value: Value<'js>, usual: &str) -> Result<String> {
    if value.is_undefined() || value.is_null() {
        return Ok(usual.to_owned());
    }
    let named = text::of(ctx, &coerce::to_string(ctx, value)?)?;
    Ok(if named.is_empty() { usual.to_owned() } else { named })
}
