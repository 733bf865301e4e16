//! What the engine has and njs lacks, and the few globals that njs has and the engine lacks.
//!
//! The table is the difference between the own properties of all objects of the language in both engines. What the
//! engine's own methods look up, such as `RegExp.prototype[Symbol.match]`, stays: without it they would fail.

use keyfront_domain::function::Runtime;
use rquickjs::atom::PredefinedAtom;
use rquickjs::function::This;
use rquickjs::object::Property;
use rquickjs::{Ctx, Exception, Function, Object, Value};

use super::hidden;

/// A dotted path of properties from the global object, and what the object there has too much.
type Excess = (&'static str, &'static [&'static str]);

const LATER_THAN_NJS: &[Excess] = &[
    (
        "Iterator.prototype",
        &[
            "chunks", "drop", "every", "filter", "find", "flatMap", "forEach", "includes", "join", "map",
            "reduce", "some", "take", "toArray", "windows",
        ],
    ),
    ("Array", &["from", "fromAsync"]),
    (
        "Array.prototype",
        &[
            "at",
            "findLast",
            "findLastIndex",
            "flat",
            "flatMap",
            "toLocaleString",
            "toReversed",
            "toSorted",
            "toSpliced",
            "with",
        ],
    ),
    (
        "ArrayBuffer.prototype",
        &[
            "detached",
            "immutable",
            "maxByteLength",
            "resizable",
            "resize",
            "sliceToImmutable",
            "transfer",
            "transferToFixedLength",
            "transferToImmutable",
        ],
    ),
    (
        "DataView.prototype",
        &["getBigInt64", "getBigUint64", "getFloat16", "setBigInt64", "setBigUint64", "setFloat16"],
    ),
    ("Date.prototype", &["getYear", "setYear", "toGMTString"]),
    ("Function.prototype", &["columnNumber", "fileName", "lineNumber", "toString"]),
    ("JSON", &["isRawJSON", "rawJSON"]),
    ("Math", &["f16round", "sumPrecise"]),
    ("Number.prototype", &["toLocaleString"]),
    ("Object", &["fromEntries", "groupBy", "hasOwn"]),
    (
        "Object.prototype",
        &["__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "toLocaleString"],
    ),
    ("Promise", &["try", "withResolvers"]),
    ("RegExp.prototype", &["compile", "dotAll", "hasIndices", "unicode", "unicodeSets"]),
    ("String", &["raw"]),
    (
        "String.prototype",
        &[
            "anchor",
            "at",
            "big",
            "blink",
            "bold",
            "fixed",
            "fontcolor",
            "fontsize",
            "isWellFormed",
            "italics",
            "link",
            "localeCompare",
            "matchAll",
            "normalize",
            "small",
            "strike",
            "sub",
            "sup",
            "toLocaleLowerCase",
            "toLocaleUpperCase",
            "toWellFormed",
            "trimLeft",
            "trimRight",
        ],
    ),
    ("Uint8Array", &["fromBase64", "fromHex"]),
    ("Uint8Array.prototype", &["setFromBase64", "setFromHex", "toBase64", "toHex"]),
    (
        "",
        &[
            "AsyncDisposableStack",
            "Atomics",
            "BigInt",
            "BigInt64Array",
            "BigUint64Array",
            "DisposableStack",
            "Float16Array",
            "Iterator",
            "Reflect",
            "SharedArrayBuffer",
            "SuppressedError",
            "escape",
            "queueMicrotask",
            "unescape",
        ],
    ),
];

/// The methods of all typed arrays; their prototype has no path.
const TYPED_ARRAY_LATER_THAN_NJS: &[&str] =
    &["at", "findLast", "findLastIndex", "toLocaleString", "toReversed", "toSorted", "with"];

/// What came between runtime 1.0 and 2.0 (AWS: "JavaScript runtime 2.0 features", the notes on what is new; for
/// iterators njs's list of changes).
const LATER_THAN_RUNTIME_1: &[Excess] = &[
    ("Array.prototype", &["entries", "keys", "values"]),
    ("Promise", &["all", "allSettled", "any", "race"]),
    // `flags` came later too, but `replace` asks for it.
    ("RegExp.prototype", &["sticky"]),
    ("String.prototype", &["replaceAll"]),
    ("Symbol", &["for", "keyFor"]),
    ("", &["AggregateError", "DataView"]),
];

const TYPED_ARRAY_LATER_THAN_RUNTIME_1: &[&str] = &[
    "entries",
    "every",
    "filter",
    "find",
    "findIndex",
    "forEach",
    "includes",
    "indexOf",
    "keys",
    "lastIndexOf",
    "map",
    "reduce",
    "reduceRight",
    "reverse",
    "some",
    "values",
];

/// Takes away what the runtime lacks, and adds the globals that only njs has.
pub(super) fn take_away(ctx: &Ctx<'_>, runtime: Runtime) -> rquickjs::Result<()> {
    let globals = ctx.globals();
    let bytes: Object<'_> = globals.get("Uint8Array")?;
    let typed_array = bytes.get_prototype();
    remove(&globals, LATER_THAN_NJS)?;
    typed(typed_array.as_ref(), &[], TYPED_ARRAY_LATER_THAN_NJS)?;
    if runtime == Runtime::Js1 {
        remove(&globals, LATER_THAN_RUNTIME_1)?;
        typed(typed_array.as_ref(), &["from", "of"], TYPED_ARRAY_LATER_THAN_RUNTIME_1)?;
    }
    add(ctx, &globals)
}

fn remove(globals: &Object<'_>, table: &[Excess]) -> rquickjs::Result<()> {
    for (path, names) in table {
        let mut object = globals.clone();
        for step in path.split('.').filter(|step| !step.is_empty()) {
            object = object.get(step)?;
        }
        for name in *names {
            object.remove(*name)?;
        }
    }
    Ok(())
}

fn typed(constructor: Option<&Object<'_>>, statics: &[&str], methods: &[&str]) -> rquickjs::Result<()> {
    let Some(constructor) = constructor else { return Ok(()) };
    for name in statics {
        constructor.remove(*name)?;
    }
    let prototype: Object<'_> = constructor.get("prototype")?;
    for name in methods {
        prototype.remove(*name)?;
    }
    Ok(())
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

/// njs's ignores what it is told.
fn construct<'js>(ctx: Ctx<'js>, new_target: This<Value<'js>>) -> rquickjs::Result<Object<'js>> {
    let error = Exception::from_message(ctx, "")?.into_object();
    let prototype = match new_target.0.into_object() {
        Some(constructor) => constructor.get::<_, Option<Object<'js>>>("prototype")?,
        None => None,
    };
    error.set_prototype(prototype.as_ref())?;
    Ok(error)
}
