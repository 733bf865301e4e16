//! Edge actions: what an edge does with what a function returned.

use super::OriginDecision;

/// What an edge does with what a function returned. Only changes are named, so that everything else can be passed on
/// byte for byte as it was received, headers that functions do not see among it.
#[derive(Clone, PartialEq, Debug)]
#[expect(clippy::large_enum_variant, reason = "one is made for a request, and it is moved once")]
pub enum EdgeAction {
    /// A viewer-request function returned a request: go on with it.
    Forward(Forward),
    /// A viewer-request function returned a response: send it, and ask neither the cache nor the origin.
    Respond(Generated),
    /// A viewer-response function returned the response.
    Response(ResponseChange),
}

/// What to change of a request.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Forward {
    /// The new path; none to keep the path as received. Characters that would end a path are percent-encoded.
    pub uri: Option<String>,
    /// The new query string, empty for none; none to keep the query string as received.
    pub querystring: Option<String>,
    /// The headers to set and to remove.
    pub headers: Vec<HeaderChange>,
    /// The new value of the `Cookie` header, empty for no such header; none to keep the headers as received.
    pub cookies: Option<String>,
    /// Which origin the function chose.
    pub origin: Option<OriginDecision>,
}

/// A header to set or to remove.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeaderChange {
    /// The name in lower case; [`super::wire_name`] is how it is written.
    pub name: String,
    /// The values, each of them a header of its own; empty to remove the header.
    pub values: Vec<String>,
}

/// A response that a function generated. What belongs to its transport, such as `Content-Length`, is the edge's to
/// add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Generated {
    /// The status.
    pub status_code: u16,
    /// The words after the status; none for the usual ones.
    pub status_description: Option<String>,
    /// Names in lower case and values, in order, `set-cookie` among them.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

/// What to change of a response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResponseChange {
    /// The status, changed or not.
    pub status_code: u16,
    /// The words after the status; none for the usual ones.
    pub status_description: Option<String>,
    /// The headers to set and to remove.
    pub headers: Vec<HeaderChange>,
    /// The values of all `Set-Cookie` headers; none to keep them as received.
    pub set_cookies: Option<Vec<String>>,
    /// What happens to the body. A function that changes it is itself responsible for `Content-Type` and
    /// `Content-Encoding` (AWS: "Status code and body").
    pub body: NewBody,
}

/// What happens to the body of a response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NewBody {
    /// It stays as it is, because the function set none.
    Kept,
    /// It is removed, because the function set an empty one.
    Dropped,
    /// These bytes take its place.
    Replaced(Vec<u8>),
}
