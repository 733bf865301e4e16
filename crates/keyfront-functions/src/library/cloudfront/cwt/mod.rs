//! `cf.cwt`: CBOR web tokens (AWS: "CWT support for CloudFront Functions"): COSE_Mac0 of RFC 8152 with HMAC-SHA256.
//!
//! AWS describes `generateToken(context, token)` and shows `generateToken(token, context)` in each of its examples; the
//! object with a `key` is the context, whichever comes first. Its examples call the headers `protected` and `unprotected`, and
//! what `validateToken` gives has `protectedHeaders` and `unprotectedHeaders`; a token to generate may have either.
//!
//! Claims are not checked, as on CloudFront. The texts of errors are Keyfront's own: AWS documents none.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the engine calls functions with values, never with references"
)]

mod decode;
mod encode;

use hmac::{Hmac, KeyInit, Mac};
use rquickjs::function::Rest;
use rquickjs::object::Property;
use rquickjs::{Ctx, Exception, Function, Object, Result, Value};
use sha2::Sha256;

use super::super::modules;
use super::Freeze;
use encode::Writer;

/// The largest token, in bytes (AWS: "a limit of 1 KB for the maximum token size").
const LARGEST: usize = 1024;

/// How deep arrays and maps of a token may be in each other.
const DEEPEST: usize = 16;

/// The tag of a CBOR web token (RFC 8392), which is optional.
const CWT_TAG: u64 = 61;

/// The tag of a COSE_Mac0 structure (RFC 8152), which is required.
const MAC0_TAG: u64 = 17;

/// The header with the algorithm.
const ALGORITHM: &str = "1";

/// An algorithm of the tokens, by how many bytes of the HMAC are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    /// HMAC 256/64.
    Short,
    /// HMAC 256/256.
    Full,
}

impl Algorithm {
    fn of(number: i64) -> Option<Algorithm> {
        match number {
            4 => Some(Algorithm::Short),
            5 => Some(Algorithm::Full),
            _ => None,
        }
    }

    fn length(self) -> usize {
        match self {
            Algorithm::Short => 8,
            Algorithm::Full => 32,
        }
    }
}

/// `cf.cwt`.
pub(super) fn make<'js>(ctx: &Ctx<'js>, freeze: &Freeze<'js>) -> Result<Object<'js>> {
    let cwt = Object::new(ctx.clone())?;
    for (name, method) in [
        ("validateToken", Function::new(ctx.clone(), validate)?),
        ("generateToken", Function::new(ctx.clone(), generate)?),
    ] {
        let method = method.with_name(name)?;
        freeze.apply(&method)?;
        cwt.prop(name, Property::from(method).enumerable())?;
    }
    freeze.apply(&cwt)?;
    Ok(cwt)
}

/// `validateToken(token, {key})`.
fn validate<'js>(ctx: Ctx<'js>, arguments: Rest<Value<'js>>) -> Result<Object<'js>> {
    let refuse = |problem: &str| Exception::throw_message(&ctx, &format!("cwt.validateToken: {problem}"));
    let token = arguments.first().map(|token| modules::bytes_of(&ctx, token)).transpose()?.flatten();
    let token = token.ok_or_else(|| refuse("the token must be a Buffer"))?;
    if token.len() > LARGEST {
        return Err(refuse("the token is larger than 1 KB"));
    }
    let context = arguments.get(1).and_then(Value::as_object);
    let context = context.ok_or_else(|| refuse("the context must be an object with a key"))?;
    let key = key(&ctx, context)?.ok_or_else(|| refuse("the key must be a string or a Buffer"))?;
    let parts = decode::parts(&token).map_err(|problem| refuse(problem.0))?;
    let headers = decode::map(&ctx, parts.protected).map_err(|error| error.thrown(&ctx))?;
    let algorithm = algorithm(&headers)?.ok_or_else(|| refuse("the algorithm must be HMAC-SHA256"))?;
    let mac = mac(&ctx, &key, parts.protected, parts.payload)?;
    let is_valid = parts.tag.len() == algorithm.length() && mac.verify_truncated_left(parts.tag).is_ok();
    if !is_valid {
        return Err(refuse("the message digest of the token is not valid"));
    }
    let object = Object::new(ctx.clone())?;
    object.set("protectedHeaders", headers)?;
    object.set(
        "unprotectedHeaders",
        decode::map(&ctx, parts.unprotected).map_err(|error| error.thrown(&ctx))?,
    )?;
    object.set("payload", decode::map(&ctx, parts.payload).map_err(|error| error.thrown(&ctx))?)?;
    Ok(object)
}

