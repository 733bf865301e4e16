//! The two forms of a signed request, and the names of its parameters in each.

use std::fmt;

/// Where the signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In the query of the URL.
    Url,
    /// In cookies.
    Cookies,
}

/// What kind of policy was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// Only the expiration is sent; the policy is rebuilt from it and the requested URL.
    Canned,
    /// The policy itself is sent.
    Custom,
}

/// A parameter of a signed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// The expiration of a canned policy.
    Expires,
    /// The custom policy.
    Policy,
    /// The signature.
    Signature,
    /// The id of the public key that verifies the signature.
    KeyPairId,
    /// The hash that was signed.
    HashAlgorithm,
}

impl Parameter {
    /// All of them.
    pub const ALL: [Parameter; 5] = [
        Parameter::Expires,
        Parameter::Policy,
        Parameter::Signature,
        Parameter::KeyPairId,
        Parameter::HashAlgorithm,
    ];

    /// The parameter's name in a query or as a cookie. Case matters in both.
    #[must_use]
    pub const fn name(self, form: Form) -> &'static str {
        match (self, form) {
            (Parameter::Expires, Form::Url) => "Expires",
            (Parameter::Policy, Form::Url) => "Policy",
            (Parameter::Signature, Form::Url) => "Signature",
            (Parameter::KeyPairId, Form::Url) => "Key-Pair-Id",
            (Parameter::HashAlgorithm, Form::Url) => "Hash-Algorithm",
            (Parameter::Expires, Form::Cookies) => "CloudFront-Expires",
            (Parameter::Policy, Form::Cookies) => "CloudFront-Policy",
            (Parameter::Signature, Form::Cookies) => "CloudFront-Signature",
            (Parameter::KeyPairId, Form::Cookies) => "CloudFront-Key-Pair-Id",
            (Parameter::HashAlgorithm, Form::Cookies) => "CloudFront-Hash-Algorithm",
        }
    }

    /// The parameter that a segment of a query such as `Expires=1` sets, with its value. The name is
    /// compared as it is sent, without percent-decoding, and must be followed by `=`.
    pub(super) fn in_segment(segment: &str) -> Option<(Parameter, &str)> {
        let (name, value) = segment.split_once('=')?;
        let parameter = Parameter::ALL.into_iter().find(|parameter| parameter.name(Form::Url) == name)?;
        Some((parameter, value))
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Url => "query parameter",
            Form::Cookies => "cookie",
        })
    }
}
