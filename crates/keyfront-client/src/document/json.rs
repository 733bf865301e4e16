//! Reads JSON: the import format and objects of pairs. An item of its list is also a line of NDJSON.
//!
//! Members are visited as they come: a map would hide that a key comes twice. serde's own errors about types
//! would quote values, so every type is taken here and judged by what the place wants.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::collect::Collector;
use super::position::{self, Positions};
use super::problem::{Position, ProblemKind, ValueType};
use super::shape::{Content, Item, Node, Root};

pub(super) fn read(text: &str, collector: &mut Collector<'_>) {
    let positions = Positions::new(text);
    let mut json = serde_json::Deserializer::from_reader(positions.reader(0..text.len()));
    let document = Value { positions: &positions, role: Role::Document(collector) };
    let outcome = document.deserialize(&mut json).and_then(|node| json.end().map(|()| node));
    match outcome {
        Ok(Node { content: Content::Read, .. }) => {}
        Ok(Node { content: Content::Text(_), place }) => collector.fault(place, ProblemKind::DocumentText),
        Ok(Node { content: Content::Other(kind), place }) => {
            collector.fault(place, ProblemKind::DocumentType(kind));
        }
        Err(error) => collector.fault(place_of(&error, text), syntax(&error)),
    }
}

/// serde_json's words without the place, which it counts in bytes.
pub(super) fn syntax(error: &serde_json::Error) -> ProblemKind {
    let message = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&suffix).unwrap_or(&message).to_owned();
    ProblemKind::Syntax { format: "JSON", message }
}

/// Where in the text reading stopped.
pub(super) fn place_of(error: &serde_json::Error, text: &str) -> Position {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    position::place_in(text.as_bytes(), before + error.column().saturating_sub(1))
}

/// What an object or a list is at the place that is read.
enum Role<'a, 'q> {
    /// An object or a list is the document.
    Document(&'a mut Collector<'q>),
    /// A list is the list of items.
    Items(&'a mut Collector<'q>),
    /// An object is an item.
    Item(&'a mut Collector<'q>),
    /// Neither belongs here.
    Text,
}

/// Reads what stands at one place.
pub(super) struct Value<'a, 'q> {
    positions: &'a Positions<'a>,
    role: Role<'a, 'q>,
}

impl<'a, 'q> Value<'a, 'q> {
    /// An item of the list.
    pub(super) fn item(positions: &'a Positions<'a>, collector: &'a mut Collector<'q>) -> Self {
        Value { positions, role: Role::Item(collector) }
    }

    /// A scalar other than a text. One byte more than a number is read to see its end, so the column is not
    /// known; the line is, because a line break belongs to the line that it ends.
    fn other(&self, kind: ValueType) -> Node {
        Node { place: self.positions.last_read().line_only(), content: Content::Other(kind) }
    }

    fn document<'de, A: MapAccess<'de>>(
        positions: &Positions<'_>,
        mut members: A,
        collector: &mut Collector<'_>,
    ) -> Result<(), A::Error> {
        let mut root = Root::default();
        while let Some(name) = members.next_key::<String>()? {
            let place = positions.string_start();
            let role = if Root::holds_items(&name) { Role::Items(collector) } else { Role::Text };
            let node = members.next_value_seed(Value { positions, role })?;
            root.member(place, name, node, collector);
        }
        root.finish(collector);
        Ok(())
    }

    fn items<'de, A: SeqAccess<'de>>(
        positions: &Positions<'_>,
        mut items: A,
        collector: &mut Collector<'_>,
    ) -> Result<(), A::Error> {
        while let Some(node) = items.next_element_seed(Value::item(positions, collector))? {
            node.expect_item(collector);
        }
        Ok(())
    }

    fn members_of_item<'de, A: MapAccess<'de>>(
        positions: &Positions<'_>,
        mut item: Item,
        mut members: A,
        collector: &mut Collector<'_>,
    ) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let place = positions.string_start();
            let node = members.next_value_seed(Value { positions, role: Role::Text })?;
            item.member(place, &name, node, collector);
        }
        item.finish(collector);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(self.other(ValueType::Null))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Node, E> {
        Ok(self.other(ValueType::Boolean))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Node, E> {
        Ok(self.other(ValueType::Number))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Node, E> {
        Ok(self.other(ValueType::Number))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Node, E> {
        Ok(self.other(ValueType::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node { place: self.positions.string_start(), content: Content::Text(text.to_owned()) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let Value { positions, role } = self;
        let place = positions.last_read();
        let content = match role {
            // `keyfront kvs ls --output json` prints a list without an object around it.
            Role::Items(collector) | Role::Document(collector) => {
                Self::items(positions, list, collector)?;
                Content::Read
            }
            Role::Item(_) | Role::Text => {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Content::Other(ValueType::List)
            }
        };
        Ok(Node { place, content })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let Value { positions, role } = self;
        let place = positions.last_read();
        let content = match role {
            Role::Document(collector) => {
                Self::document(positions, members, collector)?;
                Content::Read
            }
            Role::Item(collector) => {
                Self::members_of_item(positions, Item::new(place), members, collector)?;
                Content::Read
            }
            Role::Items(_) | Role::Text => {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Content::Other(ValueType::Object)
            }
        };
        Ok(Node { place, content })
    }
}
