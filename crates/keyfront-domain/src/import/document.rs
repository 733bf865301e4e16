//! Parses an import document pair by pair, without a tree of values.
//!
//! serde's own type errors quote the value they found, and a value must not reach a log; so the visitor
//! here names the place and the two types, and leaves that in `Reader::error` for [`read`] to return.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Pair;
use super::error::{self, ImportError};
use crate::{Quotas, pairs};

/// Reads the pairs of a document; a key may still come twice.
pub(super) fn read(text: &str, quotas: &Quotas) -> Result<Vec<Pair>, ImportError> {
    let mut reader = Reader { quotas, pairs: Vec::new(), total_bytes: 0, error: None };
    let mut json = serde_json::Deserializer::from_str(text);
    let outcome = Node { reader: &mut reader, place: Position::Document }.deserialize(&mut json);
    let outcome = outcome.and_then(|_| json.end());
    match (reader.error, outcome) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(ImportError::NotJson(error.to_string())),
        (None, Ok(())) => Ok(reader.pairs),
    }
}

/// What has been read so far.
struct Reader<'q> {
    quotas: &'q Quotas,
    pairs: Vec<Pair>,
    total_bytes: u64,
    /// The reason why reading stopped, when it is not serde's.
    error: Option<ImportError>,
}

impl Reader<'_> {
    fn add(&mut self, key: String, value: String) -> Result<(), ImportError> {
        let index = self.pairs.len();
        let (key_bytes, value_bytes) = (error::size(key.len()), error::size(value.len()));
        if key.is_empty() {
            return Err(ImportError::EmptyKey { index });
        }
        if key_bytes > self.quotas.key_bytes {
            let (bytes, limit) = (key_bytes, self.quotas.key_bytes);
            return Err(ImportError::KeyTooLarge { index, key: error::shown(&key), bytes, limit });
        }
        if value_bytes > self.quotas.value_bytes {
            let (bytes, limit) = (value_bytes, self.quotas.value_bytes);
            return Err(ImportError::ValueTooLarge { index, key: error::shown(&key), bytes, limit });
        }
        self.total_bytes = self.total_bytes.saturating_add(pairs::size(&key, &value));
        if self.total_bytes > self.quotas.key_value_store_bytes {
            return Err(ImportError::StoreTooLarge);
        }
        self.pairs.push(Pair { key, value });
        Ok(())
    }
}

/// A position in the document.
#[derive(Clone, Copy)]
enum Position {
    Document,
    Data,
    Item(usize),
    Key(usize),
    Value(usize),
}

impl Position {
    fn expected(self) -> &'static str {
        match self {
            Position::Document | Position::Item(_) => "an object",
            Position::Data => "an array",
            Position::Key(_) | Position::Value(_) => "a string",
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Position::Document => f.write_str("The data source"),
            Position::Data => f.write_str("data"),
            Position::Item(index) => write!(f, "data[{index}]"),
            Position::Key(index) => write!(f, "data[{index}].key"),
            Position::Value(index) => write!(f, "data[{index}].value"),
        }
    }
}

/// The names that the format has.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Member {
    Data,
    Key,
    Value,
    #[serde(other)]
    Unknown,
}

/// Reads what stands at one place: the text of a key or value, or `None` for what contains them.
struct Node<'r, 'q> {
    reader: &'r mut Reader<'q>,
    place: Position,
}

impl Node<'_, '_> {
    fn stop<T, E: Error>(self, error: ImportError) -> Result<T, E> {
        self.reader.error = Some(error);
        Err(E::custom("refused"))
    }

    fn wrong_type<T, E: Error>(self, found: &'static str) -> Result<T, E> {
        let (place, expected) = (self.place.to_string(), self.place.expected());
        self.stop(ImportError::WrongType { place, found, expected })
    }

    fn child<'de, A: MapAccess<'de>>(
        &mut self,
        place: Position,
        members: &mut A,
    ) -> Result<Option<String>, A::Error> {
        members.next_value_seed(Node { reader: self.reader, place })
    }

    fn document<'de, A: MapAccess<'de>>(mut self, mut members: A) -> Result<Option<String>, A::Error> {
        let mut found = false;
        while let Some(member) = members.next_key()? {
            match member {
                Member::Data if found => {
                    return self.stop(ImportError::Repeated { place: Position::Data.to_string() });
                }
                Member::Data => {
                    self.child(Position::Data, &mut members)?;
                    found = true;
                }
                Member::Key | Member::Value | Member::Unknown => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        if found { Ok(None) } else { self.stop(ImportError::Missing { place: Position::Data.to_string() }) }
    }

    fn item<'de, A: MapAccess<'de>>(
        mut self,
        index: usize,
        mut members: A,
    ) -> Result<Option<String>, A::Error> {
        let (mut key, mut value) = (None, None);
        while let Some(member) = members.next_key()? {
            let (place, text) = match member {
                Member::Key => (Position::Key(index), &mut key),
                Member::Value => (Position::Value(index), &mut value),
                Member::Data | Member::Unknown => {
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if text.is_some() {
                return self.stop(ImportError::Repeated { place: place.to_string() });
            }
            *text = self.child(place, &mut members)?;
        }
        let outcome = match (key, value) {
            (Some(key), Some(value)) => self.reader.add(key, value),
            (None, _) => Err(ImportError::Missing { place: Position::Key(index).to_string() }),
            (Some(_), None) => Err(ImportError::Missing { place: Position::Value(index).to_string() }),
        };
        outcome.map(|()| None).or_else(|error| self.stop(error))
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.place.expected())
    }

    fn visit_unit<E: Error>(self) -> Result<Option<String>, E> {
        self.wrong_type("null")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Option<String>, E> {
        self.wrong_type("a boolean")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Option<String>, E> {
        self.wrong_type("a number")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Option<String>, E> {
        self.wrong_type("a number")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Option<String>, E> {
        self.wrong_type("a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<String>, E> {
        match self.place {
            Position::Key(_) | Position::Value(_) => Ok(Some(text.to_owned())),
            Position::Document | Position::Data | Position::Item(_) => self.wrong_type("a string"),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<String>, A::Error> {
        match self.place {
            Position::Data => {
                // Every item that is read adds a pair, so the number of pairs is the index.
                loop {
                    let place = Position::Item(self.reader.pairs.len());
                    if items.next_element_seed(Node { reader: &mut *self.reader, place })?.is_none() {
                        return Ok(None);
                    }
                }
            }
            Position::Document | Position::Item(_) | Position::Key(_) | Position::Value(_) => {
                self.wrong_type("an array")
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Option<String>, A::Error> {
        match self.place {
            Position::Document => self.document(members),
            Position::Item(index) => self.item(index, members),
            Position::Data | Position::Key(_) | Position::Value(_) => self.wrong_type("an object"),
        }
    }
}
