//! Checks a decoded input against the constraints of its shapes: required members, lengths, ranges,
//! patterns, enumerations.
//!
//! Violations are reported together, in the service's order and words.

mod path;
mod words;

use keyfront_error::{Code, ServiceError};
use serde_json::{Map, Value};

use self::path::Path;
use crate::model::{Kind, Location, Operation, Protocol, Service, Shape, ShapeId, Structure};
use crate::quirks;

/// Violations named in one message. The service finds no more (captures of CreateFunction of 2026-10 in MiniStack's
/// tests).
const MAX_REPORTED: usize = 10;

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
    /// Whether the lack of a header is one.
    misses_headers: bool,
    reported: Vec<Violation>,
}

impl Violations {
    fn new(limit: usize) -> Violations {
        Violations { count: 0, limit, misses_headers: true, reported: Vec::new() }
    }

    /// All of them in one refusal, if there are any.
    fn refusal(self, protocol: Protocol) -> Result<(), ServiceError> {
        let reported = self.reported;
        let count = reported.len();
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
    /// `MalformedXML` on the control plane and `ValidationException` on the data plane, with the first ten
    /// violations in one message.
    pub fn check(&self, operation: &Operation, input: &Map<String, Value>) -> Result<(), ServiceError> {
        self.look_at(operation, input, MAX_REPORTED).refusal(self.protocol)
    }

    /// Everything in the input of `operation` that its shapes do not allow, however much it is.
    pub fn violations(&self, operation: &Operation, input: &Map<String, Value>) -> Vec<Violation> {
        self.look_at(operation, input, usize::MAX).reported
    }

    fn look_at(&self, operation: &Operation, input: &Map<String, Value>, limit: usize) -> Violations {
        let misses_headers = self.protocol == Protocol::RestJson || quirks::misses_headers(operation.name);
        let mut violations = Violations { misses_headers, ..Violations::new(limit) };
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
        for member in structure.in_order_of_checks() {
            let path = Path::Member(path, member.name);
            match held.get(member.name) {
                Some(value) => self.check_value(member.shape, value, &path, violations),
                // The operation says so itself.
                None if member.location == Location::Header && !violations.misses_headers => {}
                None if member.required => {
                    violations.add(&path, || words::missing(&path, self.shape(member.shape)));
                }
                None => {}
            }
        }
    }

    fn check_item(&self, id: ShapeId, value: &Value, path: &Path<'_>, violations: &mut Violations) {
        if value.is_null() {
            violations.add(path, || words::missing(path, self.shape(id)));
        } else {
            self.check_value(id, value, path, violations);
        }
    }

    /// The control plane says of a list of scalars what it has to say of any of them.
    fn check_scalars(&self, item: ShapeId, items: &[Value], path: &Path<'_>, violations: &mut Violations) {
        let mut of_items = Violations::new(0);
        for held in items {
            self.check_item(item, held, path, &mut of_items);
        }
        if of_items.count > 0 {
            let shape = self.shape(item);
            let words = || words::broken(&words::shown_list(shape, items), path, &words::all_rules(shape));
            violations.add(path, words);
        }
    }

    fn is_scalar(&self, id: ShapeId) -> bool {
        !matches!(self.shape(id).kind, Kind::Structure(_) | Kind::List { .. })
    }

    fn check_value(&self, id: ShapeId, value: &Value, path: &Path<'_>, violations: &mut Violations) {
        let shape = self.shape(id);
        match (&shape.kind, value) {
            (Kind::Structure(structure), Value::Object(held)) => {
                self.check_structure(structure, held, path, violations);
            }
            (Kind::List { item, .. }, Value::Array(items)) => {
                check_length(shape, items.len(), value, path, violations);
                if self.protocol == Protocol::RestXml && self.is_scalar(*item) {
                    return self.check_scalars(*item, items, path, violations);
                }
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

fn check_text(shape: &Shape, text: &str, value: &Value, path: &Path<'_>, violations: &mut Violations) {
    check_length(shape, text.chars().count(), value, path, violations);
    if let Some(pattern) = shape.pattern.as_ref().filter(|pattern| !pattern.matches(text)) {
        violate(shape, value, path, &words::matching(&pattern.text), violations);
    }
    if !shape.values.is_empty() && !shape.values.contains(&text) {
        violate(shape, value, path, &words::one_of(shape), violations);
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
        violate(shape, value, path, &words::at_most(of, max), violations);
    }
    if let Some(min) = shape.min.filter(|min| size < *min) {
        violate(shape, value, path, &words::at_least(of, min), violations);
    }
}

fn violate(shape: &Shape, value: &Value, path: &Path<'_>, rule: &str, violations: &mut Violations) {
    violations.add(path, || words::broken(&words::shown(shape, value), path, rule));
}

#[cfg(test)]
mod tests;
