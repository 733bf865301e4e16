//! Translates the engine's error messages to njs's.
//!
//! Where njs tells more than the engine does, the program's source is looked up; what the source does not tell either,
//! such as the type of a value, is taken to be the most frequent case.

use super::{ErrorOrigin, ProgramSource};

/// njs's text for an error that the engine made; `None` where it is the same or not known.
pub(super) fn of_njs(name: &str, text: &str, origin: &ErrorOrigin<'_, '_>) -> Option<String> {
    match name {
        "TypeError" => with_names(text, origin)
            .or_else(|| calls(text, origin))
            .or_else(|| objects(text, origin))
            .or_else(|| exact(TYPE_ERRORS, text)),
        "ReferenceError" => reference(text),
        "RangeError" => digits(text, origin).or_else(|| exact(RANGE_ERRORS, text)),
        "URIError" => exact(URI_ERRORS, text),
        _ => None,
    }
}

/// The engine's text and njs's, where one follows from the other.
type Texts = &'static [(&'static str, &'static str)];

fn exact(table: Texts, text: &str) -> Option<String> {
    table.iter().find(|(engine, _)| *engine == text).map(|(_, njs)| (*njs).to_owned())
}

const TYPE_ERRORS: Texts = &[
    ("ArrayBuffer object expected", "buffer is not an ArrayBuffer"),
    ("Cannot convert undefined or null to object", "cannot convert undefined argument to object"),
    (
        "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute",
        "Cannot both specify accessors and a value or writable attribute",
    ),
    ("Promise object expected", "required a promise object"),
    ("Property description must be an object", "descriptor is not an object"),
    ("RegExp object expected", "\"this\" argument is not a regexp"),
    ("cannot convert symbol to number", "Cannot convert a Symbol value to a number"),
    ("cannot convert symbol to string", "Cannot convert a Symbol value to a string"),
    ("circular prototype chain", "Cyclic __proto__ value"),
    ("circular reference", "Nested too deep or a cyclic structure"),
    ("empty array", "Reduce of empty object with no initial value"),
    ("eval is not supported", "function constructor is disabled in \"safe\" mode"),
    ("invalid 'instanceof' right operand", "right argument is not callable"),
    ("invalid property access", "\"caller\", \"callee\", \"arguments\" properties may not be accessed"),
    ("not a Date object", "cannot convert object to date"),
    ("not a boolean", "unexpected value type:object"),
    ("not a number", "unexpected value type:object"),
    ("not a object", "second argument is not an array-like object"),
    ("not a symbol", "is not a symbol"),
    ("null or undefined are forbidden", "cannot convert undefined to object"),
    ("object prototype may only be an Object or null", "prototype may only be an object or null: undefined"),
    ("toPrimitive", "Cannot convert object to primitive value"),
];

const RANGE_ERRORS: Texts = &[
    ("Date value is NaN", "Invalid time value"),
    ("invalid array buffer length", "invalid index"),
    ("invalid array index", "invalid index"),
    ("invalid array length", "Invalid array length"),
    ("invalid code point", ""),
    ("invalid repeat count", ""),
    ("invalid string length", ""),
    ("toString() radix argument must be between 2 and 36", ""),
];

const URI_ERRORS: Texts = &[
    ("expecting %%", "malformed URI"),
    ("expecting hex digit", "malformed URI"),
    ("malformed UTF-8", "malformed URI"),
];

/// Texts with the name of a property or a variable in them.
fn with_names(text: &str, origin: &ErrorOrigin<'_, '_>) -> Option<String> {
    if let Some((key, of)) = between(text, "cannot read property '", "' of ") {
        return Some(format!("cannot get property \"{key}\" of {of}"));
    }
    if let Some((_, of)) = between(text, "cannot set property '", "' of ") {
        return Some(format!("property set on primitive {of} type"));
    }
    let (name, nothing) = between(text, "'", "' is read-only")?;
    if !nothing.is_empty() {
        return None;
    }
    if origin.look_up(|source, _, _| source.is_constant(name).then_some(())).is_some() {
        return Some(String::from("assignment to constant variable"));
    }
    let is_element = name == "length" || name.bytes().all(|digit| digit.is_ascii_digit());
    let of = if is_element { "array" } else { "object" };
    Some(format!("Cannot assign to read-only property \"{name}\" of {of}"))
}

fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(before)?.rsplit_once(behind)
}

/// Calls of values that are not functions.
fn calls(text: &str, origin: &ErrorOrigin<'_, '_>) -> Option<String> {
    if text == "not a constructor" || text.ends_with(" is not a constructor") {
        return Some(String::from("function is not a constructor"));
    }
    let native = origin.native();
    if text == "must be called with new" {
        return Some(match native? {
            "Promise" => String::from("the Promise constructor must be called with new"),
            "DataView" => String::from("Constructor of DataView requires 'new'"),
            "ArrayBuffer" => String::from("Constructor ArrayBuffer requires 'new'"),
            _ => String::from("Constructor of TypedArray requires 'new'"),
        });
    }
    if text != "not a function" {
        return None;
    }
    Some(match native {
        Some("sort") => String::from("comparefn must be callable or undefined"),
        Some("Promise") => String::from("unexpected arguments"),
        Some("from") => String::from("\"mapfn\" argument is not callable"),
        Some("apply" | "bind" | "call") => String::from("\"this\" argument is not a function"),
        Some(_) => String::from("callback argument is not callable"),
        None => match origin.look_up(|source, line, column| source.callee(origin.ctx, line, column)) {
            Some(property) => format!("(intermediate value)[\"{property}\"] is not a function"),
            None => String::from("undefined is not a function"),
        },
    })
}

/// Objects that cannot be changed, and values that should have been objects.
fn objects(text: &str, origin: &ErrorOrigin<'_, '_>) -> Option<String> {
    let target = || origin.look_up(ProgramSource::written_property).unwrap_or_default();
    let native = origin.native();
    Some(match (text, native) {
        ("invalid 'in' operand", _) => {
            let of = origin.look_up(ProgramSource::in_operand_type).unwrap_or("undefined");
            format!("property \"in\" on primitive {of} type")
        }
        ("not an object", None) => String::from("property set on primitive string type"),
        ("not an object", Some("defineProperty" | "defineProperties")) => {
            format!("Object.{} is called on non-object", native.unwrap_or_default())
        }
        ("not an object", Some("resolve" | "reject")) => String::from("this value is not an object"),
        ("not an object", Some("setPrototypeOf" | "getPrototypeOf" | "getOwnPropertyNames")) => {
            String::from("cannot convert undefined argument to object")
        }
        ("not an object", Some("toString" | "test" | "exec")) => {
            String::from("\"this\" argument is not an object")
        }
        ("Cannot convert undefined or null to object", None) => {
            format!("cannot get property \"{}\" of undefined", target())
        }
        ("Cannot convert undefined or null to object", Some(native)) if !TELL_THE_TYPE.contains(&native) => {
            String::from("cannot convert null or undefined to object")
        }
        ("object is not extensible", None) => {
            format!("Cannot add property \"{}\", object is not extensible", target())
        }
        ("could not delete property", None) => format!("Cannot delete property \"{}\" of object", target()),
        ("no setter for property", None) => {
            format!("Cannot set property \"{}\" of object which has only a getter", target())
        }
        _ => return None,
    })
}

/// njs's functions that tell `undefined` from `null` when they complain.
const TELL_THE_TYPE: &[&str] = &[
    "entries",
    "freeze",
    "getOwnPropertyDescriptor",
    "getOwnPropertyDescriptors",
    "getOwnPropertyNames",
    "getOwnPropertySymbols",
    "getPrototypeOf",
    "hasOwnProperty",
    "keys",
    "setPrototypeOf",
    "values",
];

fn reference(text: &str) -> Option<String> {
    if let Some(name) = text.strip_suffix(" is not defined") {
        return (!name.starts_with('"')).then(|| format!("\"{name}\" is not defined"));
    }
    text.ends_with(" is not initialized")
        .then(|| String::from("cannot access variable before initialization"))
}

fn digits(text: &str, origin: &ErrorOrigin<'_, '_>) -> Option<String> {
    if text != "invalid number of digits" {
        return None;
    }
    Some(String::from(match origin.native() {
        Some("toPrecision") => "precision argument must be between 1 and 100",
        _ => "digits argument must be between 0 and 100",
    }))
}
