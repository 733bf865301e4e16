//! The `Condition` element: tests of a request's facts, all of which have to pass.

mod key;
mod operator;
mod value;

use ipnet::IpNet;

use self::key::{Key, Value};
use self::operator::{Family, Likeness, Operator, Order, Quantifier};
use self::value::Nanos;
use super::arn::ArnPattern;
use super::error::PolicyError;
use super::json::Json;
use super::pattern::{Case, Pattern, Syntax};
use super::request::{Context, Principal};

/// One operator on one key: `"StringLike": {"aws:ResourceTag/team": ["web", "edge-*"]}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    operator: Operator,
    key: Key,
    wanted: Wanted,
}

/// The policy's values; a value of the request matches when it matches one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Text(Vec<Pattern>, Case),
    Arn(Vec<ArnPattern>),
    Ip(Vec<IpNet>),
    Date(Order, Vec<Nanos>),
    Number(Order, Vec<Nanos>),
    Bool(Vec<bool>),
    /// Whether the key is to be absent.
    Null(Vec<bool>),
}

/// Reads a `Condition` element. `variables` says whether the policy's version has policy variables.
pub(super) fn parse(condition: Json, variables: bool) -> Result<Vec<Test>, PolicyError> {
    let mut tests: Vec<Test> = Vec::new();
    for (name, keys) in
        members(condition, "operators, such as {\"StringEquals\": {\"aws:username\": \"ann\"}}")?
    {
        let operator = Operator::parse(&name).map_err(|reason| PolicyError::refused(&name, reason))?;
        let expected = "condition keys with their values, such as {\"aws:username\": \"ann\"}";
        let keys = members(keys, expected).map_err(|error| error.within(&name))?;
        if keys.is_empty() {
            return Err(PolicyError::refused(name, format!("is empty; it holds {expected}")));
        }
        for (key, values) in keys {
            let test = Test::parse(operator, &key, values, variables)
                .map_err(|reason| PolicyError::refused(&key, reason).within(&name))?;
            if tests.iter().any(|other| other.operator == operator && other.key == test.key) {
                let reason = "comes twice, because the case of a key does not matter; merge the values";
                return Err(PolicyError::refused(key, reason).within(&name));
            }
            tests.push(test);
        }
    }
    Ok(tests)
}

fn members(json: Json, expected: &str) -> Result<Vec<(String, Json)>, PolicyError> {
    match json {
        Json::Object(members) => Ok(members.0),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Err(PolicyError::refused("", format!("is {}; it must be an object of {expected}", json.kind())))
        }
    }
}

impl Test {
    fn parse(operator: Operator, key: &str, values: Json, variables: bool) -> Result<Test, String> {
        let key = Key::parse(key)?;
        if let Some(fitting) = key.refuses(operator.family) {
            return Err(format!("this operator cannot read this key; use {fitting}"));
        }
        if key.is_multivalued() && operator.quantifier == Quantifier::One && operator.family != Family::Null {
            return Err(
                "the key has many values; write ForAllValues: or ForAnyValue: before the operator".to_owned()
            );
        }
        let wanted = Wanted::parse(operator.family, &texts(values)?, variables)?;
        Ok(Test { operator, key, wanted })
    }

    /// Whether it looks at the tags of the resource.
    pub(super) fn uses_resource_tags(&self) -> bool {
        matches!(self.key, Key::ResourceTag(_))
    }

    /// Whether a request passes.
    pub(super) fn passes(&self, context: &Context<'_>) -> bool {
        let mut values = self.key.values(context).peekable();
        let present = values.peek().is_some();
        if let Wanted::Null(absent) = &self.wanted {
            return absent.contains(&!present);
        }
        let Operator { quantifier, negated, if_exists, .. } = self.operator;
        let passes = |value| self.wanted.matches(value, &context.principal) != negated;
        match (quantifier, present) {
            (Quantifier::One | Quantifier::Any, true) => values.any(passes),
            (Quantifier::All, true) => values.all(passes),
            // A key that is not there matches nothing, so only a negated operator passes; no values at all
            // are all fine, and none of them is.
            (Quantifier::One, false) => if_exists || negated,
            (Quantifier::Any, false) => if_exists,
            (Quantifier::All, false) => true,
        }
    }
}

