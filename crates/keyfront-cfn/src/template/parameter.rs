//! Parameters of a template, and the values that they get.

use regex::Regex;
use serde_json::{Map, Value};

use crate::Mistake;

/// A parameter: its type and what it may be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameter {
    /// Such as `String`, `Number` or `CommaDelimitedList`.
    pub kind: String,
    /// The value that it has where none is given.
    pub default: Option<String>,
    /// Its value may not be shown.
    pub no_echo: bool,
    /// The values that it may have; empty when it may have any.
    pub allowed_values: Vec<String>,
    /// The pattern that a text must match as a whole.
    pub allowed_pattern: Option<String>,
    /// Least and greatest length of a text.
    pub length: (Option<f64>, Option<f64>),
    /// Least and greatest value of a number.
    pub value: (Option<f64>, Option<f64>),
    /// What the template says of a value that is not allowed.
    pub constraint_description: Option<String>,
}

impl Parameter {
    pub(super) fn read(members: &Map<String, Value>) -> Parameter {
        let text = |name: &str| members.get(name).and_then(text);
        let number = |name: &str| text(name).and_then(|text| text.parse().ok());
        let values = members.get("AllowedValues").and_then(Value::as_array);
        Parameter {
            kind: text("Type").unwrap_or_default(),
            default: text("Default"),
            no_echo: text("NoEcho").as_deref() == Some("true"),
            allowed_values: values.into_iter().flatten().filter_map(self::text).collect(),
            allowed_pattern: text("AllowedPattern"),
            length: (number("MinLength"), number("MaxLength")),
            value: (number("MinValue"), number("MaxValue")),
            constraint_description: text("ConstraintDescription"),
        }
    }

    /// Its value, from the text that was given or from its default.
    ///
    /// # Errors
    /// There is neither, or it is not allowed.
    pub fn value(&self, name: &str, given: Option<&str>) -> Result<Value, Mistake> {
        let mistake = |message: String| Mistake::new(format!("Parameters.{name}"), message);
        let from_store = self.kind.starts_with("AWS::SSM::Parameter::");
        let text = match (given, &self.default) {
            (Some(given), _) => given,
            (None, Some(_)) if from_store => {
                return Err(mistake(format!(
                    "its value is in the Parameter Store of Systems Manager, which is not asked here; give it with \
                     --parameter {name}=VALUE"
                )));
            }
            (None, Some(default)) => default,
            (None, None) => {
                return Err(mistake(format!("it has no default; give it with --parameter {name}=VALUE")));
            }
        };
        let is_list = self.kind == "CommaDelimitedList" || self.kind.contains("List<");
        if is_list {
            let items = text.split(',').map(str::trim).filter(|_| !text.is_empty());
            let items: Vec<&str> = items.collect();
            for item in &items {
                self.check(item).map_err(&mistake)?;
            }
            return Ok(items.into());
        }
        self.check(text).map_err(mistake)?;
        Ok(text.into())
    }

    /// What is wrong with one value. The value itself is not shown, because it may be secret.
    fn check(&self, text: &str) -> Result<(), String> {
        let within = |(least, most): (Option<f64>, Option<f64>), size: f64| {
            least.is_none_or(|least| size >= least) && most.is_none_or(|most| size <= most)
        };
        let length = f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
        let number = || text.trim().parse::<f64>().ok();
        let rule = if self.kind.contains("Number") && number().is_none() {
            "it must be a number".to_owned()
        } else if !self.allowed_values.is_empty() && !self.allowed_values.iter().any(|value| value == text) {
            format!("it must be one of {}", self.allowed_values.join(", "))
        } else if !within(self.length, length) {
            format!("its length must be {}", range(self.length))
        } else if self.value != (None, None) && !number().is_some_and(|number| within(self.value, number)) {
            format!("it must be {}", range(self.value))
        } else {
            match &self.allowed_pattern {
                None => return Ok(()),
                Some(pattern) => {
                    let whole = Regex::new(&format!("^(?:{pattern})$"));
                    let whole = whole
                        .map_err(|_error| format!("its AllowedPattern is not understood here: {pattern}"))?;
                    if whole.is_match(text) {
                        return Ok(());
                    }
                    format!("it must match {pattern}")
                }
            }
        };
        Err(match &self.constraint_description {
            Some(description) => format!("the value is not allowed: {rule} ({description})"),
            None => format!("the value is not allowed: {rule}"),
        })
    }
}

fn range((least, most): (Option<f64>, Option<f64>)) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("from {least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => "anything".to_owned(),
    }
}

/// A scalar as text, which is what CloudFormation makes of all of them.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
