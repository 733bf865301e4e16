//! Attributes and blocks of a resource, with what is not known of them before Terraform applies.

use serde_json::Value;

/// Stands in for a text that is not known.
const UNKNOWN: &str = "(known after apply)";

/// Places of the configuration that are not known.
#[derive(Default)]
pub(super) struct Unknown(Vec<String>);

impl Unknown {
    pub(super) fn into_vec(self) -> Vec<String> {
        self.0
    }
}

/// The attributes of a resource or a block.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'t> {
    values: &'t Value,
    /// `true` in the place of what is not known, in the form of the values.
    unknown: &'t Value,
}

impl<'t> Attributes<'t> {
    pub(super) fn new(values: &'t Value, unknown: &'t Value) -> Attributes<'t> {
        Attributes { values, unknown }
    }

    /// A text, empty where none is given. `place` is where the configuration has it.
    pub(super) fn text(&self, name: &str, place: &str, unknown: &mut Unknown) -> String {
        if self.is_unknown(name) {
            unknown.0.push(place.to_owned());
            return UNKNOWN.to_owned();
        }
        self.values.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// A text that the provider computes where none is given: until then it is not known and sent empty.
    pub(super) fn computed_text(&self, name: &str, place: &str, unknown: &mut Unknown) -> String {
        let text = self.text(name, place, unknown);
        if self.is_unknown(name) { String::new() } else { text }
    }

    /// A flag, not set where none is given.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.values.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A number, 0 where none is given.
    pub(super) fn number(&self, name: &str, place: &str, unknown: &mut Unknown) -> i64 {
        if self.is_unknown(name) {
            unknown.0.push(place.to_owned());
        }
        self.computed_number(name)
    }

    /// A number that the provider computes where none is given: until then it is sent as 0.
    pub(super) fn computed_number(&self, name: &str) -> i64 {
        self.values.get(name).and_then(Value::as_i64).unwrap_or_default()
    }

    /// A block of which there is at most one.
    pub(super) fn block(&self, name: &str) -> Option<Attributes<'t>> {
        self.blocks(name).into_iter().next()
    }

    /// Blocks. Those of a set are in the order in which Terraform shows them.
    pub(super) fn blocks(&self, name: &str) -> Vec<Attributes<'t>> {
        let unknown = self.unknown.get(name);
        let blocks = self.values.get(name).and_then(Value::as_array).into_iter().flatten().enumerate();
        blocks
            .filter(|(_, block)| block.is_object())
            .map(|(index, values)| {
                let unknown = unknown.and_then(|unknown| unknown.get(index)).unwrap_or(&Value::Null);
                Attributes { values, unknown }
            })
            .collect()
    }

    /// The items of a list or a set, none where they are not known. `place` is where the configuration has the list.
    pub(super) fn items(&self, name: &str, place: &str, unknown: &mut Unknown) -> Vec<Value> {
        let not_known = self.unknown.get(name);
        let items = self.values.get(name).and_then(Value::as_array).into_iter().flatten().enumerate();
        let items: Vec<Value> = items
            .map(|(index, item)| {
                if not_known.and_then(|list| list.get(index)) == Some(&Value::Bool(true)) {
                    unknown.0.push(format!("{place}.Items[{index}]"));
                    return Value::from(UNKNOWN);
                }
                item.clone()
            })
            .collect();
        if self.is_unknown(name) {
            unknown.0.push(place.to_owned());
        }
        items
    }

    fn is_unknown(&self, name: &str) -> bool {
        self.unknown.get(name) == Some(&Value::Bool(true))
    }
}
