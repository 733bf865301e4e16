//! Headers, cookies and query parameters: names in their order, each with one value or several.

use borsh::{BorshDeserialize, BorshSerialize};
use indexmap::IndexMap;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// One value of a header, a cookie or a query parameter.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize, BorshSerialize, BorshDeserialize)]
pub struct Item {
    /// The value.
    pub value: String,
    /// What stands after the first `;` of a `Set-Cookie` header. Only cookies of responses have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<String>,
}

impl Item {
    /// A value without attributes.
    pub fn new(value: impl Into<String>) -> Item {
        Item { value: value.into(), attributes: None }
    }
}

/// The values of a name: a value, and all the values if there is a list of them (`multiValue`). The first of a
/// list is the value.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub struct Field {
    first: Item,
    list: Vec<Item>,
}

impl Field {
    /// A single value.
    pub fn one(item: Item) -> Field {
        Field { first: item, list: Vec::new() }
    }

    /// A list of values, in the order of the wire. None if it is empty.
    pub fn list(list: Vec<Item>) -> Option<Field> {
        let first = list.first()?.clone();
        Some(Field { first, list })
    }

    /// The value, which is the first one.
    pub fn first(&self) -> &Item {
        &self.first
    }

    /// The list; empty for a single value.
    pub fn multi_value(&self) -> &[Item] {
        &self.list
    }

    /// Every value that goes on the wire, in order. There is at least one.
    pub fn items(&self) -> &[Item] {
        if self.list.is_empty() { std::slice::from_ref(&self.first) } else { &self.list }
    }

    /// The values alone.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.items().iter().map(|item| item.value.as_str())
    }

    /// One more value under the same name.
    fn push(&mut self, item: Item) {
        if self.list.is_empty() {
            self.list.push(self.first.clone());
        }
        self.list.push(item);
    }

    /// The same list with another first value, or the value alone for a single value.
    fn with_first(&self, item: Item) -> Field {
        let mut entry = self.clone();
        if let Some(first) = entry.list.first_mut() {
            *first = item.clone();
        }
        entry.first = item;
        entry
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &self.first.value)?;
        if let Some(attributes) = &self.first.attributes {
            map.serialize_entry("attributes", attributes)?;
        }
        if !self.list.is_empty() {
            map.serialize_entry("multiValue", &self.list)?;
        }
        map.end()
    }
}

/// Entries by their names, in the order in which they came. Two are equal if they have the same entries, whatever
/// the order of the names.
#[derive(Clone, PartialEq, Eq, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Fields(IndexMap<String, Field>);

impl Fields {
    /// None.
    pub fn new() -> Fields {
        Fields::default()
    }

    /// What stands under a name.
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.0.get(name)
    }

    /// Whether anything stands under a name.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.0.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no names.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets what stands under a name. A name that is there keeps its place.
    pub fn insert(&mut self, name: impl Into<String>, entry: Field) {
        self.0.insert(name.into(), entry);
    }

    /// Takes a name out.
    pub fn remove(&mut self, name: &str) {
        self.0.shift_remove(name);
    }

    /// Adds what a message says once more: a name that is there gets one more value.
    pub fn append(&mut self, name: &str, item: Item) {
        if let Some(entry) = self.0.get_mut(name) {
            entry.push(item);
        } else {
            self.0.insert(name.to_owned(), Field::one(item));
        }
    }

    /// The same without attributes, for everything but the cookies of a response.
    #[must_use]
    pub(super) fn without_attributes(mut self) -> Fields {
        for entry in self.0.values_mut() {
            for item in entry.list.iter_mut().chain([&mut entry.first]) {
                item.attributes = None;
            }
        }
        self
    }

    /// Puts the names that `model` has too into `model`'s order, before all others, which keep theirs.
    ///
    /// An engine lists names that look like numbers first, so `?b=&1=` would come back as `?1=&b=`.
    pub(super) fn order_like(&mut self, model: &Fields) {
        let place = |name: &String| model.0.get_index_of(name).unwrap_or(usize::MAX);
        if !self.0.keys().is_sorted_by_key(place) {
            self.0.sort_by_key(|name, _| place(name));
        }
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

impl<N: Into<String>> FromIterator<(N, Field)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, Field)>>(entries: I) -> Fields {
        Fields(entries.into_iter().map(|(name, entry)| (name.into(), entry)).collect())
    }
}

