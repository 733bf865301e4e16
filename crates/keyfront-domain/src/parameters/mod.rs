//! The parameters of requests that cache policies and origin request policies name: headers, cookies, query strings.
//!
//! Both kinds of policies have the same three sections, each with a behavior and perhaps a list of names. What differs
//! is which behaviors there are, which the model says, which names are not allowed, and the codes of lists that are too
//! long.

mod names;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::Counted;

pub(crate) use names::{Kind, Limit, Names, is_forbidden_header};

/// Which headers a policy names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HeadersConfig {
    /// `none`, `whitelist` and, of an origin request policy, `allViewer`, `allViewerAndWhitelistCloudFront` and
    /// `allExcept`.
    pub header_behavior: String,
    /// Their names.
    pub headers: Option<Counted<String>>,
}

/// Which cookies a policy names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CookiesConfig {
    /// `none`, `whitelist`, `allExcept` or `all`.
    pub cookie_behavior: String,
    /// Their names.
    pub cookies: Option<Counted<String>>,
}

/// Which query strings a policy names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryStringsConfig {
    /// `none`, `whitelist`, `allExcept` or `all`.
    pub query_string_behavior: String,
    /// Their names.
    pub query_strings: Option<Counted<String>>,
}

/// Completes the three sections in what holds them: a section that is left out names nothing, and a list of names that
/// is empty is left out.
pub(crate) fn complete(sections: &mut Map<String, Value>) {
    for (section, behavior, list) in [
        ("HeadersConfig", "HeaderBehavior", "Headers"),
        ("CookiesConfig", "CookieBehavior", "Cookies"),
        ("QueryStringsConfig", "QueryStringBehavior", "QueryStrings"),
    ] {
        let section = sections.entry(section).or_insert_with(|| json!({ behavior: "none" }));
        let Some(section) = section.as_object_mut() else { continue };
        let names = section.get(list).and_then(Value::as_object);
        let empty = names.is_some_and(|names| {
            names.get("Quantity").and_then(Value::as_i64) == Some(0)
                && names.get("Items").and_then(Value::as_array).is_none_or(Vec::is_empty)
        });
        if empty {
            section.remove(list);
        }
    }
}
