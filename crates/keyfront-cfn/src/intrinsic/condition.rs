//! Conditions, which depend on parameters and mappings alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Known, Resources, Scope, Stop};
use crate::Mistake;
use crate::nearest;
use crate::template::Template;

/// Which conditions of a template hold.
///
/// # Errors
/// Every condition that has no value.
pub fn conditions(
    template: &Template,
    parameters: &BTreeMap<String, Value>,
    pseudo: &BTreeMap<&'static str, Value>,
    imports: &BTreeMap<String, Value>,
) -> Result<BTreeMap<String, bool>, Vec<Mistake>> {
    let none = BTreeMap::new();
    let scope = Scope { template, parameters, pseudo, imports, conditions: &none, resources: &NoResources };
    let mut judge = Judge { scope, known: BTreeMap::new(), open: BTreeSet::new() };
    let mut mistakes = Vec::new();
    for name in template.conditions.keys() {
        if let Err(mistake) = judge.named(name, &format!("Conditions.{name}")) {
            mistakes.push(mistake);
        }
    }
    if mistakes.is_empty() { Ok(judge.known) } else { Err(mistakes) }
}

/// A condition is judged before there are resources.
struct NoResources;

impl Resources for NoResources {
    fn value(&self, logical_id: &str, _attribute: Option<&str>) -> Known {
        Known::Never(format!(
            "a condition is judged before {logical_id} is made; it can refer to parameters and mappings"
        ))
    }
}

struct Judge<'s> {
    scope: Scope<'s>,
    known: BTreeMap<String, bool>,
    /// Those that are being judged, to find circles.
    open: BTreeSet<String>,
}

impl Judge<'_> {
    fn named(&mut self, name: &str, place: &str) -> Result<bool, Mistake> {
        if let Some(known) = self.known.get(name) {
            return Ok(*known);
        }
        let conditions = &self.scope.template.conditions;
        let Some(expression) = conditions.get(name) else {
            let hint = nearest::hint(name, conditions.keys().map(String::as_str));
            return Err(Mistake::new(place, format!("there is no condition {name}{hint}")));
        };
        if !self.open.insert(name.to_owned()) {
            return Err(Mistake::new(place, format!("the condition {name} depends on itself")));
        }
        let holds = self.holds(expression, &format!("Conditions.{name}"))?;
        self.open.remove(name);
        self.known.insert(name.to_owned(), holds);
        Ok(holds)
    }

    fn holds(&mut self, expression: &Value, place: &str) -> Result<bool, Mistake> {
        let form =
            "a condition is Fn::Equals, Fn::And, Fn::Or, Fn::Not or the name of another, under Condition";
        let members = expression.as_object().filter(|members| members.len() == 1);
        let Some((function, argument)) = members.and_then(|members| members.iter().next()) else {
            return Err(Mistake::new(place, form));
        };
        let place = format!("{place}.{function}");
        match (function.as_str(), argument) {
            ("Condition", Value::String(name)) => self.named(name, &place),
            ("Fn::Equals", Value::Array(sides)) => match sides.as_slice() {
                [left, right] => Ok(self.side(left, &place)? == self.side(right, &place)?),
                _ => Err(Mistake::new(place, "it takes two values")),
            },
            ("Fn::Not", Value::Array(operands)) => match operands.as_slice() {
                [operand] => Ok(!self.holds(operand, &place)?),
                _ => Err(Mistake::new(place, "it takes one condition")),
            },
            ("Fn::And" | "Fn::Or", Value::Array(operands)) => {
                if !(2..=10).contains(&operands.len()) {
                    return Err(Mistake::new(place, "it takes from two to ten conditions"));
                }
                let mut holds = Vec::new();
                for operand in operands {
                    holds.push(self.holds(operand, &place)?);
                }
                let all = function == "Fn::And";
                Ok(if all { holds.iter().all(|each| *each) } else { holds.contains(&true) })
            }
            _ => Err(Mistake::new(place, form)),
        }
    }

    /// A side of `Fn::Equals`. Scalars are compared as texts, which is what parameters are.
    fn side(&self, value: &Value, place: &str) -> Result<Value, Mistake> {
        match self.scope.some(value, place) {
            Ok(value) => Ok(super::text::scalar(&value).map_or(value, Value::from)),
            Err(Stop::Mistake(mistake)) => Err(mistake),
            Err(Stop::Later(logical_id)) => {
                Err(Mistake::new(place, format!("a condition cannot refer to {logical_id}")))
            }
        }
    }
}