/// A field as it was returned: a value that was changed and a list that was left alone, or the other way round.
pub(super) struct ReturnedField {
    /// `value`, with `attributes`.
    pub(super) item: Option<Item>,
    /// `multiValue`.
    pub(super) list: Option<Vec<Item>>,
}

/// The field that a returned value and list mean together.
#[derive(PartialEq, Debug)]
pub(super) enum MergedField {
    /// This goes on the wire.
    Is(Field),
    /// The list that was there has been emptied.
    Removed,
    /// The value is missing.
    Missing,
}

impl ReturnedField {
    /// A list that was modified wins and `value` is ignored. Otherwise a value that was modified replaces the first
    /// of the list and the others stay (AWS: "CloudFront Functions event structure", `multiValue`).
    pub(super) fn merge(self, original: Option<&Field>) -> MergedField {
        let before = original.filter(|entry| !entry.list.is_empty());
        match (self.list, self.item, before) {
            (Some(list), Some(item), Some(before)) if before.list == list => {
                MergedField::Is(before.with_first(item))
            }
            (Some(list), _, Some(_)) if list.is_empty() => MergedField::Removed,
            (Some(list), item, _) => Field::list(list)
                .or_else(|| item.map(Field::one))
                .map_or(MergedField::Missing, MergedField::Is),
            (None, Some(item), _) => MergedField::Is(Field::one(item)),
            (None, None, _) => MergedField::Missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(values: &[&str]) -> Vec<Item> {
        values.iter().copied().map(Item::new).collect()
    }

    /// What was there, `value`, `multiValue`, and what goes on the wire.
    type Case = (
        Option<&'static [&'static str]>,
        Option<&'static str>,
        Option<&'static [&'static str]>,
        Option<&'static [&'static str]>,
    );

    #[test]
    fn a_changed_list_wins_and_else_a_changed_value_replaces_the_first() {
        let several: &'static [&'static str] = &["a", "b", "c"];
        let table: &[Case] = &[
            (Some(several), Some("a"), Some(several), Some(several)),
            (Some(several), Some("x"), Some(several), Some(&["x", "b", "c"])),
            (Some(several), Some("x"), Some(&["a", "b"]), Some(&["a", "b"])),
            (Some(several), None, Some(&["b", "a", "c"]), Some(&["b", "a", "c"])),
            (Some(several), None, Some(several), Some(several)),
            (Some(several), Some("x"), None, Some(&["x"])),
            (Some(several), Some("x"), Some(&[]), None),
            (None, Some("x"), None, Some(&["x"])),
            (None, Some("x"), Some(&["y", "z"]), Some(&["y", "z"])),
            (None, Some("x"), Some(&[]), Some(&["x"])),
        ];
        for (original, value, list, expected) in table {
            let original = original.and_then(|values| Field::list(items(values)));
            let returned = ReturnedField { item: value.map(Item::new), list: list.map(items) };
            let merged = match returned.merge(original.as_ref()) {
                MergedField::Is(entry) => Some(entry.values().map(str::to_owned).collect::<Vec<_>>()),
                MergedField::Removed => None,
                MergedField::Missing => panic!("{value:?} {list:?} has a value"),
            };
            assert_eq!(
                merged.as_deref(),
                expected.map(|values| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>()).as_deref()
            );
        }
        let nothing = ReturnedField { item: None, list: None };
        assert_eq!(nothing.merge(None), MergedField::Missing);
        let empty = ReturnedField { item: None, list: Some(Vec::new()) };
        assert_eq!(empty.merge(None), MergedField::Missing);
    }

    #[test]
    fn a_name_that_comes_again_gets_a_list_and_its_first_value_stays() {
        let mut fields = Fields::new();
        for value in ["1", "2", "3"] {
            fields.append("n", Item::new(value));
        }
        let entry = fields.get("n").unwrap();
        assert_eq!(entry.first().value, "1");
        assert_eq!(entry.multi_value(), items(&["1", "2", "3"]));
    }

    #[test]
    fn known_names_keep_their_places_and_new_ones_follow() {
        let of = |names: &[&str]| -> Fields {
            names.iter().map(|name| (*name, Field::one(Item::new("")))).collect()
        };
        let mut returned = of(&["1", "7", "z", "b", "y"]);
        returned.order_like(&of(&["b", "1", "c"]));
        assert_eq!(returned.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["b", "1", "7", "z", "y"]);
    }
}
