//! Field-level encryption: fields of a form are encrypted before the origin gets them (AWS: "Use field-level encryption
//! to help protect sensitive data").
//!
//! A form that is encrypted is read whole first: it has at most 1 MB, and an origin never gets half of one that is
//! refused.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method};
use http_body::Body as _;
use http_body_util::{BodyExt as _, Full};
use keyfront_domain::field_level_encryption::form::{FormEncryption, FormError, Limits};
use keyfront_domain::field_level_encryption::{Choice, Status, choose};

use super::{Exchange, Place, Reply};
use crate::answer::{Page, Refusal, ResultType};
use crate::origin;
use crate::record::Encryption;

/// The body that the origin gets; `None` for no body.
pub(super) async fn body(
    exchange: &mut Exchange,
    place: &Place,
    body: keyfront_http::RequestBody,
) -> Result<Option<origin::RequestBody>, Reply> {
    if body.is_end_stream() {
        return Ok(None);
    }
    if matches!(exchange.sent.method, Method::GET | Method::HEAD) {
        return none_of_get(exchange, body).await;
    }
    let settings = place.behavior().and_then(|behavior| behavior.field_level_encryption.as_ref());
    let Some(settings) = settings else {
        return Ok(Some(body.map_err(Into::into).boxed_unsync()));
    };
    let content_type = exchange.head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let query = exchange.head.query.as_deref().map(str::as_bytes);
    let profile = match choose(&settings.config, content_type, query) {
        Choice::Forward(status) => {
            exchange.encryption = Some(Encryption { status: status.as_str(), fields: 0 });
            return Ok(Some(body.map_err(Into::into).boxed_unsync()));
        }
        Choice::Refuse(status) => return Err(refused(exchange, status)),
        Choice::Encrypt(profile) => profile,
    };
    let Some((_, secrets)) = settings.profiles.iter().find(|(id, _)| id == profile) else {
        exchange.encryption = Some(Encryption { status: Status::ServerError.as_str(), fields: 0 });
        return Err(Reply::page(
            Page::error(500, "Field-level encryption failed.", &exchange.id),
            ResultType::Error,
        ));
    };
    let mut form = FormEncryption::new(secrets.clone(), Limits::default());
    match encrypt(&mut form, body).await {
        Ok(Some(encrypted)) => {
            let fields = form.encrypted_fields();
            exchange.encryption = Some(Encryption { status: Status::Processed.as_str(), fields });
            exchange.head_mut().headers.insert(CONTENT_LENGTH, HeaderValue::from(encrypted.len()));
            Ok(Some(Full::new(encrypted).map_err(|never| match never {}).boxed_unsync()))
        }
        Ok(None) => Err(Reply::refusal(exchange, Refusal::Malformed)),
        Err(error) => Err(refused(exchange, error.status())),
    }
}

/// A GET request has no body; over HTTP/2 that shows only at its end (AWS: "GET requests that include a body").
async fn none_of_get(
    exchange: &Exchange,
    mut body: keyfront_http::RequestBody,
) -> Result<Option<origin::RequestBody>, Reply> {
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Err(Reply::refusal(exchange, Refusal::Malformed)) };
        if frame.data_ref().is_some_and(|data| !data.is_empty()) {
            return Err(Reply::refusal(exchange, Refusal::BodyOfGet));
        }
    }
    Ok(None)
}

/// Reads a form whole and encrypts it; `None` if the viewer stopped sending.
async fn encrypt(
    form: &mut FormEncryption,
    mut body: keyfront_http::RequestBody,
) -> Result<Option<Bytes>, FormError> {
    let mut out = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Ok(None) };
        if let Ok(data) = frame.into_data() {
            form.push(&data, &mut out)?;
        }
    }
    form.finish(&mut out)?;
    Ok(Some(Bytes::from(out)))
}

fn refused(exchange: &mut Exchange, status: Status) -> Reply {
    exchange.encryption = Some(Encryption { status: status.as_str(), fields: 0 });
    exchange.trace.refused = Some(format!("field-level encryption: {status}"));
    let code = if status.is_refusal() { 400 } else { 500 };
    Reply::page(Page::error(code, "Bad request.", &exchange.id), ResultType::Error)
}
