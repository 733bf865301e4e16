//! The ways to talk that share one address, and how each words what goes wrong before an operation.
//!
//! A request is told apart by its path alone; the host plays no part, because the SDKs put the account in
//! front of whatever host they are given.

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Response};
use keyfront_wire::query::{QueryService, STS};
use keyfront_wire::signature::{Category, Claim, SignatureError};
use keyfront_wire::{Service, WireError};

use crate::error::ApiError;
use crate::operation::Handler;
use crate::{control, data, extensions, identity};

/// Who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plane {
    /// CloudFront.
    Control,
    /// CloudFront KeyValueStore.
    Data,
    /// Keyfront's extensions, which speak as CloudFront KeyValueStore does.
    Extensions,
    /// STS or IAM.
    Query(&'static QueryService),
}

impl Plane {
    /// The plane of a request. A path of no plane belongs to the service that the signature names.
    pub(super) fn of(parts: &Parts) -> Plane {
        let path = parts.uri.path();
        if path.starts_with("/key-value-stores/") {
            return Plane::Data;
        }
        if path.starts_with("/2020-05-31/") {
            return Plane::Control;
        }
        if path.starts_with("/keyfront/") {
            return Plane::Extensions;
        }
        let claim = Claim::parse(parts).ok();
        let service = claim.as_ref().map(|claim| claim.credential().service());
        if path == "/" {
            let named = service.and_then(identity::service);
            // A form is answered as STS would, whoever signed it; a bare GET is only theirs if they say so.
            let named = named.or_else(|| (parts.method == Method::POST).then_some(&STS));
            if let Some(service) = named.filter(|_| [Method::GET, Method::POST].contains(&parts.method)) {
                return Plane::Query(service);
            }
        }
        match service {
            Some("cloudfront-keyvaluestore") => Plane::Data,
            Some(_) | None => Plane::Control,
        }
    }

    /// What answers an operation of this plane's model; nothing when Keyfront does not implement it.
    pub(super) fn handler(self, operation: &str) -> Option<&'static Handler> {
        match self {
            Plane::Control => control::operations().find(|handler| handler.name == operation),
            Plane::Data => data::OPERATIONS.iter().find(|handler| handler.name == operation),
            Plane::Extensions => extensions::OPERATIONS.iter().find(|handler| handler.name == operation),
            Plane::Query(_) => None,
        }
    }

    /// One of three codes.
    fn choose(self, control: &'static str, data: &'static str, query: &'static str) -> &'static str {
        match self {
            Plane::Control => control,
            Plane::Data | Plane::Extensions => data,
            Plane::Query(_) => query,
        }
    }

    /// The refusal of a signature.
    pub(super) fn refuse_signature(self, error: &SignatureError) -> ApiError {
        let code = match error.category() {
            Category::MissingToken => {
                let data = "MissingAuthenticationTokenException";
                self.choose("MissingAuthenticationToken", data, "MissingAuthenticationToken")
            }
            Category::Incomplete => {
                self.choose("IncompleteSignature", "IncompleteSignatureException", "IncompleteSignature")
            }
            Category::Invalid => {
                self.choose("SignatureDoesNotMatch", "InvalidSignatureException", "SignatureDoesNotMatch")
            }
        };
        ApiError::new(code, error.to_string())
    }

    /// The refusal of an access key id that nobody has.
    pub(super) fn refuse_unknown_key(self) -> ApiError {
        let code = self.choose("InvalidClientTokenId", "UnrecognizedClientException", "InvalidClientTokenId");
        ApiError::new(code, "The security token included in the request is invalid.")
    }

    /// The refusal of what a policy does not allow.
    pub(super) fn refuse_access(self, message: String) -> ApiError {
        ApiError::new(self.choose("AccessDenied", "AccessDeniedException", "AccessDenied"), message)
    }

    /// The refusal of a path, method or query that is no operation.
    pub(super) fn unknown_path(self) -> ApiError {
        match self {
            Plane::Data | Plane::Extensions => {
                ApiError::new("UnknownOperationException", "The requested operation does not exist.")
            }
            Plane::Control | Plane::Query(_) => {
                ApiError::new("InvalidURI", "Could not parse the specified URI.")
            }
        }
    }

    /// The refusal of a body that is longer than any request needs.
    pub(super) fn body_too_large(self, limit: usize) -> ApiError {
        let code = self.choose("RequestEntityTooLarge", "RequestTooLargeException", "RequestEntityTooLarge");
        ApiError::new(code, format!("The body of the request is larger than {limit} bytes."))
    }

    /// The refusal of a request for whose body there is no room now. SDKs try it again.
    pub(super) fn throttled(self) -> ApiError {
        ApiError::new(self.choose("Throttling", "ThrottlingException", "Throttling"), "Rate exceeded")
    }

    /// The refusal of a body that does not arrive.
    pub(super) fn body_too_slow(self) -> ApiError {
        let code = self.choose("RequestTimeout", "RequestTimeoutException", "RequestTimeout");
        ApiError::new(code, "The body of the request did not arrive in time.")
    }

    /// The refusal of a body that ended early.
    pub(super) fn broken_body(self) -> ApiError {
        let code = self.choose("IncompleteBody", "SerializationException", "IncompleteBody");
        ApiError::new(code, "The body of the request ended before it was complete.")
    }

    /// An operation that the model has and Keyfront has not.
    pub(super) fn not_implemented(self, operation: &str) -> ApiError {
        let code = self.choose("NotImplemented", "NotImplementedException", "NotImplemented");
        ApiError::new(code, format!("Keyfront does not implement {operation} yet."))
    }

    /// What a client is told of a failure inside. CloudFront says 503 where the others say 500.
    pub(super) fn internal_error(self) -> WireError {
        match self {
            Plane::Control => self.unavailable(),
            Plane::Data | Plane::Extensions | Plane::Query(_) => self.internal_failure(),
        }
    }

    /// A failure inside, with the status 500.
    pub(super) fn internal_failure(self) -> WireError {
        match self {
            // AWS: Common errors.
            Plane::Control => WireError::new(
                "InternalFailure",
                "The request processing has failed because of an unknown error, exception or failure.",
            ),
            Plane::Data | Plane::Extensions => {
                WireError::new("InternalServerException", "Internal Server Error")
            }
            Plane::Query(_) => WireError::new("InternalFailure", "The request processing has failed."),
        }
    }

    /// A service that is not available now, with the status 503.
    pub(super) fn unavailable(self) -> WireError {
        match self {
            Plane::Control => WireError::new(
                "ServiceUnavailable",
                "CloudFront encountered an internal error. Please try again.",
            ),
            // AWS: Common errors.
            Plane::Data | Plane::Extensions | Plane::Query(_) => WireError::new(
                self.choose("ServiceUnavailable", "ServiceUnavailableException", "ServiceUnavailable"),
                "The request has failed due to a temporary failure of the server.",
            ),
        }
    }

    /// Writes an error in the plane's own form. `service` is the plane's model.
    pub(super) fn encode_error(
        self,
        service: &Service,
        error: &WireError,
        request_id: &str,
    ) -> Response<Bytes> {
        match self {
            Plane::Query(query) => query.encode_error(error, request_id),
            Plane::Control | Plane::Data | Plane::Extensions => service.encode_error(error, request_id),
        }
    }
}
