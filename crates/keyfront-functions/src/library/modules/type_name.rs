//! Names of types as njs's messages have them.

use rquickjs::{Result, Value};

use super::bytes;
use super::registry::Registry;

/// The name of a value's type.
pub(super) fn of<'js>(registry: &Registry<'js>, value: &Value<'js>) -> &'static str {
    if value.is_undefined() {
        "undefined"
    } else if value.is_null() {
        "null"
    } else if value.is_bool() {
        "boolean"
    } else if value.is_number() {
        "number"
    } else if value.is_symbol() {
        "symbol"
    } else if value.is_string() {
        "string"
    } else {
        // If that cannot be found out, it is an object.
        of_object(registry, value).unwrap_or("object")
    }
}

fn of_object<'js>(registry: &Registry<'js>, value: &Value<'js>) -> Result<&'static str> {
    let Some(object) = value.as_object() else { return Ok("object") };
    if object.is_array() {
        return Ok("array");
    }
    if object.is_function() {
        return Ok("function");
    }
    if object.is_promise() {
        return Ok("promise");
    }
    if bytes::typed_array_size(object).is_some() {
        return Ok("typed array");
    }
    if bytes::array_buffer_size(value).is_some() {
        return Ok("array buffer");
    }
    if bytes::is_data_view(registry, object)? {
        return Ok("");
    }
    let globals = object.ctx().globals();
    for (constructor, kind) in [("RegExp", "regexp"), ("Date", "date")] {
        if object.is_instance_of(globals.get::<_, Value<'js>>(constructor)?) {
            return Ok(kind);
        }
    }
    Ok("object")
}
