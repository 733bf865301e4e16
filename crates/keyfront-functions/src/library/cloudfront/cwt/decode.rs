//! Reads CBOR.

use minicbor::Decoder;
use minicbor::data::Type;
use rquickjs::{Array, Ctx, Exception, IntoJs, Object, Value};

use super::super::super::modules;
use super::{CWT_TAG, DEEPEST, MAC0_TAG};

/// What is wrong with a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

/// Why a part of a token is not read.
pub(super) enum Unreadable {
    Malformed,
    /// The exception waits in the engine.
    Engine(rquickjs::Error),
}

impl Unreadable {
    /// The error that the code gets.
    pub(super) fn thrown(self, ctx: &Ctx<'_>) -> rquickjs::Error {
        match self {
            Unreadable::Engine(error) => error,
            Unreadable::Malformed => {
                Exception::throw_message(ctx, "cwt.validateToken: a part of the token is not CBOR")
            }
        }
    }
}

impl From<rquickjs::Error> for Unreadable {
    fn from(error: rquickjs::Error) -> Unreadable {
        Unreadable::Engine(error)
    }
}

impl From<minicbor::decode::Error> for Unreadable {
    fn from(_: minicbor::decode::Error) -> Unreadable {
        Unreadable::Malformed
    }
}

/// The four parts of a COSE_Mac0 structure.
pub(super) struct Parts<'t> {
    /// The protected headers, encoded.
    pub(super) protected: &'t [u8],
    /// The unprotected headers, encoded.
    pub(super) unprotected: &'t [u8],
    /// The claims, encoded.
    pub(super) payload: &'t [u8],
    /// The message digest.
    pub(super) tag: &'t [u8],
}

/// Takes a token apart.
pub(super) fn parts(token: &[u8]) -> Result<Parts<'_>, Malformed> {
    let not_tagged = || Malformed("the token must be tagged as COSE_Mac0");
    let mut decoder = Decoder::new(token);
    let mut tag = decoder.tag().ok().ok_or_else(not_tagged)?.as_u64();
    if tag == CWT_TAG {
        tag = decoder.tag().ok().ok_or_else(not_tagged)?.as_u64();
    }
    if tag != MAC0_TAG {
        return Err(not_tagged());
    }
    structure(token, &mut decoder).ok_or(Malformed("the token is not a COSE_Mac0 structure"))
}

fn structure<'t>(token: &'t [u8], decoder: &mut Decoder<'t>) -> Option<Parts<'t>> {
    if decoder.array().ok()? != Some(4) {
        return None;
    }
    let protected = decoder.bytes().ok()?;
    let start = decoder.position();
    decoder.skip().ok()?;
    let unprotected = token.get(start..decoder.position())?;
    let (payload, tag) = (decoder.bytes().ok()?, decoder.bytes().ok()?);
    (decoder.position() == token.len()).then_some(Parts { protected, unprotected, payload, tag })
}

/// A map as an object, whose names are texts whatever they were (AWS: "all claim keys are represented as strings").
pub(super) fn map<'js>(ctx: &Ctx<'js>, encoded: &[u8]) -> Result<Object<'js>, Unreadable> {
    // RFC 8152 lets empty protected headers be no bytes at all.
    if encoded.is_empty() {
        return Ok(Object::new(ctx.clone())?);
    }
    let mut decoder = Decoder::new(encoded);
    let value = value(ctx, &mut decoder, 0)?;
    let is_map = decoder.position() == encoded.len() && !value.is_array();
    value.into_object().filter(|_| is_map).ok_or(Unreadable::Malformed)
}

fn value<'js>(ctx: &Ctx<'js>, decoder: &mut Decoder<'_>, depth: usize) -> Result<Value<'js>, Unreadable> {
    if depth > DEEPEST {
        return Err(Unreadable::Malformed);
    }
    Ok(match decoder.datatype()? {
        Type::Bool => Value::new_bool(ctx.clone(), decoder.bool()?),
        Type::Null => {
            decoder.null()?;
            Value::new_null(ctx.clone())
        }
        Type::Undefined => {
            decoder.undefined()?;
            Value::new_undefined(ctx.clone())
        }
        Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::I8
        | Type::I16
        | Type::I32
        | Type::I64
        | Type::Int => Value::new_number(ctx.clone(), float(i128::from(decoder.int()?))),
        Type::F16 => Value::new_number(ctx.clone(), half(decoder)?),
        Type::F32 => Value::new_number(ctx.clone(), decoder.f32()?.into()),
        Type::F64 => Value::new_number(ctx.clone(), decoder.f64()?),
        Type::String => decoder.str()?.into_js(ctx)?,
        Type::Bytes => modules::buffer_from(ctx, decoder.bytes()?)?,
        Type::Tag => {
            decoder.tag()?;
            value(ctx, decoder, depth + 1)?
        }
        Type::Array => array(ctx, decoder, depth)?,
        Type::Map => members(ctx, decoder, depth)?,
        Type::Simple
        | Type::BytesIndef
        | Type::StringIndef
        | Type::ArrayIndef
        | Type::MapIndef
        | Type::Break
        | Type::Unknown(_) => return Err(Unreadable::Malformed),
    })
}

fn array<'js>(ctx: &Ctx<'js>, decoder: &mut Decoder<'_>, depth: usize) -> Result<Value<'js>, Unreadable> {
    let length = decoder.array()?.ok_or(Unreadable::Malformed)?;
    let list = Array::new(ctx.clone())?;
    // A length that lies ends with the token.
    for _ in 0..length {
        list.set(list.len(), value(ctx, decoder, depth + 1)?)?;
    }
    Ok(list.into_value())
}

fn members<'js>(ctx: &Ctx<'js>, decoder: &mut Decoder<'_>, depth: usize) -> Result<Value<'js>, Unreadable> {
    let length = decoder.map()?.ok_or(Unreadable::Malformed)?;
    let object = Object::new(ctx.clone())?;
    for _ in 0..length {
        let name = if decoder.datatype()? == Type::String {
            decoder.str()?.to_owned()
        } else {
            i128::from(decoder.int()?).to_string()
        };
        let member = value(ctx, decoder, depth + 1)?;
        // Defined and not assigned: a claim may be called `__proto__`.
        let property = rquickjs::object::Property::from(member).writable().enumerable().configurable();
        object.prop(name, property)?;
    }
    Ok(object.into_value())
}

/// A whole number as a float, which loses what is beyond 53 bits.
fn float(number: i128) -> f64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "JavaScript's numbers have 53 bits"
    )]
    let float = number as f64;
    float
}

/// A float of two bytes (RFC 8949, appendix D).
fn half(decoder: &mut Decoder<'_>) -> Result<f64, Unreadable> {
    let at = decoder.position();
    let bytes = decoder.input().get(at + 1..at + 3).ok_or(Unreadable::Malformed)?;
    let bits = bytes.iter().fold(0_u16, |bits, byte| bits << 8 | u16::from(*byte));
    decoder.skip()?;
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (fraction + 1024.0) * 2_f64.powi(exponent - 25),
    };
    Ok(if bits & 0x8000 == 0 { size } else { -size })
}
