//! The globals `TextEncoder` and `TextDecoder`. njs knows UTF-8 alone.
//!
//! Unlike in njs, a decoder's `decode`, `encoding`, `fatal` and `ignoreBOM` are its own properties; the prototype's
//! `decode` only complains.

use std::cell::RefCell;

use rquickjs::function::Constructor;
use rquickjs::object::Property;
use rquickjs::{Ctx, Exception, Object, Result, Value};

use super::bytes::{self, Bytes};
use super::native::{Call, hidden, method, native};
use super::registry::Registry;
use super::text;

/// The name of the only encoding.
const UTF_8: &str = "utf-8";

/// A byte order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Makes `TextEncoder`.
pub(super) fn encoder<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>) -> Result<Object<'js>> {
    let prototype = Object::new(ctx.clone())?;
    method(&prototype, "encode", 0, |call: &Call<'_, 'js>| encode(call))?;
    method(&prototype, "encodeInto", 2, |call: &Call<'_, 'js>| encode_into(call))?;
    prototype.prop("encoding", Property::from(UTF_8).configurable())?;
    registry.set("TextEncoder.prototype", prototype.clone().into_value())?;
    class(ctx, "TextEncoder", prototype, |call: &Call<'_, 'js>| {
        Ok(Object::new(call.ctx().clone())?.into_value())
    })
}

/// Makes `TextDecoder`.
pub(super) fn decoder<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let prototype = Object::new(ctx.clone())?;
    method(&prototype, "decode", 0, |call: &Call<'_, 'js>| Err(not_a(call, "TextDecoder")))?;
    class(ctx, "TextDecoder", prototype, |call: &Call<'_, 'js>| new_decoder(call))
}

fn class<'js, F>(ctx: &Ctx<'js>, name: &'static str, prototype: Object<'js>, make: F) -> Result<Object<'js>>
where
    F: for<'a> Fn(&Call<'a, 'js>) -> Result<Value<'js>> + 'js,
{
    let constructor = Constructor::new_prototype(
        ctx,
        prototype,
        native(move |call: &Call<'_, 'js>| {
            if call.is_construction() {
                make(call)
            } else {
                Err(Exception::throw_type(call.ctx(), &format!("Constructor of {name} requires 'new'")))
            }
        }),
    )?;
    Ok(constructor.into_inner().with_name(name)?.with_length(0)?.into_inner())
}

fn not_a(call: &Call<'_, '_>, class: &str) -> rquickjs::Error {
    Exception::throw_type(call.ctx(), &format!("\"this\" is not a {class}"))
}

fn check_encoder(call: &Call<'_, '_>) -> Result<()> {
    let prototype = Registry::of(call.ctx())?.get("TextEncoder.prototype")?;
    let inherits = call.this().as_object().and_then(Object::get_prototype).map(Object::into_value);
    if inherits.is_some_and(|inherits| inherits == prototype) {
        Ok(())
    } else {
        Err(not_a(call, "TextEncoder"))
    }
}

fn encode<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    check_encoder(call)?;
    let ctx = call.ctx();
    let text = if call.given() == 0 { String::new() } else { text::from_value(ctx, call.arg(0))? };
    Ok(bytes::array(ctx, text.as_bytes())?.into_value())
}

fn encode_into<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    check_encoder(call)?;
    let ctx = call.ctx();
    let text = text::from_value(ctx, call.arg(0))?;
    let Some(target) = Bytes::exactly(&call.arg(1)) else {
        let message = "The \"destination\" argument must be an instance of Uint8Array";
        return Err(Exception::throw_type(ctx, message));
    };
    let room = target.len()?;
    let (mut read, mut written) = (0, 0);
    for char in text.chars() {
        if written + char.len_utf8() > room {
            break;
        }
        written += char.len_utf8();
        read += char.len_utf16();
    }
    target.write(0, text.as_bytes().get(..written).unwrap_or_default())?;
    let result = Object::new(ctx.clone())?;
    result.set("read", read)?;
    result.set("written", written)?;
    Ok(result.into_value())
}