/// `generateToken(token, {key, coseTag, cwtTag?})`, in either order.
fn generate<'js>(ctx: Ctx<'js>, arguments: Rest<Value<'js>>) -> Result<Value<'js>> {
    let refuse = |problem: &str| Exception::throw_message(&ctx, &format!("cwt.generateToken: {problem}"));
    let objects = (arguments.first().and_then(Value::as_object), arguments.get(1).and_then(Value::as_object));
    let (Some(first), Some(second)) = objects else {
        return Err(refuse("a token and a context are needed, both of them objects"));
    };
    let (token, context) = if first.contains_key("key")? { (second, first) } else { (first, second) };
    let key = key(&ctx, context)?.ok_or_else(|| refuse("the key must be a string or a Buffer"))?;
    let tag: Value<'js> = context.get("coseTag")?;
    if tag.as_string().map(rquickjs::String::to_string).transpose()?.as_deref() != Some("MAC0") {
        return Err(refuse("coseTag must be \"MAC0\""));
    }
    let with_tag = context.get::<_, Value<'js>>("cwtTag")?.as_bool().unwrap_or(false);
    let payload: Value<'js> = token.get("payload")?;
    let payload =
        payload.as_object().ok_or_else(|| refuse("the token must have a payload, which is an object"))?;

    let protected = headers(&ctx, token, ["protected", "protectedHeaders"])?;
    if protected.get::<_, Value<'js>>(ALGORITHM)?.is_undefined() {
        protected.set(ALGORITHM, 5)?;
    }
    let algorithm = algorithm(&protected)?.ok_or_else(|| refuse("the algorithm must be HMAC-SHA256"))?;
    let unprotected = headers(&ctx, token, ["unprotected", "unprotectedHeaders"])?;
    let protected = encode::map(&protected)?;
    let payload = encode::map(payload)?;
    let tag = mac(&ctx, &key, &protected, &payload)?.finalize().into_bytes();

    let mut writer = Writer::new(&ctx);
    if with_tag {
        writer.tag(CWT_TAG)?;
    }
    writer.tag(MAC0_TAG)?;
    writer.array(4)?;
    writer.bytes(&protected)?;
    writer.value(unprotected.as_value(), 0)?;
    writer.bytes(&payload)?;
    writer.bytes(tag.get(..algorithm.length()).unwrap_or(&tag))?;
    modules::buffer_from(&ctx, &writer.finish())
}

/// The key of a context, if it has one.
fn key<'js>(ctx: &Ctx<'js>, context: &Object<'js>) -> Result<Option<Vec<u8>>> {
    let key: Value<'js> = context.get("key")?;
    match key.as_string() {
        Some(text) => Ok(Some(text.to_string()?.into_bytes())),
        None => modules::bytes_of(ctx, &key),
    }
}

/// A copy of headers under either of their names; empty where there are none. An algorithm that is given as text, as in
/// AWS's example, is a number.
fn headers<'js>(ctx: &Ctx<'js>, token: &Object<'js>, names: [&str; 2]) -> Result<Object<'js>> {
    let copy = Object::new(ctx.clone())?;
    for name in names {
        let Some(given) = token.get::<_, Value<'js>>(name)?.into_object() else { continue };
        for property in given.props::<String, Value<'js>>() {
            let (name, value) = property?;
            let number = value.as_string().map(rquickjs::String::to_string).transpose()?;
            match number.and_then(|text| text.parse::<i32>().ok()).filter(|_| name == ALGORITHM) {
                Some(number) => copy.set(name, number)?,
                None => copy.set(name, value)?,
            }
        }
        break;
    }
    Ok(copy)
}

/// The algorithm that protected headers name, if it is one of HMAC-SHA256.
fn algorithm(headers: &Object<'_>) -> Result<Option<Algorithm>> {
    let number: Value<'_> = headers.get(ALGORITHM)?;
    Ok(number.as_int().and_then(|number| Algorithm::of(number.into())))
}

/// The HMAC of a token, before it is finished (RFC 8152, section 6.3).
fn mac(ctx: &Ctx<'_>, key: &[u8], protected: &[u8], payload: &[u8]) -> Result<Hmac<Sha256>> {
    let mut structure = Writer::new(ctx);
    structure.array(4)?;
    structure.text("MAC0")?;
    structure.bytes(protected)?;
    structure.bytes(&[])?;
    structure.bytes(payload)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .map_err(|error| Exception::throw_message(ctx, &error.to_string()))?;
    mac.update(&structure.finish());
    Ok(mac)
}

#[cfg(test)]
mod tests;
