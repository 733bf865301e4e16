//! Checks a decoded input against the constraints of its shapes: required members, lengths, ranges,
//! patterns, enumerations.
//!
//! All violations are reported together, in the service's words.

mod path;

use keyfront_error::{Code, ServiceError};
use serde_json::{Map, Value};

use self::path::Path;
use crate::model::{Kind, Location, Operation, Protocol, Service, Shape, ShapeId, Structure};

/// Violations named in one message; a long list of bad items must not become a long answer.
const MAX_REPORTED: usize = 20;

/// Characters of a value that a message shows, for the same reason. It is more than any name has.
const MAX_SHOWN: usize = 1100;

/// A value that its shape does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where it is, as the service writes places: `distributionConfig.origins.items.1.member.id`.
    pub path: String,
    /// What the service says of it.
    pub message: String,
}

/// The violations found so far: all are counted, the first are worded.
struct Violations {
    count: usize,
    /// How many are worded.
    limit: usize,
    reported: Vec<Violation>,
}

impl Violations {
    fn new(limit: usize) -> Violations {
        Violations { count: 0, limit, reported: Vec::new() }
    }

    /// All of them in one refusal, if there are any.
    fn refusal(self, protocol: Protocol) -> Result<(), ServiceError> {
        let Violations { count, reported, .. } = self;
        if count == 0 {
            return Ok(());
        }
        let code = match protocol {
            Protocol::RestXml => Code::MalformedXML,
            Protocol::RestJson => Code::ValidationException,
        };
        let noun = if count == 1 { "error" } else { "errors" };
        let messages: Vec<_> = reported.iter().map(|violation| violation.message.as_str()).collect();
        Err(ServiceError::with(code, format!("{count} validation {noun} detected: {}", messages.join("; "))))
    }

    fn add(&mut self, path: &Path<'_>, words: impl FnOnce() -> String) {
        self.count += 1;
        if self.reported.len() < self.limit {
            self.reported.push(Violation { path: path.to_string(), message: words() });
        }
    }
}

impl Service {
    /// Checks the input of `operation`.
    ///
    /// # Errors
    /// `MalformedXML` on the control plane and `ValidationException` on the data plane, with every
    /// violation in one message.
    pub fn check(&self, operation: &Operation, input: &Map<String, Value>) -> Result<(), ServiceError> {
        self.look_at(operation, input, MAX_REPORTED).refusal(self.protocol)
    }

    /// Everything in the input of `operation` that its shapes do not allow, however much it is.
    pub fn violations(&self, operation: &Operation, input: &Map<String, Value>) -> Vec<Violation> {
        self.look_at(operation, input, usize::MAX).reported
    }

    fn look_at(&self, operation: &Operation, input: &Map<String, Value>, limit: usize) -> Violations {
        let mut violations = Violations::new(limit);
        let structure = operation.input.as_ref().and_then(|input| self.shape(input.shape).structure());
        if let Some(structure) = structure {
            self.check_structure(structure, input, &Path::Root, &mut violations);
        }
        violations
    }

    fn check_structure(
        &self,
        structure: &Structure,
        held: &Map<String, Value>,
        path: &Path<'_>,
        violations: &mut Violations,
    ) {
        for member in &structure.members {
            let path = Path::Member(path, member.name);
            match held.get(member.name) {
                Some(value) => self.check_value(member.shape, value, &path, violations),
                // Without If-Match the control plane answers InvalidIfMatchVersion, also where its model
                // requires the header (aws/aws-sdk#576); the operation says so itself.
                None if self.protocol == Protocol::RestXml && member.location == Location::Header => {}
                None if member.required => violations.add(&path, || missing(&path)),
                None => {}
            }
        }
    }

    fn check_item(&self, id: ShapeId, value: &Value, path: &Path<'_>, violations: &mut Violations) {
        if value.is_null() {
            violations.add(path, || missing(path));
        } else {
            self.check_value(id, value, path, violations);
        }
    }

