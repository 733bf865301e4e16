//! The structure that JSON and YAML documents share: an object of pairs, or the list of items under `data`.

use super::collect::Collector;
use super::problem::{Names, Position, ProblemKind, ValueType};

/// The one member of a document in the import format.
const DATA: &str = "data";

/// The member of a list of the service, as `aws cloudfront-keyvaluestore list-keys` prints it. Its items are written
/// `Key` and `Value`, as those of `keyfront kvs ls --output json` are.
const ITEMS: &str = "Items";

/// The member of such a list that has more behind it.
const NEXT_TOKEN: &str = "NextToken";

/// What stands at one place of a document, and where it begins.
pub(super) struct Node {
    pub(super) place: Position,
    pub(super) content: Content,
}

/// What a node is.
pub(super) enum Content {
    /// A text.
    Text(String),
    /// A list or an object that belongs here; what is in it has gone to the collector.
    Read,
    /// Something that does not belong here.
    Other(ValueType),
}

impl Node {
    /// Reports a node of the list that is not an item.
    pub(super) fn expect_item(self, collector: &mut Collector<'_>) {
        match self.content {
            Content::Read => {}
            Content::Text(_) => collector.fault(self.place, ProblemKind::ItemType("a text".to_owned())),
            Content::Other(kind) => collector.fault(self.place, ProblemKind::ItemType(kind.to_string())),
        }
    }
}

/// The outermost object while its members are read.
#[derive(Default)]
pub(super) struct Root {
    data: Option<Position>,
    others: Names,
}

impl Root {
    /// Whether a list under this name is a list of items.
    pub(super) fn holds_items(name: &str) -> bool {
        name == DATA || name == ITEMS
    }

    pub(super) fn member(
        &mut self,
        place: Position,
        name: String,
        node: Node,
        collector: &mut Collector<'_>,
    ) {
        let value = match node.content {
            Content::Read if self.data.is_some() => {
                return collector.fault(place, ProblemKind::RepeatedName(DATA));
            }
            // A part of a store would pass for the whole of it.
            Content::Text(_) if name == NEXT_TOKEN && self.data.is_some() => {
                return collector.fault(place, ProblemKind::PartOfAList);
            }
            Content::Read => {
                self.data = Some(place);
                return;
            }
            Content::Text(text) => Ok(text),
            Content::Other(kind) => Err(kind),
        };
        self.others.add(&name);
        collector.pair(place, name, value);
    }

    pub(super) fn finish(self, collector: &mut Collector<'_>) {
        if let Some(place) = self.data.filter(|_| !self.others.is_empty()) {
            collector.fault(place, ProblemKind::MixedMembers(self.others.to_string()));
        }
    }
}

/// One item of the list, or one line of NDJSON, while its members are read.
pub(super) struct Item {
    place: Position,
    key: Option<(Position, Result<String, ValueType>)>,
    value: Option<(Position, Result<String, ValueType>)>,
    unknown: Names,
}

impl Item {
    pub(super) fn new(place: Position) -> Self {
        Item { place, key: None, value: None, unknown: Names::default() }
    }

    /// `place` is where the name is.
    pub(super) fn member(&mut self, place: Position, name: &str, node: Node, collector: &mut Collector<'_>) {
        let (name, member) = match name {
            "key" | "Key" => ("key", &mut self.key),
            "value" | "Value" => ("value", &mut self.value),
            _ => return self.unknown.add(name),
        };
        let text = match node.content {
            _ if member.is_some() => return collector.fault(place, ProblemKind::RepeatedName(name)),
            Content::Text(text) => Ok(text),
            Content::Other(kind) => Err(kind),
            Content::Read => Err(ValueType::List),
        };
        *member = Some((node.place, text));
    }

    pub(super) fn finish(self, collector: &mut Collector<'_>) {
        if !self.unknown.is_empty() {
            let names = self.unknown.to_string();
            collector.fault(self.place, ProblemKind::UnknownNames { whole: "item", parts: "members", names });
        }
        for (name, member) in [("key", &self.key), ("value", &self.value)] {
            if member.is_none() {
                collector.fault(self.place, ProblemKind::MissingName { whole: "item", name });
            }
        }
        match (self.key, self.value) {
            (Some((place, Ok(key))), Some((_, value))) => collector.pair(place, key, value),
            (Some((place, Err(kind))), _) => collector.fault(place, ProblemKind::KeyType(kind)),
            (Some((_, Ok(_))) | None, _) => {}
        }
    }
}