impl Wanted {
    fn parse(family: Family, texts: &[String], variables: bool) -> Result<Wanted, String> {
        let text_patterns = |wildcards| {
            texts
                .iter()
                .map(|text| Pattern::parse(text, Syntax { wildcards, variables }))
                .collect::<Result<_, _>>()
        };
        Ok(match family {
            Family::String(Likeness::Exact) => Wanted::Text(text_patterns(false)?, Case::Sensitive),
            Family::String(Likeness::IgnoreCase) => Wanted::Text(text_patterns(false)?, Case::Insensitive),
            Family::String(Likeness::Wildcards) => Wanted::Text(text_patterns(true)?, Case::Sensitive),
            Family::Arn => Wanted::Arn(
                texts.iter().map(|text| ArnPattern::parse(text, variables)).collect::<Result<_, _>>()?,
            ),
            Family::Ip => Wanted::Ip(read(
                texts,
                value::parse_range,
                "an address or a range such as 203.0.113.0/24 or 2001:db8::/32",
            )?),
            Family::Date(order) => Wanted::Date(
                order,
                read(
                    texts,
                    value::parse_instant,
                    "a date such as 2026-08-21T12:00:00Z, or seconds since 1970",
                )?,
            ),
            Family::Numeric(order) => {
                Wanted::Number(order, read(texts, value::parse_number, "a number such as 10 or -2.5")?)
            }
            Family::Bool => Wanted::Bool(read(texts, value::parse_bool, "true or false")?),
            Family::Null => Wanted::Null(read(texts, value::parse_bool, "true (absent) or false (present)")?),
        })
    }

    fn matches(&self, value: Value<'_>, principal: &Principal<'_>) -> bool {
        match self {
            Wanted::Text(patterns, case) => {
                value.text().is_some_and(|text| patterns.iter().any(|p| p.matches(text, principal, *case)))
            }
            Wanted::Arn(patterns) => {
                value.text().is_some_and(|arn| patterns.iter().any(|p| p.matches(arn, principal)))
            }
            Wanted::Ip(ranges) => value.ip().is_some_and(|ip| ranges.iter().any(|range| range.contains(&ip))),
            Wanted::Date(order, dates) => {
                value.instant().is_some_and(|instant| dates.iter().any(|date| order.holds(&instant, date)))
            }
            Wanted::Number(order, numbers) => {
                value.number().is_some_and(|value| numbers.iter().any(|number| order.holds(&value, number)))
            }
            Wanted::Bool(wanted) => value.bool().is_some_and(|value| wanted.contains(&value)),
            // Presence is decided before any value is looked at.
            Wanted::Null(_) => false,
        }
    }
}

/// The values of a key as texts: one, or an array of at least one.
fn texts(values: Json) -> Result<Vec<String>, String> {
    let values = match values {
        Json::Array(values) => values,
        one @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_)) => vec![one],
    };
    if values.is_empty() {
        return Err("has no values; write at least one".to_owned());
    }
    values
        .into_iter()
        .map(|value| match value {
            Json::String(text) | Json::Number(text) => Ok(text),
            Json::Bool(value) => Ok(value.to_string()),
            Json::Null | Json::Array(_) | Json::Object(_) => {
                Err(format!("has {} as a value; write strings, numbers or booleans", value.kind()))
            }
        })
        .collect()
}

fn read<T>(texts: &[String], parse: fn(&str) -> Option<T>, expected: &str) -> Result<Vec<T>, String> {
    texts.iter().map(|text| parse(text).ok_or_else(|| format!("`{text}` is not {expected}"))).collect()
}