    fn check_value(&self, id: ShapeId, value: &Value, path: &Path<'_>, violations: &mut Violations) {
        let shape = self.shape(id);
        match (&shape.kind, value) {
            (Kind::Structure(structure), Value::Object(held)) => {
                self.check_structure(structure, held, path, violations);
            }
            (Kind::List { item, .. }, Value::Array(items)) => {
                check_length(shape, items.len(), value, path, violations);
                for (index, held) in items.iter().enumerate() {
                    self.check_item(*item, held, &Path::Item(path, index), violations);
                }
            }
            (Kind::String, Value::String(text)) => check_text(shape, text, value, path, violations),
            (Kind::Blob, Value::String(text)) => {
                check_length(shape, decoded_length(text), value, path, violations);
            }
            (Kind::Integer | Kind::Long | Kind::Float, Value::Number(number)) => {
                check_bounds(shape, "value", number.as_f64().unwrap_or(f64::MAX), value, path, violations);
            }
            _ => {}
        }
    }
}

/// The check of list items that are read one by one and not kept.
pub(crate) struct ItemCheck<'s> {
    service: &'s Service,
    violations: Violations,
}

impl<'s> ItemCheck<'s> {
    pub(crate) fn new(service: &'s Service) -> ItemCheck<'s> {
        ItemCheck { service, violations: Violations::new(MAX_REPORTED) }
    }

    /// Whether an item, counted from zero, of the list `name` satisfies its shape.
    pub(crate) fn passes(&mut self, name: &str, index: usize, item: ShapeId, value: &Value) -> bool {
        let before = self.violations.count;
        let list = Path::Member(&Path::Root, name);
        self.service.check_item(item, value, &Path::Item(&list, index), &mut self.violations);
        self.violations.count == before
    }

    /// What [`Service::check`] says of the same violations.
    pub(crate) fn finish(self) -> Result<(), ServiceError> {
        self.violations.refusal(self.service.protocol)
    }
}

fn missing(path: &Path<'_>) -> String {
    format!("Value null at '{path}' failed to satisfy constraint: Member must not be null")
}

fn check_text(shape: &Shape, text: &str, value: &Value, path: &Path<'_>, violations: &mut Violations) {
    check_length(shape, text.chars().count(), value, path, violations);
    if let Some(pattern) = shape.pattern.as_ref().filter(|pattern| !pattern.matches(text)) {
        let rule = format!("Member must satisfy regular expression pattern: {}", pattern.text);
        violate(shape, value, path, &rule, violations);
    }
    if !shape.values.is_empty() && !shape.values.contains(&text) {
        let rule = format!("Member must satisfy value set: [{}]", shape.values.join(", "));
        violate(shape, value, path, &rule, violations);
    }
}

/// How many bytes a base64 text stands for: three travel as four characters, the last ones perhaps padded.
fn decoded_length(text: &str) -> usize {
    let padding = text.len() - text.trim_end_matches('=').len();
    (text.len() / 4 * 3).saturating_sub(padding)
}

fn check_length(shape: &Shape, length: usize, value: &Value, path: &Path<'_>, violations: &mut Violations) {
    let length = f64::from(u32::try_from(length).unwrap_or(u32::MAX));
    check_bounds(shape, "length", length, value, path, violations);
}

fn check_bounds(
    shape: &Shape,
    of: &str,
    size: f64,
    value: &Value,
    path: &Path<'_>,
    violations: &mut Violations,
) {
    if let Some(max) = shape.max.filter(|max| size > *max) {
        violate(
            shape,
            value,
            path,
            &format!("Member must have {of} less than or equal to {max}"),
            violations,
        );
    }
    if let Some(min) = shape.min.filter(|min| size < *min) {
        violate(
            shape,
            value,
            path,
            &format!("Member must have {of} greater than or equal to {min}"),
            violations,
        );
    }
}

/// Words one violation. The value of a sensitive shape is not shown, nor that of anything but a scalar.
fn violate(shape: &Shape, value: &Value, path: &Path<'_>, rule: &str, violations: &mut Violations) {
    violations.add(path, || {
        let shown = match value {
            Value::String(text) if !shape.sensitive => format!("Value '{}'", shortened(text)),
            Value::Number(number) => format!("Value '{number}'"),
            Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                "Value".to_owned()
            }
        };
        format!("{shown} at '{path}' failed to satisfy constraint: {rule}")
    });
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests;
