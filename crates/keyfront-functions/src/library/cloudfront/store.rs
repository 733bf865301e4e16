//! `cf.kvs`: the key value store that is associated with the function (AWS: "Helper methods for key value stores").

#![expect(
    clippy::needless_pass_by_value,
    reason = "the engine calls functions with values, never with references"
)]

use rquickjs::convert::Coerced;
use rquickjs::function::{Constructor, FuncArg, Opt};
use rquickjs::object::Property;
use rquickjs::{Ctx, Error, Exception, Function, IntoJs, Object, Value};

use super::super::{language, modules};
use super::{Freeze, with_state};
use crate::case::ANY_STORE;
use crate::pair_reader::{PairReader, StoreMeta};

/// `cf.kvs`. Handles that it gives have the store's methods from their prototype, which is its own property.
pub(super) fn opener<'js>(ctx: &Ctx<'js>, freeze: &Freeze<'js>) -> rquickjs::Result<Function<'js>> {
    let methods = Object::new(ctx.clone())?;
    for (name, method) in [
        ("get", Function::new(ctx.clone(), get)?),
        ("exists", Function::new(ctx.clone(), exists)?),
        ("meta", Function::new(ctx.clone(), meta)?),
    ] {
        let method = method.with_name(name)?;
        freeze.apply(&method)?;
        methods.prop(name, Property::from(method).enumerable())?;
    }
    freeze.apply(&methods)?;
    let opener = Function::new(ctx.clone(), open)?.with_name("kvs")?;
    opener.prop("prototype", methods)?;
    freeze.apply(&opener)?;
    Ok(opener)
}

/// `cf.kvs(id?)`.
fn open<'js>(
    ctx: Ctx<'js>,
    opener: FuncArg<Function<'js>>,
    id: Opt<Value<'js>>,
) -> rquickjs::Result<Object<'js>> {
    let id = id.0.filter(|id| !id.is_undefined());
    let id = id.map(|id| id.get::<Coerced<String>>()).transpose()?;
    let associated = with_state(&ctx, |state| Ok(state.store.as_ref().map(|store| store.id.clone())))?;
    match (associated, id) {
        (None, _) => return Err(no_store(&ctx)),
        (Some(associated), Some(Coerced(id))) if id != associated && associated != ANY_STORE => {
            let text = format!(
                "the key value store {id} is not associated with the function; the one that is associated with it \
                 is {associated}"
            );
            return Err(Exception::throw_message(&ctx, &text));
        }
        (Some(_), _) => {}
    }
    Object::new_proto(ctx, Some(&opener.0.get("prototype")?))
}

fn no_store(ctx: &Ctx<'_>) -> Error {
    let text = "no key value store is associated with the function; associate one in its configuration \
                (KeyValueStoreAssociations)";
    Exception::throw_message(ctx, text)
}

/// `get(key, {format}?)`.
fn get<'js>(ctx: Ctx<'js>, key: Opt<Value<'js>>, options: Opt<Value<'js>>) -> rquickjs::Result<Value<'js>> {
    let found = found(&ctx, key.0, options.0);
    settled(&ctx, found)
}

/// `exists(key)`.
fn exists<'js>(ctx: Ctx<'js>, key: Opt<Value<'js>>) -> rquickjs::Result<Value<'js>> {
    let exists = key_of(&ctx, key.0).and_then(|key| {
        let exists = |pairs: &dyn PairReader| key.is_some_and(|key| pairs.contains(&key));
        Ok(Value::new_bool(ctx.clone(), read(&ctx, exists)?))
    });
    settled(&ctx, exists)
}

/// `meta()`.
fn meta(ctx: Ctx<'_>) -> rquickjs::Result<Value<'_>> {
    let meta = read(&ctx, |pairs| pairs.meta());
    let meta = meta.and_then(|StoreMeta { keys, created_ms, modified_ms }| {
        let meta = Object::new(ctx.clone())?;
        meta.set("keyCount", keys)?;
        meta.set("creationDateTime", date(&ctx, created_ms)?)?;
        meta.set("lastUpdatedDateTime", date(&ctx, modified_ms)?)?;
        Ok(meta.into_value())
    });
    settled(&ctx, meta)
}

/// How a value is given.
enum Format {
    String,
    Json,
    Bytes,
}

fn found<'js>(
    ctx: &Ctx<'js>,
    key: Option<Value<'js>>,
    options: Option<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let key = key_of(ctx, key)?;
    let format = format_of(ctx, options)?;
    let value = read(ctx, |pairs| key.and_then(|key| pairs.get(&key)))?;
    let value = value.ok_or_else(|| Exception::throw_message(ctx, "KeyNotFound"))?;
    match format {
        Format::String => (&*value).into_js(ctx),
        Format::Json => language::parse_json(ctx, &value),
        Format::Bytes => modules::buffer_from(ctx, value.as_bytes()),
    }
}

/// The key as text, whatever it is given as. Nothing for text that is not well-formed: no store has such a key.
fn key_of<'js>(ctx: &Ctx<'js>, key: Option<Value<'js>>) -> rquickjs::Result<Option<String>> {
    let key = key.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
    let Coerced(key) = key.get::<Coerced<rquickjs::String<'js>>>()?;
    match key.to_string() {
        Ok(key) => Ok(Some(key)),
        Err(Error::Utf8(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn format_of<'js>(ctx: &Ctx<'js>, options: Option<Value<'js>>) -> rquickjs::Result<Format> {
    let Some(options) = options.as_ref().and_then(Value::as_object) else { return Ok(Format::String) };
    let format: Value<'js> = options.get("format")?;
    if format.is_undefined() {
        return Ok(Format::String);
    }
    match &*format.get::<Coerced<String>>()?.0 {
        "string" => Ok(Format::String),
        "json" => Ok(Format::Json),
        "bytes" => Ok(Format::Bytes),
        other => {
            let text = format!("the format {other} is not supported; use \"string\", \"json\" or \"bytes\"");
            Err(Exception::throw_message(ctx, &text))
        }
    }
}

/// Reads the store once.
fn read<T>(ctx: &Ctx<'_>, read: impl FnOnce(&dyn PairReader) -> T) -> rquickjs::Result<T> {
    with_state(ctx, |state| {
        let Some(store) = &state.store else { return Err(no_store(ctx)) };
        state.store_reads.set(state.store_reads.get().saturating_add(1));
        Ok(read(&*store.pairs))
    })
}

fn date<'js>(ctx: &Ctx<'js>, epoch_ms: i64) -> rquickjs::Result<Value<'js>> {
    let date: Constructor<'js> = ctx.globals().get("Date")?;
    // As a number: the engine's numbers hold the milliseconds of 285,000 years exactly.
    date.construct((epoch_ms,))
}

/// A promise that is settled: with the value, or with what was thrown instead.
fn settled<'js>(ctx: &Ctx<'js>, result: rquickjs::Result<Value<'js>>) -> rquickjs::Result<Value<'js>> {
    let (settle, value, promise) = match result {
        Ok(value) => {
            let (promise, resolve, _) = ctx.promise()?;
            (resolve, value, promise)
        }
        Err(Error::Exception) => {
            let thrown = ctx.catch();
            if thrown.is_uncatchable_error() {
                return Err(ctx.throw(thrown));
            }
            let (promise, _, reject) = ctx.promise()?;
            (reject, thrown, promise)
        }
        Err(error) => return Err(error),
    };
    settle.call::<_, ()>((value,))?;
    Ok(promise.into_value())
}
