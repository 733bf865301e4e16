//! Tables of the builtins that a modern engine has and njs does not, by runtime.
//!
//! The tables are the difference between the own properties of all objects of the language in QuickJS-ng and in njs.
//! What the engine's own methods look up, such as `RegExp.prototype[Symbol.match]`, is not in them: without it those
//! methods would fail.

use keyfront_domain::function::Runtime;

/// Properties of one object that njs does not have.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    /// The object: a dotted path of properties from the global object, which has the empty path. `%TypedArray%` is the
    /// constructor that all typed arrays inherit from, as in ECMAScript.
    pub holder: &'static str,
    /// The names of the properties.
    pub names: &'static [&'static str],
}

/// What a runtime does not have. Properties come before the object that holds them.
pub fn missing_builtins(runtime: Runtime) -> impl Iterator<Item = Missing> {
    let later: &[Missing] = match runtime {
        Runtime::Js1 => LATER_THAN_RUNTIME_1,
        Runtime::Js2 => &[],
    };
    LATER_THAN_NJS.iter().chain(later).copied()
}

const fn missing(holder: &'static str, names: &'static [&'static str]) -> Missing {
    Missing { holder, names }
}

const TYPED_ARRAY_PROTOTYPE: &str = "%TypedArray%.prototype";

/// What neither runtime has.
const LATER_THAN_NJS: &[Missing] = &[
    missing(
        "Iterator.prototype",
        &[
            "chunks", "drop", "every", "filter", "find", "flatMap", "forEach", "includes", "join", "map",
            "reduce", "some", "take", "toArray", "windows",
        ],
    ),
    missing("Array", &["fromAsync"]),
    missing(
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
    missing(
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
    missing(
        "DataView.prototype",
        &["getBigInt64", "getBigUint64", "getFloat16", "setBigInt64", "setBigUint64", "setFloat16"],
    ),
    missing("Date.prototype", &["getYear", "setYear", "toGMTString"]),
    missing("Function.prototype", &["columnNumber", "fileName", "lineNumber", "toString"]),
    missing("JSON", &["isRawJSON", "rawJSON"]),
    missing("Math", &["f16round", "sumPrecise"]),
    missing("Number.prototype", &["toLocaleString"]),
    missing("Object", &["fromEntries", "groupBy", "hasOwn"]),
    missing(
        "Object.prototype",
        &["__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "toLocaleString"],
    ),
    missing("Promise", &["try", "withResolvers"]),
    missing("RegExp.prototype", &["compile", "dotAll", "hasIndices", "unicode", "unicodeSets"]),
    missing("String", &["raw"]),
    missing(
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
    missing("Uint8Array", &["fromBase64", "fromHex"]),
    missing(
        TYPED_ARRAY_PROTOTYPE,
        &["at", "findLast", "findLastIndex", "toLocaleString", "toReversed", "toSorted", "with"],
    ),
    missing("Uint8Array.prototype", &["setFromBase64", "setFromHex", "toBase64", "toHex"]),
    missing(
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

/// What came between runtime 1.0 and 2.0 (AWS: "JavaScript runtime 2.0 features", the notes on what is new; for
/// iterators njs's list of changes).
const LATER_THAN_RUNTIME_1: &[Missing] = &[
    missing("Array", &["from"]),
    missing("Array.prototype", &["entries", "keys", "values"]),
    missing("Promise", &["all", "allSettled", "any", "race"]),
    // `flags` came later too, but the engine's `replace` reads it.
    missing("RegExp.prototype", &["sticky"]),
    missing("String.prototype", &["replaceAll"]),
    missing("Symbol", &["for", "keyFor"]),
    missing("%TypedArray%", &["from", "of"]),
    missing(
        TYPED_ARRAY_PROTOTYPE,
        &[
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
        ],
    ),
    missing("", &["AggregateError", "DataView"]),
];
