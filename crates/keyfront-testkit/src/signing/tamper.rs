//! One change to a signed request, as an attacker on the way could make it.

use bytes::Bytes;
use http::{HeaderValue, Method, Request};

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tamper {
    /// The method: GET becomes HEAD, everything else GET.
    Method,
    /// One more byte at the end of the path.
    Path,
    /// One more parameter, which does not take part in authentication.
    Query,
    /// The host.
    Host,
    /// One more byte at the end of the body.
    Body,
    /// The last digit of the signature.
    Signature,
    /// The last digit of the second in `X-Amz-Date`, header or parameter.
    Date,
    /// The access key id: another letter in front.
    AccessKeyId,
}

impl Tamper {
    /// Every change there is.
    pub const ALL: [Self; 8] = [
        Self::Method,
        Self::Path,
        Self::Query,
        Self::Host,
        Self::Body,
        Self::Signature,
        Self::Date,
        Self::AccessKeyId,
    ];
}

/// The request with one change.
///
/// # Panics
///
/// If the request has no signature to change.
#[must_use]
pub fn tamper(mut request: Request<Bytes>, what: Tamper) -> Request<Bytes> {
    match what {
        Tamper::Method => {
            let other = if request.method() == Method::GET { Method::HEAD } else { Method::GET };
            *request.method_mut() = other;
        }
        Tamper::Path => {
            let path = request.uri().path().to_owned();
            replace_in_uri(&mut request, &path, &format!("{path}x"));
        }
        Tamper::Query => {
            let uri = request.uri().to_string();
            let separator = if uri.contains('?') { '&' } else { '?' };
            *request.uri_mut() = format!("{uri}{separator}added=1").parse().expect("a URI");
        }
        Tamper::Host => {
            request.headers_mut().insert("host", HeaderValue::from_static("elsewhere.example"));
        }
        Tamper::Body => {
            let changed = [request.body(), b"x".as_slice()].concat();
            *request.body_mut() = changed.into();
        }
        Tamper::Signature => change_after(&mut request, "Signature=", Place::End),
        Tamper::Date => {
            if request.headers().contains_key("x-amz-date") {
                let date = request.headers().get("x-amz-date").and_then(|date| date.to_str().ok());
                let date = other_digit(date.expect("a date").trim_end_matches('Z')) + "Z";
                request.headers_mut().insert("x-amz-date", date.parse().expect("a header"));
            } else {
                change_after(&mut request, "X-Amz-Date=", Place::BeforeZ);
            }
        }
        Tamper::AccessKeyId => change_after(&mut request, "Credential=", Place::Start),
    }
    request
}

#[derive(Clone, Copy)]
enum Place {
    Start,
    BeforeZ,
    End,
}

/// Changes the value that follows a mark, in the `Authorization` header or else in the query.
fn change_after(request: &mut Request<Bytes>, mark: &str, place: Place) {
    let change = |text: &str| {
        let (before, rest) = text.split_once(mark).expect("the mark");
        let end = rest.find(['&', ',']).unwrap_or(rest.len());
        let (value, after) = rest.split_at(end);
        let value = match place {
            Place::Start => format!("X{value}"),
            Place::BeforeZ => other_digit(value.trim_end_matches('Z')) + "Z",
            Place::End => other_digit(value),
        };
        format!("{before}{mark}{value}{after}")
    };
    if let Some(header) = request.headers().get("authorization") {
        let changed = change(header.to_str().expect("text"));
        request.headers_mut().insert("authorization", changed.parse().expect("a header"));
    } else {
        let query = request.uri().query().expect("a presigned request").to_owned();
        let changed = change(&query);
        replace_in_uri(request, &query, &changed);
    }
}

/// The text with another decimal digit at its end.
fn other_digit(text: &str) -> String {
    let mut text = text.to_owned();
    let last = text.pop();
    text.push(if last == Some('0') { '1' } else { '0' });
    text
}

fn replace_in_uri(request: &mut Request<Bytes>, from: &str, to: &str) {
    let uri = request.uri().to_string();
    // The last occurrence: a path such as `/` also stands in the scheme's slashes.
    let at = uri.rfind(from).expect("a part of the URI");
    let mut changed = uri;
    changed.replace_range(at..at + from.len(), to);
    *request.uri_mut() = changed.parse().expect("a URI");
}
