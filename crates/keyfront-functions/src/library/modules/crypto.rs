//! The module `crypto`: digests and message authentication codes of MD5, SHA-1 and SHA-256.
//!
//! njs has no other algorithms in it. njs's global `crypto` (Web Crypto) is not here.

use std::cell::RefCell;

use hmac::{Hmac, KeyInit, Mac};
use keyfront_domain::function::Runtime;
use md5::{Digest, Md5};
use rquickjs::atom::PredefinedAtom;
use rquickjs::object::Property;

use rquickjs::{Ctx, Exception, Object, Result, Value};
use sha1::Sha1;
use sha2::Sha256;

use super::encoding::Encoding;
use super::native::{Call, method};
use super::registry::Registry;
use super::{buffer, bytes, text};

/// Makes the module.
pub(super) fn make<'js>(ctx: &Ctx<'js>, runtime: Runtime) -> Result<Object<'js>> {
    let module = Object::new(ctx.clone())?;
    name(&module, "crypto")?;
    let functions: [(&str, Create); 2] = [("createHash", hash), ("createHmac", hmac)];
    for (name, create) in functions {
        let create =
            super::native::function(ctx, name, 0, move |call: &Call<'_, 'js>| create(call, runtime))?;
        module.prop(name, Property::from(create).writable().configurable().enumerable())?;
    }
    Ok(module)
}

type Create = for<'a, 'b, 'js> fn(&'a Call<'b, 'js>, Runtime) -> Result<Value<'js>>;

fn hash<'js>(call: &Call<'_, 'js>, runtime: Runtime) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let state = match algorithm(call)? {
        Algorithm::Md5 => State::Md5(Md5::new()),
        Algorithm::Sha1 => State::Sha1(Sha1::new()),
        Algorithm::Sha256 => State::Sha256(Sha256::new()),
    };
    object_of(ctx, runtime, HASH, state, hash)
}

fn hmac<'js>(call: &Call<'_, 'js>, runtime: Runtime) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let algorithm = algorithm(call)?;
    let key = data(call, runtime, "key", 1, Encoding::Utf8)?;
    let state = match algorithm {
        Algorithm::Md5 => Hmac::new_from_slice(&key).map(State::HmacMd5),
        Algorithm::Sha1 => Hmac::new_from_slice(&key).map(State::HmacSha1),
        Algorithm::Sha256 => Hmac::new_from_slice(&key).map(State::HmacSha256),
    };
    let state = state.map_err(|error| Exception::throw_message(ctx, &error.to_string()))?;
    object_of(ctx, runtime, "Hmac", state, hmac)
}

#[derive(Clone, Copy)]
enum Algorithm {
    Md5,
    Sha1,
    Sha256,
}

fn algorithm(call: &Call<'_, '_>) -> Result<Algorithm> {
    let ctx = call.ctx();
    let Some(name) = call.arg(0).into_string() else {
        return Err(Exception::throw_message(ctx, "algorithm must be a string"));
    };
    match text::of(ctx, &name)?.as_str() {
        "md5" => Ok(Algorithm::Md5),
        "sha1" => Ok(Algorithm::Sha1),
        "sha256" => Ok(Algorithm::Sha256),
        other => Err(Exception::throw_message(ctx, &format!("not supported algorithm: \"{other}\""))),
    }
}

/// What has been digested so far.
#[derive(Clone)]
enum State {
    Md5(Md5),
    Sha1(Sha1),
    Sha256(Sha256),
    HmacMd5(Hmac<Md5>),
    HmacSha1(Hmac<Sha1>),
    HmacSha256(Hmac<Sha256>),
}

impl State {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            State::Md5(state) => Digest::update(state, bytes),
            State::Sha1(state) => Digest::update(state, bytes),
            State::Sha256(state) => Digest::update(state, bytes),
            State::HmacMd5(state) => Mac::update(state, bytes),
            State::HmacSha1(state) => Mac::update(state, bytes),
            State::HmacSha256(state) => Mac::update(state, bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            State::Md5(state) => state.finalize().to_vec(),
            State::Sha1(state) => state.finalize().to_vec(),
            State::Sha256(state) => state.finalize().to_vec(),
            State::HmacMd5(state) => state.finalize().into_bytes().to_vec(),
            State::HmacSha1(state) => state.finalize().into_bytes().to_vec(),
            State::HmacSha256(state) => state.finalize().into_bytes().to_vec(),
        }
    }
}

/// What an object of `createHash` is called, which can be copied; one of `createHmac` cannot.
const HASH: &str = "Hash";

