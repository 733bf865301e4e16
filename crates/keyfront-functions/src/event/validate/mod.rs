//! Validates what a function returned by CloudFront's rules, as an edge does and TestFunction does not.

use keyfront_domain::name::is_header_name;

use super::action::{EdgeAction, Forward, Generated, HeaderChange, NewBody, ResponseChange};
use super::fields::{Field, Fields};
use super::headers::{HeaderRule, broken_header_rules};
use super::http::{write_cookies, write_query, write_set_cookies};
use super::returned::{Outgoing, QueryString, Returned, ReturnedRequest, ReturnedResponse};
use super::types::{Event, EventType};
use crate::Failure;

/// A path with its `?` and its query string is shorter, in characters (AWS: "Restrictions on all edge functions").
const URL_LIMIT: usize = 8_192;

/// Validates what a function returned for an event.
///
/// Only what the function changed is looked at: what came from the viewer or the origin goes on as it came. A new
/// value cannot end a line of HTTP/1, so neither a function nor a viewer's input to a careless function can add a
/// header by a value.
pub fn validate(event: &Event, returned: Returned) -> Result<EdgeAction, Failure> {
    if let Some(broken) = broken_header_rules(event, &returned).first() {
        return Err(rule_failure(broken.rule, &returned.outgoing));
    }
    match (returned.outgoing, event.context.event_type, &event.response) {
        (Outgoing::Request(request), _, _) => {
            let mut forward = validate_request(event, &request)?;
            forward.origin = returned.origin;
            Ok(EdgeAction::Forward(forward))
        }
        (Outgoing::Response(response), EventType::ViewerResponse, Some(before)) => {
            let set_cookies = (response.cookies != before.cookies)
                .then(|| set_cookies(&before.cookies, &response))
                .transpose()?;
            Ok(EdgeAction::Response(ResponseChange {
                headers: header_changes("response.headers", &before.headers, &response.headers)?,
                set_cookies,
                status_code: response.status_code,
                status_description: checked_description(response.status_description)?,
                body: match response.body {
                    None => NewBody::Kept,
                    Some(body) if body.data.is_empty() => NewBody::Dropped,
                    Some(body) => NewBody::Replaced(body.data),
                },
            }))
        }
        (Outgoing::Response(response), _, _) => validate_generated(response).map(EdgeAction::Respond),
    }
}

fn rule_failure(rule: HeaderRule, outgoing: &Outgoing) -> Failure {
    match (rule, outgoing) {
        (HeaderRule::Disallowed, _) => {
            Failure::Validation("The CloudFront function tried to add a disallowed header.".to_owned())
        }
        (HeaderRule::ReadOnly, _) => Failure::Validation(
            "The CloudFront function tried to add, delete, or change a read-only header.".to_owned(),
        ),
        (HeaderRule::Cookie, Outgoing::Request(_)) => {
            Failure::invalid("request.headers", "must not have cookie: cookies belong in request.cookies")
        }
        (HeaderRule::Cookie, Outgoing::Response(_)) => Failure::invalid(
            "response.headers",
            "must not have set-cookie: cookies belong in response.cookies",
        ),
    }
}

fn validate_request(event: &Event, request: &ReturnedRequest) -> Result<Forward, Failure> {
    let before = &event.request;
    let uri = (request.uri != before.uri).then(|| new_path(&request.uri)).transpose()?;
    let querystring = new_query(event, &request.querystring)?;
    let old_query = before.raw_querystring.as_deref().unwrap_or_default();
    let characters = uri.as_ref().unwrap_or(&before.uri).chars().count()
        + querystring.as_deref().unwrap_or(old_query).chars().count()
        + "?".len();
    if (uri.is_some() || querystring.is_some()) && characters >= URL_LIMIT {
        let problem = "and request.querystring together must have less than 8192 characters";
        return Err(Failure::invalid("request.uri", problem));
    }
    let cookies = (request.cookies != before.cookies)
        .then(|| {
            check_cookies("request.cookies", &before.cookies, &request.cookies)?;
            Ok(write_cookies(&request.cookies))
        })
        .transpose()?;
    Ok(Forward {
        uri,
        querystring,
        headers: header_changes("request.headers", &before.headers, &request.headers)?,
        cookies,
        origin: None,
    })
}

