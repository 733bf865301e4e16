//! Why a viewer gets an error page: status, sentence and words of the logs.
//!
//! The sentences are CloudFront's, as viewers captured them. Where no capture is known, the sentence is the general
//! `Bad request.`, which CloudFront has for most refusals.

use super::ResultType;
use crate::body::TransferFailed;
use crate::origin::OriginFailure;

/// Why the edge refuses a request before any origin is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request is not HTTP as it should be.
    Malformed,
    /// No enabled distribution has this host.
    UnknownHost,
    /// The host is not one of the certificate that the connection was made with.
    Certificate,
    /// The behavior allows HTTPS alone, or the method cannot be redirected to it.
    HttpsOnly,
    /// The behavior does not allow the method.
    Method,
    /// A GET request has a body (AWS: "GET requests that include a body").
    BodyOfGet,
    /// The distribution is not for the viewer's country.
    Country,
    /// The URL is longer than 8,192 bytes.
    UrlTooLong,
    /// Request line and headers are longer than 32,768 bytes.
    HeadersTooLong,
    /// The edge has no room for the request.
    Capacity,
}

impl Refusal {
    /// The status.
    pub fn status(self) -> u16 {
        match self {
            Refusal::Malformed => 400,
            Refusal::UnknownHost
            | Refusal::HttpsOnly
            | Refusal::Method
            | Refusal::BodyOfGet
            | Refusal::Country => 403,
            Refusal::UrlTooLong => 414,
            Refusal::Certificate => 421,
            Refusal::HeadersTooLong => 494,
            Refusal::Capacity => 503,
        }
    }

    /// What the viewer reads.
    pub fn sentence(self) -> &'static str {
        match self {
            Refusal::Method => {
                "This distribution is not configured to allow the HTTP request method that was used for this request. \
                 The distribution supports only cachable requests."
            }
            Refusal::Country => {
                "The Amazon CloudFront distribution is configured to block access from your country."
            }
            Refusal::Certificate => {
                "The distribution does not match the certificate for which the HTTPS connection was established with."
            }
            Refusal::Malformed
            | Refusal::UnknownHost
            | Refusal::HttpsOnly
            | Refusal::BodyOfGet
            | Refusal::UrlTooLong
            | Refusal::HeadersTooLong
            | Refusal::Capacity => "Bad request.",
        }
    }

    /// Its word in `X-Cache` and in logs.
    pub fn result_type(self) -> ResultType {
        if self == Refusal::Capacity { ResultType::CapacityExceeded } else { ResultType::Error }
    }

    /// The field `x-edge-detailed-result-type` of standard logs.
    pub fn detailed_result_type(self) -> &'static str {
        match self {
            Refusal::Malformed | Refusal::UnknownHost | Refusal::BodyOfGet | Refusal::UrlTooLong => {
                "InvalidRequest"
            }
            Refusal::HttpsOnly => "InvalidRequestBlocked",
            Refusal::Certificate => "InvalidRequestCertificate",
            Refusal::Method => "InvalidRequestMethod",
            Refusal::Country => "ClientGeoBlocked",
            Refusal::HeadersTooLong => "InvalidRequestHeader",
            Refusal::Capacity => "CapacityExceeded",
        }
    }
}

/// A failure of an origin, as viewers and logs see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginError {
    /// What the viewer reads. It does not name addresses or settings of the operator.
    pub sentence: &'static str,
    /// The field `x-edge-detailed-result-type` of standard logs.
    pub detailed_result_type: &'static str,
}

impl From<&OriginFailure> for OriginError {
    fn from(failure: &OriginFailure) -> OriginError {
        let (sentence, detailed_result_type) = match failure {
            OriginFailure::Resolve(_) => {
                ("CloudFront wasn't able to resolve the origin domain name.", "OriginDnsError")
            }
            OriginFailure::ConnectTimeout(_) | OriginFailure::Timeout(_) => (
                "CloudFront attempted to establish a connection with the origin, but either the attempt failed or the \
                 origin closed the connection.",
                "OriginCommError",
            ),
            OriginFailure::Broken(..) => ("The origin closed the connection.", "OriginError"),
            OriginFailure::Overloaded(_) => ("Failed to contact the origin.", "OriginConnectError"),
            OriginFailure::Connect(..)
            | OriginFailure::Tls(..)
            | OriginFailure::Forbidden { .. }
            | OriginFailure::NotReachableHere(_) => {
                ("CloudFront wasn't able to connect to the origin.", "OriginConnectError")
            }
        };
        OriginError { sentence, detailed_result_type }
    }
}

/// Why a body ended before its end, after its head was sent: the field `x-edge-detailed-result-type` of standard logs.
pub(crate) fn broken_off(failed: &TransferFailed) -> &'static str {
    match failed {
        TransferFailed::Origin(OriginFailure::Timeout(_)) => "OriginCommError",
        TransferFailed::Origin(_) | TransferFailed::Length => "OriginReadError",
        // The viewer is not to blame, and no word of the list is of an edge's own fault.
        TransferFailed::Disk(_) => "Error",
        TransferFailed::TooSlow => "ClientCommError",
        TransferFailed::Abandoned => "AbortedOrigin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AWS: Standard logging reference, field 29.
    #[test]
    fn a_body_that_breaks_off_has_a_reason() {
        let host = || "o.example".to_owned();
        for (failed, word) in [
            (TransferFailed::Origin(OriginFailure::Timeout(host())), "OriginCommError"),
            (TransferFailed::Origin(OriginFailure::Broken(host(), "reset".to_owned())), "OriginReadError"),
            (TransferFailed::Length, "OriginReadError"),
            (TransferFailed::TooSlow, "ClientCommError"),
            (TransferFailed::Abandoned, "AbortedOrigin"),
        ] {
            assert_eq!(broken_off(&failed), word, "{failed:?}");
        }
    }
}
