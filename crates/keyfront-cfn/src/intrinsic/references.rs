//! Which names an expression refers to.

use std::collections::BTreeSet;

use serde_json::Value;

use super::evaluate::call;
use super::text::{Piece, pieces};

/// The names of the parameters and resources that a value refers to, by `Ref`, `Fn::GetAtt` and `Fn::Sub`.
pub(crate) fn references(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            match call(members) {
                Some(("Ref", Value::String(name))) => {
                    found.insert(name.clone());
                }
                Some(("Fn::GetAtt", Value::String(text))) => {
                    found.extend(text.split('.').next().map(str::to_owned));
                }
                Some(("Fn::GetAtt", Value::Array(parts))) => {
                    found.extend(parts.first().and_then(Value::as_str).map(str::to_owned));
                }
                Some(("Fn::Sub", Value::String(text))) => variables(text, found),
                Some(("Fn::Sub", Value::Array(parts))) => {
                    if let Some(Value::String(text)) = parts.first() {
                        let mut names = BTreeSet::new();
                        variables(text, &mut names);
                        let own = parts.get(1).and_then(Value::as_object);
                        found.extend(
                            names.into_iter().filter(|name| own.is_none_or(|own| !own.contains_key(name))),
                        );
                    }
                }
                Some(_) | None => {}
            }
            members.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn variables(text: &str, found: &mut BTreeSet<String>) {
    found.extend(pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Variable(name) => name.split('.').next().map(str::to_owned),
        Piece::Text(_) | Piece::Literal(_) => None,
    }));
}