/// A path that a function set. A `?`, a `#` or a space in it belongs to the path, so it is percent-encoded.
fn new_path(uri: &str) -> Result<String, Failure> {
    if !uri.starts_with('/') {
        return Err(Failure::invalid("request.uri", "must begin with a forward slash (/)"));
    }
    if uri.contains(is_control) {
        return Err(Failure::invalid("request.uri", "must not have control characters"));
    }
    Ok(uri.replace(' ', "%20").replace('?', "%3F").replace('#', "%23"))
}

/// The query string that a function set; none if it is what the viewer sent. The order of an object's parameters is
/// no change, because the viewer's own query string says it better.
fn new_query(event: &Event, querystring: &QueryString) -> Result<Option<String>, Failure> {
    let before = &event.request;
    let query = match querystring {
        QueryString::Parameters(parameters) if *parameters == before.querystring => return Ok(None),
        QueryString::Text(text) if text == before.raw_querystring.as_deref().unwrap_or_default() => {
            return Ok(None);
        }
        QueryString::Parameters(parameters) => write_query(parameters),
        QueryString::Text(text) => text.clone(),
    };
    if query.contains(|character| is_control(character) || character == ' ' || character == '#') {
        let problem = "must not have spaces, control characters or the fragment identifier (#)";
        return Err(Failure::invalid("request.querystring", problem));
    }
    Ok(Some(query))
}

fn validate_generated(response: ReturnedResponse) -> Result<Generated, Failure> {
    let nothing = Fields::new();
    let cookies = set_cookies(&nothing, &response)?;
    let headers = header_changes("response.headers", &nothing, &response.headers)?;
    let headers = headers.into_iter().flat_map(|change| {
        let HeaderChange { name, values } = change;
        values.into_iter().map(move |value| (name.clone(), value))
    });
    let cookies = cookies.into_iter().map(|cookie| ("set-cookie".to_owned(), cookie));
    Ok(Generated {
        status_code: response.status_code,
        headers: headers.chain(cookies).collect(),
        status_description: checked_description(response.status_description)?,
        body: response.body.map(|body| body.data).unwrap_or_default(),
    })
}

fn checked_description(description: Option<String>) -> Result<Option<String>, Failure> {
    match description {
        Some(words) if words.contains(is_control) => {
            Err(Failure::invalid("response.statusDescription", "must not have control characters"))
        }
        words => Ok(words),
    }
}

/// The headers that differ, each with its values or, if it is gone, without.
fn header_changes(path: &str, before: &Fields, after: &Fields) -> Result<Vec<HeaderChange>, Failure> {
    let mut changes = Vec::new();
    for (name, entry) in differing(before, after) {
        if !is_header_name(name) {
            return Err(Failure::invalid(path, "must have header names of letters, digits and hyphens"));
        }
        check_values(path, entry)?;
        changes.push(HeaderChange {
            name: name.to_owned(),
            values: entry.values().map(str::to_owned).collect(),
        });
    }
    let gone = before.iter().filter(|(name, _)| !after.contains(name));
    changes.extend(gone.map(|(name, _)| HeaderChange { name: name.to_owned(), values: Vec::new() }));
    Ok(changes)
}

fn set_cookies(before: &Fields, response: &ReturnedResponse) -> Result<Vec<String>, Failure> {
    check_cookies("response.cookies", before, &response.cookies)?;
    Ok(write_set_cookies(&response.cookies))
}

fn check_cookies(path: &str, before: &Fields, after: &Fields) -> Result<(), Failure> {
    for (name, entry) in differing(before, after) {
        if name.contains(|character| is_control(character) || character == ';' || character == '=') {
            return Err(Failure::invalid(
                path,
                "must have cookie names without control characters, \";\" and \"=\"",
            ));
        }
        check_values(path, entry)?;
    }
    Ok(())
}

/// What is new in `after`, or has other values than in `before`.
fn differing<'a>(before: &'a Fields, after: &'a Fields) -> impl Iterator<Item = (&'a str, &'a Field)> {
    after.iter().filter(|(name, entry)| before.get(name).is_none_or(|was| was.items() != entry.items()))
}

fn check_values(path: &str, entry: &Field) -> Result<(), Failure> {
    let is_forbidden = |character: char| is_control(character) && character != '\t';
    let has = |text: &str| text.contains(is_forbidden);
    if entry.items().iter().any(|item| has(&item.value) || item.attributes.as_deref().is_some_and(has)) {
        return Err(Failure::invalid(
            path,
            "must have values without line breaks and other control characters",
        ));
    }
    Ok(())
}

/// A control character of ASCII. Those above 127 are bytes like any other on the wire.
fn is_control(character: char) -> bool {
    character.is_ascii_control()
}

#[cfg(test)]
mod tests;
