//! The walk over a value, and the functions that it meets.

use base64::Engine as _;
use serde_json::{Map, Value};

use super::text::{Piece, pieces, scalar};
use super::{Known, Scope, Stop, placeholder};
use crate::Mistake;
use crate::nearest;

/// The value of an expression; nothing for `AWS::NoValue`.
type Evaluated = Result<Option<Value>, Stop>;

fn mistake<T>(place: &str, message: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Mistake(Mistake::new(place, message)))
}

/// The function that an object calls, with its argument.
pub(super) fn call(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut each = members.iter();
    let (name, argument) = each.next().filter(|_| members.len() == 1)?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name.as_str(), argument))
}

impl Scope<'_> {
    /// Evaluates a node. With `hold`, an expression that is known later becomes a placeholder here and stops nothing else.
    pub(super) fn node(&self, value: &Value, place: &str, hold: bool) -> Evaluated {
        match value {
            Value::Object(members) => {
                let Some((function, argument)) = call(members) else {
                    return self.object(members, place, hold);
                };
                match self.function(function, argument, place) {
                    Err(Stop::Later(logical_id)) if hold => Ok(Some(placeholder(&logical_id))),
                    evaluated => evaluated,
                }
            }
            Value::Array(items) => {
                let mut evaluated = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    evaluated.extend(self.node(item, &format!("{place}[{index}]"), hold)?);
                }
                Ok(Some(Value::Array(evaluated)))
            }
            Value::String(text) if text.contains("{{resolve:") => mistake(
                place,
                "AWS resolves {{resolve:…}} within CloudFormation, which is not asked here; put a parameter in its \
                 place and give it with --parameter",
            ),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(Some(value.clone())),
        }
    }

    fn object(&self, members: &Map<String, Value>, place: &str, hold: bool) -> Evaluated {
        let mut evaluated = Map::new();
        for (name, value) in members {
            if let Some(value) = self.node(value, &format!("{place}.{name}"), hold)? {
                evaluated.insert(name.clone(), value);
            }
        }
        Ok(Some(Value::Object(evaluated)))
    }

    fn function(&self, function: &str, argument: &Value, place: &str) -> Evaluated {
        let here = format!("{place}.{function}");
        let place = here.as_str();
        match function {
            "Ref" => match argument.as_str() {
                Some(name) => self.reference(name, place),
                None => mistake(place, "it takes the name of a parameter or a resource"),
            },
            "Fn::GetAtt" => self.attribute(argument, place).map(Some),
            "Fn::Sub" => self.substituted(argument, place).map(Some),
            "Fn::Join" => self.joined(argument, place).map(Some),
            "Fn::Select" => self.selected(argument, place).map(Some),
            "Fn::Split" => self.split(argument, place).map(Some),
            "Fn::If" => self.chosen(argument, place),
            "Fn::FindInMap" => self.found(argument, place),
            "Fn::ImportValue" => self.imported(argument, place).map(Some),
            "Fn::Base64" => {
                let text = self.text(argument, place)?;
                Ok(Some(base64::engine::general_purpose::STANDARD.encode(text).into()))
            }
            "Fn::ToJsonString" => {
                let value = self.node(argument, place, false)?.unwrap_or_default();
                Ok(Some(value.to_string().into()))
            }
            "Fn::Length" => Ok(Some(self.list(argument, place)?.len().into())),
            "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" => {
                mistake(place, "it stands in Conditions; name the condition in Fn::If")
            }
            other => mistake(place, format!("{other} is not evaluated here; write its value out")),
        }
    }

    /// The value of a function that gives something.
    pub(super) fn some(&self, value: &Value, place: &str) -> Result<Value, Stop> {
        match self.node(value, place, false)? {
            Some(value) => Ok(value),
            None => mistake(place, "AWS::NoValue leaves out a member or an item, and has no value here"),
        }
    }

    pub(super) fn text(&self, value: &Value, place: &str) -> Result<String, Stop> {
        let value = self.some(value, place)?;
        scalar(&value).map_or_else(|| mistake(place, "a text is needed here"), Ok)
    }

    fn list(&self, value: &Value, place: &str) -> Result<Vec<Value>, Stop> {
        match self.some(value, place)? {
            Value::Array(items) => Ok(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                mistake(place, "a list is needed here")
            }
        }
    }

    fn reference(&self, name: &str, place: &str) -> Evaluated {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(value) = self.parameters.get(name).or_else(|| self.pseudo.get(name)) {
            return Ok(Some(value.clone()));
        }
        self.known(name, None, place).map(Some)
    }

    /// What a resource is known by.
    fn known(&self, logical_id: &str, attribute: Option<&str>, place: &str) -> Result<Value, Stop> {
        if !self.template.resources.contains_key(logical_id) {
            let names = self.template.resources.keys().chain(self.template.parameters.keys());
            let names = names.map(String::as_str).chain(self.pseudo.keys().copied());
            let hint = nearest::hint(logical_id, names);
            return mistake(place, format!("the template has no {logical_id}{hint}"));
        }
        match self.resources.value(logical_id, attribute) {
            Known::Value(value) => Ok(value),
            Known::Later => Err(Stop::Later(logical_id.to_owned())),
            Known::Never(why) => mistake(place, why),
        }
    }

    fn attribute(&self, argument: &Value, place: &str) -> Result<Value, Stop> {
        let form = "it takes a logical id and an attribute, such as Site.DomainName";
        let (logical_id, attribute) = match argument {
            Value::String(text) => match text.split_once('.') {
                Some((logical_id, attribute)) => (logical_id.to_owned(), attribute.to_owned()),
                None => return mistake(place, form),
            },
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(logical_id), attribute] => (logical_id.clone(), self.text(attribute, place)?),
                _ => return mistake(place, form),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                return mistake(place, form);
            }
        };
        self.known(&logical_id, Some(&attribute), place)
    }

    fn substituted(&self, argument: &Value, place: &str) -> Result<Value, Stop> {
        let none = Map::new();
        let (pattern, variables) = match argument {
            Value::String(pattern) => (pattern.as_str(), &none),
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(pattern)] => (pattern.as_str(), &none),
                [Value::String(pattern), Value::Object(variables)] => (pattern.as_str(), variables),
                _ => return mistake(place, "it takes a text, or a text and an object of variables"),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                return mistake(place, "it takes a text, or a text and an object of variables");
            }
        };
        let mut out = String::new();
        for piece in pieces(pattern) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Literal(name) => out.push_str(&format!("${{{name}}}")),
                Piece::Variable(name) => match (variables.get(name), name.split_once('.')) {
                    (Some(value), _) => out.push_str(&self.text(value, place)?),
                    (None, Some((logical_id, attribute))) => {
                        let value = self.known(logical_id, Some(attribute), place)?;
                        out.push_str(&self.text(&value, place)?);
                    }
                    (None, None) => match self.reference(name, place)? {
                        Some(value) => out.push_str(&self.text(&value, place)?),
                        None => return mistake(place, "AWS::NoValue has no text"),
                    },
                },
            }
        }
        Ok(out.into())
    }

    fn joined(&self, argument: &Value, place: &str) -> Result<Value, Stop> {
        let Some([Value::String(separator), items]) = argument.as_array().map(Vec::as_slice) else {
            return mistake(place, "it takes a separator and a list");
        };
        let items = self.list(items, place)?;
        let texts: Result<Vec<String>, Stop> = items.iter().map(|item| self.text(item, place)).collect();
        Ok(texts?.join(separator).into())
    }

    fn selected(&self, argument: &Value, place: &str) -> Result<Value, Stop> {
        let Some([index, items]) = argument.as_array().map(Vec::as_slice) else {
            return mistake(place, "it takes an index and a list");
        };
        let index = self.text(index, place)?;
        let items = self.list(items, place)?;
        let item = index.parse::<usize>().ok().and_then(|index| items.get(index));
        match item {
            Some(item) => Ok(item.clone()),
            None => mistake(place, format!("there is no item {index} in a list of {}", items.len())),
        }
    }

    fn split(&self, argument: &Value, place: &str) -> Result<Value, Stop> {
        let Some([Value::String(separator), text]) = argument.as_array().map(Vec::as_slice) else {
            return mistake(place, "it takes a separator and a text");
        };
        let text = self.text(text, place)?;
        Ok(text.split(separator.as_str()).collect::<Vec<_>>().into())
    }

    fn chosen(&self, argument: &Value, place: &str) -> Evaluated {
        let Some([Value::String(condition), yes, no]) = argument.as_array().map(Vec::as_slice) else {
            return mistake(place, "it takes the name of a condition and two values");
        };
        match self.conditions.get(condition) {
            Some(true) => self.node(yes, place, false),
            Some(false) => self.node(no, place, false),
            None => {
                let hint = nearest::hint(condition, self.conditions.keys().map(String::as_str));
                mistake(place, format!("there is no condition {condition}{hint}"))
            }
        }
    }

    fn found(&self, argument: &Value, place: &str) -> Evaluated {
        let (keys, default) = match argument.as_array().map(Vec::as_slice) {
            Some([map, first, second]) => ([map, first, second], None),
            Some([map, first, second, Value::Object(more)]) => {
                ([map, first, second], more.get("DefaultValue"))
            }
            _ => return mistake(place, "it takes the name of a mapping and two keys"),
        };
        let mut found = Some(&Value::Null);
        let mut path = Vec::new();
        for (depth, key) in keys.into_iter().enumerate() {
            let key = self.text(key, place)?;
            found = match (depth, found) {
                (0, _) => self.template.mappings.get(&key),
                (_, found) => found.and_then(|found| found.get(&key)),
            };
            path.push(key);
        }
        match (found, default) {
            (Some(value), _) => Ok(Some(value.clone())),
            (None, Some(default)) => self.node(default, place, false),
            (None, None) => mistake(place, format!("the mappings have no {}", path.join("."))),
        }
    }

    fn imported(&self, argument: &Value, place: &str) -> Result<Value, Stop> {
        let name = self.text(argument, place)?;
        match self.imports.get(&name) {
            Some(value) => Ok(value.clone()),
            None => mistake(
                place,
                format!(
                    "no stack of this project exports {name}; deploy the one that does, or give the value with \
                     --import-value {name}=VALUE"
                ),
            ),
        }
    }
}
