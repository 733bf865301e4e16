//! What is known about a request that is verified, for the words of the report.

use keyfront_domain::signed_request::{Diagnosis, Form, SignatureParameters, ViewerRequest, diagnose};

use super::trust::Trust;

/// What is known about a request, for the words of the report.
pub(super) struct RequestContext<'q> {
    /// The trusted keys.
    pub(super) trust: &'q Trust,
    /// The URL without CloudFront's parameters.
    pub(super) url: String,
    /// Whether the signature is in the URL or in cookies.
    pub(super) form: Form,
    /// How a signature that does not hold was made.
    pub(super) diagnosis: Option<Diagnosis>,
    /// An address was given.
    pub(super) viewer_is_known: bool,
}

impl<'q> RequestContext<'q> {
    /// Collects it. `viewer_is_known` says that an address was given.
    pub(super) fn of(request: &ViewerRequest<'_>, trust: &'q Trust, viewer_is_known: bool) -> Self {
        let parameters = SignatureParameters::collect(request).ok();
        let sent =
            parameters.as_ref().and_then(|parameters| parameters.key_pair_id().ok()).unwrap_or_default();
        let diagnosis = diagnose(request, &trust.candidates(&sent));
        let (form, target) = match parameters {
            Some(parameters) => (parameters.form, parameters.into_target()),
            None => (Form::Url, request.target.into()),
        };
        let url = format!("{}://{}{target}", request.scheme, request.host);
        RequestContext { trust, url, form, diagnosis, viewer_is_known }
    }
}
