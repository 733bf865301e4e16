//! Converts the parts of HTTP messages to requests and responses of an event, and cookies and queries back.

use super::action::Forward;
use super::fields::{Fields, Item};
use super::headers::is_disallowed;
use super::text::from_wire;
use super::types::{Request, Response};

impl Request {
    /// The request that a viewer sent.
    ///
    /// `path` and `query` are the bytes of the request line: `query` is `None` without a `?`, and empty if nothing
    /// follows it. Headers are in the order of the wire; several with one name are several headers, and one with
    /// commas in it is one.
    pub fn receive<'a>(
        method: &str,
        path: &[u8],
        query: Option<&[u8]>,
        headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Request {
        let raw_querystring = query.map(from_wire);
        let (headers, cookies) = apart(headers, "cookie", read_cookies);
        Request {
            method: method.to_owned(),
            uri: from_wire(path),
            querystring: parse_query(raw_querystring.as_deref().unwrap_or_default()),
            raw_querystring,
            headers,
            cookies,
        }
    }

    /// The request as a viewer-response function sees it after a viewer-request function had its way.
    #[must_use]
    pub fn changed_by(&self, forward: &Forward) -> Request {
        let mut changed = self.clone();
        if let Some(uri) = &forward.uri {
            changed.uri.clone_from(uri);
        }
        if let Some(query) = &forward.querystring {
            changed.querystring = parse_query(query);
            changed.raw_querystring = (!query.is_empty()).then(|| query.clone());
        }
        if let Some(cookies) = &forward.cookies {
            changed.cookies = Fields::new();
            read_cookies(cookies, &mut changed.cookies);
        }
        for change in &forward.headers {
            changed.headers.remove(&change.name);
            for value in &change.values {
                changed.headers.append(&change.name, Item::new(value));
            }
        }
        changed
    }
}

impl Response {
    /// The response that a viewer is about to get, without its body.
    pub fn receive<'a>(
        status: u16,
        description: &str,
        headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Response {
        let (headers, cookies) = apart(headers, "set-cookie", read_set_cookie);
        Response { status_code: status, status_description: Some(description.to_owned()), headers, cookies }
    }
}

/// Headers with names in lower case, without the ones that functions do not see; and cookies, which come from the
/// headers of the name `cookie_header`.
fn apart<'a>(
    headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    cookie_header: &str,
    read_cookie: fn(&str, &mut Fields),
) -> (Fields, Fields) {
    let (mut kept, mut cookies) = (Fields::new(), Fields::new());
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        if name == cookie_header {
            read_cookie(&from_wire(value), &mut cookies);
        } else if !is_disallowed(&name) {
            kept.append(&name, Item::new(from_wire(value)));
        }
    }
    (kept, cookies)
}

/// The parameters of a query string, encoded as they are. `&&` has no parameter in it; one without `=` is empty.
pub(super) fn parse_query(query: &str) -> Fields {
    let mut parameters = Fields::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        parameters.append(name, Item::new(value));
    }
    parameters
}

/// The query string of parameters.
pub(super) fn write_query(parameters: &Fields) -> String {
    write_pairs(parameters, "&")
}

/// The value of a `Cookie` header.
pub(super) fn write_cookies(cookies: &Fields) -> String {
    write_pairs(cookies, "; ")
}

fn write_pairs(fields: &Fields, separator: &str) -> String {
    let pairs =
        fields.iter().flat_map(|(name, entry)| entry.values().map(move |value| format!("{name}={value}")));
    pairs.collect::<Vec<_>>().join(separator)
}

/// The cookies of one `Cookie` header.
fn read_cookies(header: &str, cookies: &mut Fields) {
    for pair in header.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        cookies.append(name.trim_end(), Item::new(value.trim_start()));
    }
}

/// The cookie of one `Set-Cookie` header: what follows the first `;` are its attributes, as they are.
fn read_set_cookie(header: &str, cookies: &mut Fields) {
    let (pair, attributes) = match header.split_once(';') {
        Some((pair, attributes)) => (pair, Some(attributes.trim().to_owned())),
        None => (header, None),
    };
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let item = Item { value: value.trim().to_owned(), attributes };
    cookies.append(name.trim(), item);
}

/// The values of the `Set-Cookie` headers that set these cookies.
pub(super) fn write_set_cookies(cookies: &Fields) -> Vec<String> {
    let lines = cookies.iter().flat_map(|(name, entry)| {
        entry.items().iter().map(move |item| match &item.attributes {
            Some(attributes) if !attributes.is_empty() => format!("{name}={}; {attributes}", item.value),
            Some(_) | None => format!("{name}={}", item.value),
        })
    });
    lines.collect()
}

#[cfg(test)]
mod tests;