/// What a decoder was told, and the bytes of a character that is not complete.
struct Decoder {
    fatal: bool,
    ignore_mark: bool,
    rest: RefCell<Vec<u8>>,
}

fn new_decoder<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    if call.given() > 0 {
        let label = text::from_value(ctx, call.arg(0))?;
        if !matches!(label.as_str(), "utf-8" | "utf8") {
            return Err(Exception::throw_range(ctx, &format!("The \"{label}\" encoding is not supported")));
        }
    }
    let (fatal, ignore_mark) = match options(call)? {
        Some(options) => (is_true(&options, "fatal")?, is_true(&options, "ignoreBOM")?),
        None => (false, false),
    };
    let object = Object::new(ctx.clone())?;
    object.prop("encoding", Property::from(UTF_8).configurable())?;
    object.prop("fatal", Property::from(fatal).configurable())?;
    object.prop("ignoreBOM", Property::from(ignore_mark).configurable())?;
    let decoder = Decoder { fatal, ignore_mark, rest: RefCell::default() };
    let decode = super::native::function(ctx, "decode", 0, move |call: &Call<'_, 'js>| decoder.decode(call))?;
    hidden(&object, "decode", decode.into_value())?;
    Ok(object.into_value())
}

/// The second argument, which has to be an object if it is there at all.
fn options<'js>(call: &Call<'_, 'js>) -> Result<Option<Object<'js>>> {
    if call.given() < 2 {
        return Ok(None);
    }
    let message = "The \"options\" argument must be of type object";
    call.arg(1).into_object().map(Some).ok_or_else(|| Exception::throw_type(call.ctx(), message))
}

fn is_true(options: &Object<'_>, name: &str) -> Result<bool> {
    Ok(options.get::<_, rquickjs::convert::Coerced<bool>>(name)?.0)
}

impl Decoder {
    fn decode<'js>(&self, call: &Call<'_, 'js>) -> Result<Value<'js>> {
        let ctx = call.ctx();
        let given = input(call)?;
        let stream = match options(call)? {
            Some(options) => is_true(&options, "stream")?,
            None => false,
        };
        let given = if self.ignore_mark { &given } else { given.strip_prefix(MARK).unwrap_or(&given) };
        let whole = [self.rest.borrow().as_slice(), given].concat();
        let (usable, rest) = whole.split_at(whole.len() - if stream { incomplete(&whole) } else { 0 });
        if self.fatal && std::str::from_utf8(usable).is_err() {
            return Err(Exception::throw_type(ctx, "The encoded data was not valid"));
        }
        self.rest.replace(rest.to_vec());
        text::to_js(ctx, &String::from_utf8_lossy(usable))
    }
}

/// What a call gives to decode.
fn input(call: &Call<'_, '_>) -> Result<Vec<u8>> {
    let (ctx, value) = (call.ctx(), call.arg(0));
    if call.given() == 0 {
        return Ok(Vec::new());
    }
    let registry = Registry::of(ctx)?;
    let bytes = match value.as_object() {
        Some(object) if bytes::typed_array_size(object).is_some() => {
            bytes::behind_view(ctx, &registry, &value)?
        }
        Some(_) => bytes::of_array_buffer(&registry, &value)?,
        None => None,
    };
    let message = "The \"input\" argument must be an instance of TypedArray";
    bytes.ok_or_else(|| Exception::throw_type(ctx, message))
}

/// How many bytes at the end are the beginning of a character.
fn incomplete(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    loop {
        match std::str::from_utf8(rest) {
            Ok(_) => return 0,
            Err(error) => match error.error_len() {
                Some(length) => rest = rest.get(error.valid_up_to() + length..).unwrap_or_default(),
                None => return rest.len() - error.valid_up_to(),
            },
        }
    }
}
