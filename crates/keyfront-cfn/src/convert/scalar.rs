//! Scalars. CloudFormation takes a number or a boolean as text, and a text as a number.

use base64::Engine as _;
use keyfront_wire::model::Kind;
use serde_json::{Number, Value};

use crate::resource_type::PropertyKind;

/// A scalar of a property's type in the form that the API has for it.
///
/// # Errors
/// What it must be.
pub(super) fn convert(property: PropertyKind, kind: &Kind, value: &Value) -> Result<Value, &'static str> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return Err(wanted(property)),
    };
    let is_of_type = match property {
        PropertyKind::Integer => integer(&text).is_some(),
        PropertyKind::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        PropertyKind::Boolean => matches!(text.as_str(), "true" | "false"),
        PropertyKind::String | PropertyKind::Object | PropertyKind::Array => true,
    };
    if !is_of_type {
        return Err(wanted(property));
    }
    match kind {
        Kind::String | Kind::Timestamp => Ok(text.into()),
        Kind::Blob => Ok(base64::engine::general_purpose::STANDARD.encode(text).into()),
        Kind::Integer | Kind::Long => integer(&text).map(Value::from).ok_or("a whole number"),
        Kind::Float => {
            let number = text.parse().ok().and_then(Number::from_f64);
            number.map(Value::Number).ok_or("a number")
        }
        Kind::Boolean => Ok((text == "true").into()),
        Kind::Structure(_) | Kind::List { .. } => Err("in the form that the API has"),
    }
}

/// A whole number, also where it is written with a fraction of zero.
fn integer(text: &str) -> Option<i64> {
    let whole = text.split_once('.').filter(|(_, fraction)| fraction.bytes().all(|digit| digit == b'0'));
    whole.map_or(text, |(whole, _)| whole).parse().ok()
}

fn wanted(property: PropertyKind) -> &'static str {
    match property {
        PropertyKind::Object => "an object",
        PropertyKind::Array => "a list",
        PropertyKind::String => "a text",
        PropertyKind::Integer => "a whole number",
        PropertyKind::Number => "a number",
        PropertyKind::Boolean => "true or false",
    }
}
