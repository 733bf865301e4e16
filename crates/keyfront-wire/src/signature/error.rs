//! Errors of signatures: one variant per cause, with the text AWS uses where AWS has one.
//!
//! It knows no error code and no protocol. [`SignatureError::category`] is what a protocol maps to its own codes.
//! No variant holds a signature, a secret or a session token, so every one of them may be shown and logged.

use std::fmt::Write as _;

/// What kind of refusal it is: all that a protocol needs to choose its error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// The request is not signed at all: `MissingAuthenticationToken`.
    MissingToken,
    /// What should be the signature's description cannot be understood: `IncompleteSignature`.
    Incomplete,
    /// It is understood and not accepted: `SignatureDoesNotMatch`, or `InvalidSignatureException` in JSON.
    Invalid,
}

/// Why a request's signature is not accepted. `Display` is the public message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Neither an `Authorization` header of Signature Version 4 nor presigned parameters.
    #[error("Request is missing Authentication Token")]
    MissingToken,
    /// Both forms at once: which of them counts is undefined.
    #[error("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")]
    TwoForms,
    /// A header or parameter that takes part in authentication is there twice.
    #[error("'{0}' must appear exactly once in a signed request.")]
    Duplicate(&'static str),
    /// The `Authorization` header lacks parameters, or the request lacks its date.
    #[error("{}Authorization={scheme}", requirements("Authorization header requires", missing))]
    IncompleteHeader {
        /// What is missing, as the message names it.
        missing: Vec<&'static str>,
        /// The first word of the header; what follows it is not repeated.
        scheme: String,
    },
    /// A presigned request lacks parameters.
    #[error(
        "{}Re-examine the query-string parameters.",
        requirements("AWS query-string parameters must include", .0)
    )]
    IncompleteQuery(Vec<&'static str>),
    /// The `Authorization` header does not have the form `<algorithm> Key=Value, …`.
    #[error("Authorization header is malformed: {0}.")]
    MalformedHeader(&'static str),
    /// A value of a presigned request holds characters that no such value has.
    #[error("'{0}' holds characters that are not allowed. Re-examine the query-string parameters.")]
    MalformedParameter(&'static str),
    /// An algorithm that is neither of the two, or that this service does not take.
    #[error("Unsupported AWS 'algorithm': '{0}'.")]
    UnsupportedAlgorithm(String),
    /// The credential does not have the number of elements its algorithm wants.
    #[error(
        "Credential must have exactly {} slash-delimited elements, e.g. {}, got '{credential}'",
        if *regional { 5 } else { 4 },
        if *regional { "keyid/date/region/service/term" } else { "keyid/date/service/term" }
    )]
    CredentialElements {
        /// What was given: a key id and a scope, no secret.
        credential: String,
        /// Whether the algorithm has a region in its scope (SigV4 has, SigV4A has not).
        regional: bool,
    },
    /// The names of the signed headers are not a sorted list of lower-case header names.
    #[error("'SignedHeaders' must be lower-case header names, each once, sorted, separated by semicolons.")]
    MalformedSignedHeaders,
    /// The time of signing is not in the form that the algorithm wants.
    #[error("Date must be in ISO-8601 'basic format'. Got '{0}'. See http://en.wikipedia.org/wiki/ISO_8601")]
    MalformedDate(String),
    /// `X-Amz-Expires` is not a number.
    #[error("X-Amz-Expires should be a number")]
    MalformedExpires,
    /// `X-Amz-Expires` is zero or above the limit.
    #[error("X-Amz-Expires must be between 1 and {max_seconds} seconds")]
    ExpiresOutOfRange {
        /// The longest life a presigned request may have.
        max_seconds: u64,
    },
    /// The host is not signed, so the request could be meant for another server.
    #[error("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")]
    HostUnsigned,
    /// An `x-amz-` header is there and not signed.
    #[error("'{0}' must be a 'SignedHeader' in the AWS Authorization.")]
    HeaderUnsigned(String),
    /// A header is said to be signed and is not there: something on the way removed it.
    #[error("'{0}' is a 'SignedHeader' in the AWS Authorization, but the request has no such header.")]
    SignedHeaderAbsent(String),
    /// The scope's region, or the region set, does not include the service's.
    #[error("Credential should be scoped to a valid region.")]
    WrongRegion,
    /// Signed for another service.
    #[error("Credential should be scoped to correct service: '{expected}'.")]
    WrongService {
        /// The service that answers here.
        expected: String,
    },
    /// The scope does not end as it must.
    #[error("Credential should be scoped with a valid terminator: 'aws4_request'.")]
    WrongTerminator,
    /// The scope's day is not the day of the request's time.
    #[error(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
         '{scope}' != '{date}', from '{timestamp}'."
    )]
    DateMismatch {
        /// The day in the scope.
        scope: String,
        /// The day of the request's time.
        date: String,
        /// The request's time.
        timestamp: String,
    },
    /// Signed too long ago.
    #[error("Signature expired: {signed} is now earlier than {earliest} ({now} - {minutes} min.)")]
    Expired {
        /// When it was signed.
        signed: String,
        /// The earliest time that would do.
        earliest: String,
        /// The server's time.
        now: String,
        /// The window, in minutes.
        minutes: u64,
    },
    /// Signed in the future.
    #[error("Signature not yet current: {signed} is still later than {latest} ({now} + {minutes} min.)")]
    NotYetCurrent {
        /// When it was signed.
        signed: String,
        /// The latest time that would do.
        latest: String,
        /// The server's time.
        now: String,
        /// The window, in minutes.
        minutes: u64,
    },
    /// A presigned request whose life is over.
    #[error("Signature expired: {signed} is now earlier than {earliest} ({now} - {expires} sec.)")]
    PresignExpired {
        /// When it was signed.
        signed: String,
        /// The earliest time that would do.
        earliest: String,
        /// The server's time.
        now: String,
        /// `X-Amz-Expires`, in seconds.
        expires: u64,
    },
    /// `UNSIGNED-PAYLOAD` where the body must be signed.
    #[error("The payload must be signed: 'UNSIGNED-PAYLOAD' is not accepted by this service.")]
    UnsignedPayload,
    /// The body is not the one whose hash was signed.
    #[error("The provided 'x-amz-content-sha256' header does not match what was computed.")]
    PayloadMismatch,
    /// The signature does not have the form its algorithm gives it. The service makes no difference to a mismatch.
    #[error("{MISMATCH}")]
    MalformedSignature,
    /// Everything is in order, except that the signature is another one.
    #[error("{MISMATCH}")]
    Mismatch,
    /// No SigV4A key follows from this access key. It is as likely as guessing one.
    #[error("{MISMATCH}")]
    UnusableKey,
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
    Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

