//! Parses what a request claims about its signature. That needs no key and proves nothing.

mod header;
mod query;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, Method, request};
use time::OffsetDateTime;

use super::error::SignatureError;
use super::timestamp::Timestamp;

pub(super) use query::SIGNATURE;

/// The signing algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// `AWS4-HMAC-SHA256`: a keyed hash, bound to one region.
    V4,
    /// `AWS4-ECDSA-P256-SHA256`: an elliptic-curve signature, valid in a set of regions.
    V4a,
}

impl Algorithm {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V4 => "AWS4-HMAC-SHA256",
            Self::V4a => "AWS4-ECDSA-P256-SHA256",
        }
    }

    fn parse(name: &str) -> Result<Self, SignatureError> {
        [Self::V4, Self::V4a]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| SignatureError::UnsupportedAlgorithm(name.to_owned()))
    }
}

/// Where the signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In the `Authorization` header.
    Header,
    /// In the query: a presigned request.
    Presigned,
}

/// A request as it came, before anything was decoded.
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path exactly as on the request line; of an absolute-form target its path.
    pub path: &'a str,
    /// The query exactly as on the request line, without the question mark; empty if there is none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The authority of the target, which stands for a `Host` header that is not there (HTTP/2's `:authority`).
    pub authority: Option<&'a str>,
}

impl<'a> From<&'a request::Parts> for RequestView<'a> {
    fn from(parts: &'a request::Parts) -> Self {
        Self {
            method: &parts.method,
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            headers: &parts.headers,
            authority: parts.uri.authority().map(http::uri::Authority::as_str),
        }
    }
}

impl RequestView<'_> {
    /// Whether the request has a header of this name; the host counts wherever it stands.
    pub(super) fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name) || (name == "host" && self.authority.is_some())
    }
}

/// `<access key id>/<scope>`, with the number of elements that its algorithm wants.
#[derive(Clone)]
pub struct Credential<'a> {
    text: Cow<'a, str>,
    algorithm: Algorithm,
}

impl<'a> Credential<'a> {
    pub(super) fn parse(text: Cow<'a, str>, algorithm: Algorithm) -> Result<Self, SignatureError> {
        let regional = algorithm == Algorithm::V4;
        let elements = if regional { 5 } else { 4 };
        if text.split('/').count() == elements && text.split('/').all(|element| !element.is_empty()) {
            Ok(Self { text, algorithm })
        } else {
            Err(SignatureError::CredentialElements { credential: text.into_owned(), regional })
        }
    }

    /// Access key id and scope.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The access key id.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.element(0)
    }

    /// Everything after the access key id, as it stands in the string to sign.
    #[must_use]
    pub fn scope(&self) -> &str {
        self.text.split_once('/').map_or("", |(_, scope)| scope)
    }

    /// The day of signing, as the scope has it.
    #[must_use]
    pub fn date(&self) -> &str {
        self.element(1)
    }

    /// The region; SigV4A has none here.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match self.algorithm {
            Algorithm::V4 => Some(self.element(2)),
            Algorithm::V4a => None,
        }
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> &str {
        match self.algorithm {
            Algorithm::V4 => self.element(3),
            Algorithm::V4a => self.element(2),
        }
    }

    /// The last element, which should be `aws4_request`.
    #[must_use]
    pub fn terminator(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }

    fn element(&self, index: usize) -> &str {
        self.text.split('/').nth(index).unwrap_or_default()
    }
}

/// What a request says about its own signature.
///
/// It borrows the request it was read from, so that it cannot be verified against another one.
pub struct Claim<'a> {
    pub(super) request: RequestView<'a>,
    pub(super) form: Form,
    pub(super) algorithm: Algorithm,
    pub(super) credential: Credential<'a>,
    pub(super) signed_headers: Cow<'a, str>,
    pub(super) signature: Cow<'a, str>,
    pub(super) timestamp: Timestamp,
    pub(super) expires: Option<Duration>,
    pub(super) region_set: Option<Cow<'a, str>>,
    pub(super) session_token: Option<Cow<'a, str>>,
    pub(super) content_sha256: Option<Cow<'a, str>>,
}

impl<'a> Claim<'a> {
    /// Reads the claim of a request in either form. It costs no cryptography.
    pub fn parse(request: impl Into<RequestView<'a>>) -> Result<Self, SignatureError> {
        let request = request.into();
        let presigned = query::Parameters::collect(request.query)?;
        let authorization = single(request.headers, &AUTHORIZATION, "Authorization")?;
        match (authorization, presigned) {
            (Some(_), Some(_)) => Err(SignatureError::TwoForms),
            (Some(authorization), None) => header::claim(request, authorization),
            (None, Some(parameters)) => query::claim(request, parameters),
            (None, None) => Err(SignatureError::MissingToken),
        }
    }

    /// The id of the key that is said to have signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credential.access_key_id()
    }

    /// Key id and scope.
    #[must_use]
    pub fn credential(&self) -> &Credential<'a> {
        &self.credential
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Header or presigned.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The names of the signed headers: lower case, sorted, each once.
    pub fn signed_headers(&self) -> impl Iterator<Item = &str> {
        self.signed_headers.split(';')
    }

    /// The time of signing.
    #[must_use]
    pub fn signed_at(&self) -> OffsetDateTime {
        self.timestamp.at()
    }

    /// How long a presigned request wants to live.
    #[must_use]
    pub fn expires(&self) -> Option<Duration> {
        self.expires
    }

    /// The regions in which a SigV4A signature wants to be valid.
    #[must_use]
    pub fn region_set(&self) -> Option<&str> {
        self.region_set.as_deref()
    }

    /// The token that comes with temporary credentials. This module only carries it.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }
}

impl fmt::Debug for Claim<'_> {
    /// Neither the signature nor the session token: together with the request they are as good as a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("form", &self.form)
            .field("algorithm", &self.algorithm.name())
            .field("credential", &self.credential.text)
            .field("signed_headers", &self.signed_headers)
            .field("timestamp", &self.timestamp.text())
            .finish_non_exhaustive()
    }
}

/// A header that may be there once, in visible ASCII.
fn single<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
    title: &'static str,
) -> Result<Option<&'a str>, SignatureError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(SignatureError::Duplicate(title)),
        (Some(value), None) => value.to_str().map(|text| Some(text.trim())).or(Err(
            SignatureError::MalformedHeader("header values that are signed with must be visible ASCII"),
        )),
    }
}

/// Lower-case header names in ascending order, which also says that none is there twice.
fn checked_signed_headers(names: Cow<'_, str>) -> Result<Cow<'_, str>, SignatureError> {
    let well_formed = names.split(';').all(is_lower_case_name)
        && names.split(';').zip(names.split(';').skip(1)).all(|(name, next)| name < next);
    if well_formed { Ok(names) } else { Err(SignatureError::MalformedSignedHeaders) }
}

/// A name of a header (RFC 9110, section 5.6.2) without capital letters. `HeaderName` would say the same, and copy it.
fn is_lower_case_name(name: &str) -> bool {
    let is_legal =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_legal_where_the_http_library_says_so() {
        let characters = (0..=127_u8).map(|byte| format!("x{}y", char::from(byte)));
        for name in characters.chain(["", "x", "-", "\u{fc}", "x-amz-date", "X-Amz-Date"].map(str::to_owned))
        {
            // The library takes a quotation mark too, which the RFC does not.
            let expected = HeaderName::from_lowercase(name.as_bytes()).is_ok() && !name.contains('"');
            assert_eq!(is_lower_case_name(&name), expected, "{name:?}");
        }
    }
}
