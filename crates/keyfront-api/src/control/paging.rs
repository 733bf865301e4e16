//! `MaxItems` and `Marker` of the control plane's lists.

use crate::error::ApiError;

/// Items on a page when the request does not say.
const DEFAULT_MAX_ITEMS: usize = 100;

/// The most items on one page; a request for more gets this many and a marker.
const MAX_ITEMS_LIMIT: usize = 1000;

/// Reads `MaxItems`.
pub(super) fn max_items(given: Option<&str>) -> Result<usize, ApiError> {
    match given {
        None | Some("") => Ok(DEFAULT_MAX_ITEMS),
        Some(text) => match text.parse::<usize>() {
            Ok(number) if number > 0 => Ok(number.min(MAX_ITEMS_LIMIT)),
            Ok(_) | Err(_) => Err(ApiError::new("InvalidArgument", "The parameter MaxItems is not valid.")),
        },
    }
}

/// The refusal of a marker that no page ended with.
pub(super) fn unknown_marker() -> ApiError {
    ApiError::new("InvalidArgument", "The parameter Marker is not valid.")
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