impl SignatureError {
    /// The kind of refusal, from which a protocol chooses its code.
    #[must_use]
    pub fn category(&self) -> Category {
        match self {
            Self::MissingToken => Category::MissingToken,
            Self::Duplicate(_)
            | Self::IncompleteHeader { .. }
            | Self::IncompleteQuery(_)
            | Self::MalformedHeader(_)
            | Self::MalformedParameter(_)
            | Self::UnsupportedAlgorithm(_)
            | Self::CredentialElements { .. }
            | Self::MalformedSignedHeaders
            | Self::MalformedDate(_)
            | Self::MalformedExpires
            | Self::ExpiresOutOfRange { .. } => Category::Incomplete,
            Self::TwoForms
            | Self::HostUnsigned
            | Self::HeaderUnsigned(_)
            | Self::SignedHeaderAbsent(_)
            | Self::WrongRegion
            | Self::WrongService { .. }
            | Self::WrongTerminator
            | Self::DateMismatch { .. }
            | Self::Expired { .. }
            | Self::NotYetCurrent { .. }
            | Self::PresignExpired { .. }
            | Self::UnsignedPayload
            | Self::PayloadMismatch
            | Self::MalformedSignature
            | Self::Mismatch
            | Self::UnusableKey => Category::Invalid,
        }
    }
}

/// "`<demand>` 'A' parameter. `<demand>` 'B' parameter. ", each with a space behind it, as the services write it.
fn requirements(demand: &str, missing: &[&'static str]) -> String {
    missing.iter().fold(String::new(), |mut text, name| {
        // Writing to a String cannot fail.
        write!(text, "{demand} {name}. ").ok();
        text
    })
}
