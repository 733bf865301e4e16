//! Shapes: the types of the model.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;

/// Position of a shape in its service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeId(pub(super) usize);

/// A type with its constraints.
#[derive(Debug)]
pub struct Shape {
    /// Its name in the model.
    pub name: &'static str,
    /// What it is made of.
    pub kind: Kind,
    /// Least length of a string, list or blob; least value of a number.
    pub min: Option<f64>,
    /// Greatest length or value.
    pub max: Option<f64>,
    /// Pattern that a string must match as a whole.
    pub pattern: Option<Pattern>,
    /// The values that a string may have; empty when it may have any.
    pub values: Vec<&'static str>,
    /// The value may not be shown in a message or a log.
    pub sensitive: bool,
}

/// What a shape is made of.
#[derive(Debug)]
pub enum Kind {
    /// Named members.
    Structure(Structure),
    /// A list of one shape.
    List {
        /// The shape of an item.
        item: ShapeId,
        /// The element name of an item in XML.
        element: &'static str,
        /// Items stand in the parent itself, without a wrapper.
        flattened: bool,
        /// It may be too long for a tree of values; see [`Service::each_item`](crate::Service::each_item).
        streaming: bool,
    },
    /// Text.
    String,
    /// 32-bit integer.
    Integer,
    /// 64-bit integer.
    Long,
    /// Floating point.
    Float,
    /// `true` or `false`.
    Boolean,
    /// Bytes, base64 in documents.
    Blob,
    /// A moment.
    Timestamp,
}

/// The members of a structure.
#[derive(Debug, Default)]
pub struct Structure {
    /// In the model's order.
    pub members: Vec<Member>,
    /// The positions of the members in the order in which the service looks at them.
    pub(super) looked_at: Vec<usize>,
    /// The member that is the whole body.
    pub payload: Option<usize>,
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name in the model.
    pub name: &'static str,
    /// Its shape.
    pub shape: ShapeId,
    /// Where it travels.
    pub location: Location,
    /// Its name there.
    pub wire_name: &'static str,
    /// It must be present.
    pub required: bool,
}

/// Where a member travels in an HTTP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the body.
    Body,
    /// As a label of the path.
    Uri,
    /// In the query string.
    Query,
    /// As a header.
    Header,
}

/// A pattern, compiled when first needed: most requests need none, and none costs memory before.
#[derive(Debug)]
pub struct Pattern {
    /// As the model writes it.
    pub text: Cow<'static, str>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(text: Cow<'static, str>) -> Pattern {
        Pattern { text, compiled: OnceLock::new() }
    }

    /// Whether the whole of `value` matches.
    pub fn matches(&self, value: &str) -> bool {
        let whole = || Regex::new(&format!("^(?:{})$", self.text)).ok();
        // A pattern that does not compile cannot refuse a request; a test proves that all of them compile.
        self.compiled.get_or_init(whole).as_ref().is_none_or(|regex| regex.is_match(value))
    }

    /// Whether the pattern is one that this implementation understands.
    pub fn compiles(&self) -> bool {
        Regex::new(&self.text).is_ok()
    }
}

impl Shape {
    /// The members, where the shape is a structure.
    pub fn structure(&self) -> Option<&Structure> {
        match &self.kind {
            Kind::Structure(structure) => Some(structure),
            Kind::List { .. }
            | Kind::String
            | Kind::Integer
            | Kind::Long
            | Kind::Float
            | Kind::Boolean
            | Kind::Blob
            | Kind::Timestamp => None,
        }
    }
}

impl Structure {
    /// The members that travel in the body, when no single member is the payload.
    pub fn body_members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.location == Location::Body)
    }

    /// All members, in the order in which the service looks at them.
    pub fn in_order_of_checks(&self) -> impl Iterator<Item = &Member> {
        self.looked_at.iter().filter_map(|position| self.members.get(*position))
    }

    /// The member that is the whole body.
    pub fn payload(&self) -> Option<&Member> {
        self.payload.and_then(|index| self.members.get(index))
    }
}

/// Stands in for an id that belongs to another service, which the loader never makes.
pub(super) static UNKNOWN: Shape = Shape {
    name: "",
    kind: Kind::Structure(Structure { members: Vec::new(), looked_at: Vec::new(), payload: None }),
    min: None,
    max: None,
    pattern: None,
    values: Vec::new(),
    sensitive: false,
};
