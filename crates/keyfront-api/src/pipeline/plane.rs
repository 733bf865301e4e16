//! The ways to talk that share one address, and how each words what goes wrong before an operation.
//!
//! A request is told apart by its path alone; the host plays no part, because the SDKs put the account in
//! front of whatever host they are given.

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Response, header};
use keyfront_error::{Code, ServiceError};
use keyfront_wire::Service;
use keyfront_wire::query::{QueryService, STS};
use keyfront_wire::signature::Claim;

use super::refusals;
use crate::identity;

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

/// The plane whose path it is.
fn of_path(path: &str) -> Option<Plane> {
    let planes = [
        ("/key-value-stores/", Plane::Data),
        ("/2020-05-31/", Plane::Control),
        ("/keyfront/", Plane::Extensions),
    ];
    planes.into_iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, plane)| plane)
}

/// Refuses a request that is for no service of this server by both its path and its signature, and names the service
/// that it is for: a client was led here with everything that it calls.
pub(super) fn check_service(parts: &Parts) -> Result<(), ServiceError> {
    if of_path(parts.uri.path()).is_some() {
        return Ok(());
    }
    let Ok(claim) = Claim::parse(parts) else { return Ok(()) };
    match claim.credential().service() {
        "cloudfront" | "cloudfront-keyvaluestore" => Ok(()),
        other if identity::service(other).is_some() => Ok(()),
        other => Err(refusals::no_such_service(other)),
    }
}

/// Whether a request speaks one of AWS's JSON protocols, whose clients read errors in JSON alone.
fn speaks_json(parts: &Parts) -> bool {
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|kind| {
        kind.starts_with("application/json") || kind.starts_with("application/x-amz-json")
    })
}

impl Plane {
    /// The plane of a request. A path of no plane belongs to the service that the signature names; for a service that
    /// is not here, it only says in which form to refuse.
    pub(super) fn of(parts: &Parts) -> Plane {
        let path = parts.uri.path();
        if let Some(plane) = of_path(path) {
            return plane;
        }
        if speaks_json(parts) && check_service(parts).is_err() {
            return Plane::Data;
        }
        let claim = Claim::parse(parts).ok();
        let service = claim.as_ref().map(|claim| claim.credential().service());
        if path == "/" {
            let named = service.and_then(identity::service);
            // A form is answered as STS would, whatever signed it; a bare GET is only for the service that its signature names.
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

    /// The refusal of a path, method or query that belongs to no operation.
    pub(super) fn unknown_path(self) -> ServiceError {
        match self {
            Plane::Data | Plane::Extensions => {
                ServiceError::new(Code::InvalidURI, "The requested operation does not exist.")
            }
            Plane::Control | Plane::Query(_) => {
                ServiceError::new(Code::InvalidURI, "Could not parse the specified URI.")
            }
        }
    }

    /// What a client is told of a failure inside. CloudFront says 503 where the others say 500.
    pub(super) fn internal_error(self) -> ServiceError {
        match self {
            Plane::Control => self.unavailable(),
            Plane::Data | Plane::Extensions | Plane::Query(_) => self.internal_failure(),
        }
    }

    /// A failure inside, with the status 500.
    pub(super) fn internal_failure(self) -> ServiceError {
        match self {
            // AWS: Common errors.
            Plane::Control => ServiceError::new(
                Code::InternalFailure,
                "The request processing has failed because of an unknown error, exception or failure.",
            ),
            Plane::Data | Plane::Extensions => {
                ServiceError::new(Code::InternalFailure, "Internal Server Error")
            }
            Plane::Query(_) => ServiceError::new(Code::InternalFailure, "The request processing has failed."),
        }
    }

    /// A service that is not available now, with the status 503.
    pub(super) fn unavailable(self) -> ServiceError {
        match self {
            Plane::Control => ServiceError::new(
                Code::ServiceUnavailable,
                "CloudFront encountered an internal error. Please try again.",
            ),
            // AWS: Common errors.
            Plane::Data | Plane::Extensions | Plane::Query(_) => ServiceError::new(
                Code::ServiceUnavailable,
                "The request has failed due to a temporary failure of the server.",
            ),
        }
    }

    /// Writes an error in the plane's own form. `service` is the plane's model.
    pub(super) fn encode_error(
        self,
        service: &Service,
        error: &ServiceError,
        request_id: &str,
    ) -> Response<Bytes> {
        match self {
            Plane::Query(query) => query.encode_error(error, request_id),
            Plane::Control | Plane::Data | Plane::Extensions => service.encode_error(error, request_id),
        }
    }
}
