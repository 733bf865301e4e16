//! Pages of the control plane's lists: `Marker`, `MaxItems` and what a page answers.

use keyfront_domain::distribution::alias;
use keyfront_error::{Code, ServiceError};
use keyfront_store::Abort;
use keyfront_store::list::UnknownMarker;
use serde::Serialize;
use serde_json::Value;

use crate::error;
use crate::operation::Members;

/// Items on a page when the request does not say.
const DEFAULT_MAX_ITEMS: usize = 100;

/// The most items on one page; a request for more gets this many and a marker.
const MAX_ITEMS_LIMIT: usize = 1000;

/// A page of a list. Its members are the union of what the model's lists have; encoding leaves out those that
/// the shape of a certain list does not know.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Page<T> {
    /// Where the page began: the request's marker, or empty.
    marker: String,
    /// Where the next page begins; only when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    max_items: usize,
    is_truncated: bool,
    /// Items on this page.
    quantity: usize,
    /// Left out when the page is empty, as the service does in its lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<T>>,
}

impl<T> Page<T> {
    /// The page that answers a request for `max_items` after `marker`. `next_marker` names where the list goes
    /// on, if it does.
    pub(crate) fn new(
        marker: Option<String>,
        max_items: usize,
        items: Vec<T>,
        next_marker: Option<String>,
    ) -> Page<T> {
        Page {
            marker: marker.unwrap_or_default(),
            is_truncated: next_marker.is_some(),
            next_marker,
            max_items,
            quantity: items.len(),
            items: (!items.is_empty()).then_some(items),
        }
    }
}

impl<T> Page<T> {
    /// The items, and where the list goes on, if it does.
    pub(crate) fn into_parts(self) -> (Vec<T>, Option<String>) {
        (self.items.unwrap_or_default(), self.next_marker)
    }

    /// The same page with other items in place of these.
    pub(crate) fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        let Page { marker, next_marker, max_items, is_truncated, quantity, items } = self;
        let items = items.map(|items| items.into_iter().map(item).collect());
        Page { marker, next_marker, max_items, is_truncated, quantity, items }
    }
}

impl Page<Value> {
    /// The page as the member of an output. Its items are moved, not copied: a page may hold a thousand documents.
    pub(crate) fn into_value(self) -> Value {
        let next_marker = self.next_marker.map(|marker| ("NextMarker", Value::String(marker)));
        let items = self.items.map(|items| ("Items", Value::Array(items)));
        let members = [
            ("Marker", Value::String(self.marker)),
            ("MaxItems", self.max_items.into()),
            ("IsTruncated", self.is_truncated.into()),
            ("Quantity", self.quantity.into()),
        ];
        let members = members.into_iter().chain(next_marker).chain(items);
        Value::Object(members.map(|(member, value)| (member.to_owned(), value)).collect())
    }
}

/// Reads `MaxItems`.
pub(crate) fn max_items(given: Option<&str>) -> Result<usize, ServiceError> {
    match given {
        None | Some("") => Ok(DEFAULT_MAX_ITEMS),
        Some(text) => match text.parse::<usize>() {
            Ok(number) if number > 0 => Ok(number.min(MAX_ITEMS_LIMIT)),
            Ok(_) | Err(_) => {
                Err(ServiceError::new(Code::InvalidArgument, "The parameter MaxItems is not valid."))
            }
        },
    }
}

/// Reads `MaxItems` of a request. Some operations' models have it as text, others as a number.
pub(crate) fn max_items_of(input: &Members) -> Result<usize, ServiceError> {
    max_items_in(input.get("MaxItems"))
}

/// Reads a `MaxItems` that may be text or a number.
pub(crate) fn max_items_in(given: Option<&Value>) -> Result<usize, ServiceError> {
    match given {
        Some(Value::Number(number)) => max_items(Some(&number.to_string())),
        given => max_items(given.and_then(Value::as_str)),
    }
}

/// Why the store has no page.
pub(crate) fn aborted(abort: Abort<UnknownMarker>) -> ServiceError {
    error::aborted(abort, |UnknownMarker| unknown_marker())
}

/// The refusal of a marker that no page ended with.
pub(crate) fn unknown_marker() -> ServiceError {
    ServiceError::new(Code::InvalidArgument, "The parameter Marker is not valid.")
}

/// Refuses the marker of a list of names that overlap with one: only such a name can be where a page ended, whether it
/// is still there or not.
pub(crate) fn check_name_marker(marker: &str, listed_for: &str) -> Result<(), ServiceError> {
    if marker.is_empty() || alias::overlap(marker, listed_for) { Ok(()) } else { Err(unknown_marker()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_items_is_a_positive_number_with_a_default_and_a_limit() {
        for (given, expected) in [
            (None, Some(100)),
            (Some(""), Some(100)),
            (Some("1"), Some(1)),
            (Some("100000"), Some(1000)),
            (Some("0"), None),
            (Some("-1"), None),
            (Some("ten"), None),
        ] {
            assert_eq!(max_items(given).ok(), expected, "{given:?}");
        }
    }
}
