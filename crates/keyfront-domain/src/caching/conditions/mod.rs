//! Conditional requests (RFC 9110 §13): whether a viewer has a current copy, or wants the object only in a certain state.
//!
//! The rules apply to an object that would be answered with 200; for other statuses the headers are ignored
//! (RFC 9110 §13.2.1).

use std::time::SystemTime;

/// What identifies the state of an object: headers of its response, as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validators<'a> {
    /// `ETag`.
    pub etag: Option<&'a str>,
    /// `Last-Modified`.
    pub last_modified: Option<&'a str>,
    /// `Date`, which tells whether `Last-Modified` is a strong validator.
    pub date: Option<&'a str>,
}

/// The conditions of a request. Headers with lists can come in several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions<'a> {
    /// The lines of `If-Match`.
    pub if_match: Vec<&'a str>,
    /// The lines of `If-None-Match`.
    pub if_none_match: Vec<&'a str>,
    /// `If-Modified-Since`.
    pub if_modified_since: Option<&'a str>,
    /// `If-Unmodified-Since`.
    pub if_unmodified_since: Option<&'a str>,
}

/// What follows from the conditions of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Answer as if there were no conditions.
    Proceed,
    /// The viewer's copy is current: 304.
    NotModified,
    /// The object is not in the state that the viewer wants: 412.
    Failed,
}

impl Conditions<'_> {
    /// Decides in the order of RFC 9110 §13.2.2. `reads` says that the method is GET or HEAD.
    pub fn evaluate(&self, reads: bool, validators: &Validators<'_>) -> Precondition {
        // The viewer's date first: most have none, and then the object's is not read.
        let since = |header: Option<&str>| {
            let since = date(header)?;
            Some((date(validators.last_modified)?, since))
        };
        if !self.if_match.is_empty() {
            if !any_matches(&self.if_match, validators.etag, strong_match) {
                return Precondition::Failed;
            }
        } else if since(self.if_unmodified_since).is_some_and(|(modified, since)| modified > since) {
            return Precondition::Failed;
        }
        if !self.if_none_match.is_empty() {
            if !any_matches(&self.if_none_match, validators.etag, weak_match) {
                return Precondition::Proceed;
            }
            return if reads { Precondition::NotModified } else { Precondition::Failed };
        }
        let current = since(self.if_modified_since).is_some_and(|(modified, since)| modified <= since);
        if reads && current { Precondition::NotModified } else { Precondition::Proceed }
    }
}

/// Whether `Range` may be followed, by the value of `If-Range`: its validator is strong and that of the object
/// (RFC 9110 §13.1.5).
pub fn allows_range(if_range: &str, validators: &Validators<'_>) -> bool {
    let if_range = if_range.trim();
    if if_range.starts_with('"') || if_range.starts_with("W/") {
        return validators.etag.is_some_and(|etag| strong_match(if_range, etag));
    }
    let (Some(wanted), Some(modified)) = (date(Some(if_range)), date(validators.last_modified)) else {
        return false;
    };
    // An object that changes twice within one second keeps its date (RFC 9110 §8.8.2.2).
    let strong = date(validators.date).is_none_or(|answered| modified < answered);
    strong && wanted == modified
}

/// Whether one of the entity tags of some lines matches the object's; `*` matches every object.
fn any_matches(lines: &[&str], etag: Option<&str>, matches: fn(&str, &str) -> bool) -> bool {
    lines.iter().flat_map(|line| EntityTags(line)).any(|tag| match etag {
        _any if tag == "*" => true,
        Some(etag) => matches(tag, etag.trim()),
        None => false,
    })
}

fn strong_match(one: &str, other: &str) -> bool {
    one == other && !one.starts_with("W/")
}

fn weak_match(one: &str, other: &str) -> bool {
    one.strip_prefix("W/").unwrap_or(one) == other.strip_prefix("W/").unwrap_or(other)
}

/// The entity tags of a list. Commas may stand within quotes. Tags without quotes are taken as they are: origins send
/// such tags, and browsers send them back.
struct EntityTags<'a>(&'a str);

impl<'a> Iterator for EntityTags<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let list = self.0.trim_start_matches([' ', '\t', ',']);
        if list.is_empty() {
            return None;
        }
        let prefix = if list.starts_with("W/") { 2 } else { 0 };
        let quoted = list.get(prefix..)?.strip_prefix('"').and_then(|opaque| opaque.find('"'));
        let end = quoted.map(|closing| prefix + closing + 2).or_else(|| list.find(','));
        let (tag, rest) = list.split_at_checked(end.unwrap_or(list.len()))?;
        self.0 = rest;
        Some(tag.trim_end())
    }
}

/// A date in any of the three forms that a recipient must understand (RFC 9110 §5.6.7).
fn date(header: Option<&str>) -> Option<SystemTime> {
    httpdate::parse_http_date(header?.trim()).ok()
}

#[cfg(test)]
mod tests;