/// What `createHash` and `createHmac` give. As in njs, its methods are its own.
fn object_of<'js>(
    ctx: &Ctx<'js>,
    runtime: Runtime,
    kind: &'static str,
    state: State,
    create: Create,
) -> Result<Value<'js>> {
    let object = Object::new(ctx.clone())?;
    name(&object, kind)?;
    let state = std::rc::Rc::new(RefCell::new(Some(state)));
    if kind == HASH {
        let shared = state.clone();
        method(&object, "copy", 0, move |call: &Call<'_, 'js>| {
            check_this(call, kind)?;
            check_open(call, &shared)?;
            match shared.borrow().as_ref() {
                Some(state) => object_of(call.ctx(), runtime, kind, state.clone(), create),
                None => Ok(call.undefined()),
            }
        })?;
    }
    let shared = state.clone();
    method(&object, "update", 0, move |call: &Call<'_, 'js>| {
        check_this(call, kind)?;
        check_open(call, &shared)?;
        let bytes = update_data(call, runtime)?;
        if let Some(state) = shared.borrow_mut().as_mut() {
            state.update(&bytes);
        }
        Ok(call.this())
    })?;
    method(&object, "digest", 0, move |call: &Call<'_, 'js>| {
        check_this(call, kind)?;
        check_open(call, &state)?;
        let encoding = digest_encoding(call)?;
        let digest = state.take().map(State::finish).unwrap_or_default();
        match (encoding, runtime) {
            (Some(encoding), _) => text::to_js(call.ctx(), &encoding.encode(&digest)),
            (None, Runtime::Js1) => text::byte_string(call.ctx(), &digest),
            (None, Runtime::Js2) => {
                Ok(buffer::with_bytes(call.ctx(), &Registry::of(call.ctx())?, &digest)?.into_value())
            }
        }
    })?;
    method(&object, "constructor", 0, move |call: &Call<'_, 'js>| create(call, runtime))?;
    Ok(object.into_value())
}

/// The name that `Object.prototype.toString` gives an object.
fn name(object: &Object<'_>, name: &str) -> Result<()> {
    object.prop(PredefinedAtom::SymbolToStringTag, Property::from(name))
}

fn check_this<'js>(call: &Call<'_, 'js>, kind: &str) -> Result<()> {
    let tag = match call.this().as_object() {
        Some(object) => object.get::<_, Value<'js>>(PredefinedAtom::SymbolToStringTag)?,
        None => call.undefined(),
    };
    match tag.as_string() {
        Some(tag) if text::of(call.ctx(), tag)? == kind => Ok(()),
        Some(_) | None => {
            let message = format!("\"this\" is not a {} object", kind.to_ascii_lowercase());
            Err(Exception::throw_message(call.ctx(), &message))
        }
    }
}

fn check_open(call: &Call<'_, '_>, state: &RefCell<Option<State>>) -> Result<()> {
    if state.borrow().is_some() {
        Ok(())
    } else {
        Err(Exception::throw_message(call.ctx(), "Digest already called"))
    }
}

fn update_data(call: &Call<'_, '_>, runtime: Runtime) -> Result<Vec<u8>> {
    let encoding =
        if call.arg(0).is_string() { Encoding::argument(call.ctx(), &call.arg(1))? } else { Encoding::Utf8 };
    data(call, runtime, "data", 0, encoding)
}

/// The bytes that an argument is, be it a string or a typed array.
fn data(
    call: &Call<'_, '_>,
    runtime: Runtime,
    name: &str,
    place: usize,
    encoding: Encoding,
) -> Result<Vec<u8>> {
    let (ctx, value) = (call.ctx(), call.arg(place));
    let registry = Registry::of(ctx)?;
    let bytes = if let Some(string) = value.as_string() {
        let text = text::of(ctx, string)?;
        match (encoding, runtime) {
            (Encoding::Utf8, Runtime::Js1) => text::bytes_of_1_0(text),
            _ => encoding.decode(&text),
        }
    } else if let Some(bytes) = bytes::of_typed_array(ctx, &registry, &value)? {
        bytes
    } else {
        let message = format!("{name} is not a string or Buffer-like object");
        return Err(Exception::throw_message(ctx, &message));
    };
    Ok(bytes)
}

/// The encoding of a digest, which knows no UTF-8; none means bytes.
fn digest_encoding(call: &Call<'_, '_>) -> Result<Option<Encoding>> {
    let (ctx, value) = (call.ctx(), call.arg(0));
    if value.is_undefined() {
        return Ok(None);
    }
    let Some(name) = value.as_string() else {
        return Err(Exception::throw_message(ctx, "encoding must be a string"));
    };
    let name = text::of(ctx, name)?;
    match Encoding::named(&name) {
        Some(Encoding::Utf8) | None => {
            Err(Exception::throw_message(ctx, &format!("Unknown digest encoding: \"{name}\"")))
        }
        encoding => Ok(encoding),
    }
}
