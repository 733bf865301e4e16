//! Names of the builtins of the engine and of the library, which all invocations of a function share.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The names of global objects and functions.
const GLOBALS: &str = "
    AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array
    BigUint64Array Boolean Buffer DOMException DataView Date DisposableStack Error EvalError
    FinalizationRegistry Float16Array Float32Array Float64Array Function Int16Array Int32Array
    Int8Array InternalError Iterator JSON Map Math MemoryError Number Object Promise Proxy
    RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol
    SyntaxError TextDecoder TextEncoder TypeError URIError Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray WeakMap WeakRef WeakSet atob btoa console crypto decodeURI decodeURIComponent
    encodeURI encodeURIComponent escape eval global globalThis isFinite isNaN njs parseFloat
    parseInt performance print process queueMicrotask require unescape
";

/// The names by which methods, which are objects themselves, are reached from any value.
const METHODS: &str = "
    __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ add adopt anchor apply at
    big bind blink bold bytesFrom call catch charAt charCodeAt chunks clear codePointAt compare
    compile concat copy copyWithin decode defer delete deref difference digest dispose disposeAsync
    drop encode endsWith entries equals every exec fill filter finally find findIndex findLast
    findLastIndex fixed flat flatMap fontcolor fontsize forEach fromBytes fromUTF8 get getBigInt64
    getBigUint64 getDate getDay getFloat16 getFloat32 getFloat64 getFullYear getHours getInt16
    getInt32 getInt8 getMilliseconds getMinutes getMonth getOrInsert getOrInsertComputed getSeconds
    getTime getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds
    getUTCMinutes getUTCMonth getUTCSeconds getUint16 getUint32 getUint8 getYear grow has
    hasOwnProperty includes indexOf intersection isDisjointFrom isPrototypeOf isSubsetOf
    isSupersetOf isWellFormed italics join keys lastIndexOf link localeCompare map match matchAll
    move next normalize now padEnd padStart pop propertyIsEnumerable push rawQueryString
    readDoubleBE readDoubleLE readFloatBE readFloatLE readInt16BE readInt16LE readInt32BE
    readInt32LE readInt8 readIntBE readIntLE readUInt16BE readUInt16LE readUInt32BE readUInt32LE
    readUInt8 readUIntBE readUIntLE reduce reduceRight register repeat replace replaceAll resize
    return reverse search set setBigInt64 setBigUint64 setDate setFloat16 setFloat32 setFloat64
    setFromBase64 setFromHex setFullYear setHours setInt16 setInt32 setInt8 setMilliseconds
    setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds
    setUTCMinutes setUTCMonth setUTCSeconds setUint16 setUint32 setUint8 setYear shift slice
    sliceToImmutable small some sort splice split startsWith strike sub subarray substr substring
    sup swap16 swap32 swap64 symmetricDifference take test then throw toArray toBase64 toBytes
    toDateString toExponential toFixed toGMTString toHex toISOString toJSON toLocaleDateString
    toLocaleLowerCase toLocaleString toLocaleTimeString toLocaleUpperCase toLowerCase toPrecision
    toReversed toSorted toSpliced toString toTimeString toUTCString toUTF8 toUpperCase toWellFormed
    transfer transferToFixedLength transferToImmutable trim trimEnd trimLeft trimRight trimStart
    union unregister unshift update use valueOf values windows with write writeDoubleBE
    writeDoubleLE writeFloatBE writeFloatLE writeInt16BE writeInt16LE writeInt32BE writeInt32LE
    writeInt8 writeIntBE writeIntLE writeUInt16BE writeUInt16LE writeUInt32BE writeUInt32LE
    writeUInt8 writeUIntBE writeUIntLE
";

/// Methods that change the object they are called on.
pub(super) const CHANGING: [&str; 12] = [
    "push",
    "pop",
    "shift",
    "unshift",
    "splice",
    "sort",
    "reverse",
    "fill",
    "copyWithin",
    "compile",
    "__defineGetter__",
    "__defineSetter__",
];

/// Methods that call a function they get and do not keep it.
pub(super) const CALLING: [&str; 16] = [
    "map",
    "filter",
    "forEach",
    "some",
    "every",
    "find",
    "findIndex",
    "sort",
    "reduce",
    "reduceRight",
    "then",
    "catch",
    "finally",
    "replace",
    "replaceAll",
    "split",
];

/// Functions that are passed to such methods.
pub(super) const CALLED: [&str; 11] = [
    "Number",
    "String",
    "Boolean",
    "parseInt",
    "parseFloat",
    "isNaN",
    "isFinite",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
];

/// Whether a name is that of a global object or function.
pub(super) fn is_global(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| GLOBALS.split_ascii_whitespace().collect());
    NAMES.contains(name)
}

/// Whether a name is that of a method which some value inherits.
pub(super) fn is_method(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| METHODS.split_ascii_whitespace().collect());
    NAMES.contains(name)
}

/// Whether a name is that of a method which lists or dates inherit, and which does not give way to one of their own.
/// Names that headers and parameters are likely to have are not among them.
pub(super) fn is_method_of_lists_or_dates(name: &str) -> bool {
    const LISTS: [&str; 27] = [
        "concat",
        "copyWithin",
        "entries",
        "every",
        "fill",
        "filter",
        "find",
        "findIndex",
        "forEach",
        "includes",
        "indexOf",
        "keys",
        "lastIndexOf",
        "map",
        "pop",
        "push",
        "reduce",
        "reduceRight",
        "reverse",
        "shift",
        "slice",
        "some",
        "sort",
        "splice",
        "subarray",
        "unshift",
        "values",
    ];
    let of_dates = ["get", "set", "to"].into_iter().any(|verb| {
        let rest = name.strip_prefix(verb).and_then(|rest| rest.chars().next());
        rest.is_some_and(|first| first.is_ascii_uppercase())
    });
    LISTS.contains(&name) || (of_dates && !matches!(name, "toString" | "toJSON"))
}
