//! Parses the header form: `Authorization: <algorithm> Credential=…, SignedHeaders=…, Signature=…`.

use std::borrow::Cow;

use http::header::{DATE, HeaderName};

use super::{
    Algorithm, Claim, Credential, Form, RequestView, SignatureError, checked_signed_headers, single,
};
use crate::signature::timestamp::Timestamp;

const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
pub(super) const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

#[derive(Default)]
struct Parameters<'a> {
    credential: Option<&'a str>,
    signed_headers: Option<&'a str>,
    signature: Option<&'a str>,
}

pub(super) fn claim<'a>(
    request: RequestView<'a>,
    authorization: &'a str,
) -> Result<Claim<'a>, SignatureError> {
    let (scheme, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
    // Another scheme (Basic, Bearer, a proxy's) is none of ours, so the services call the request unsigned.
    if !scheme.starts_with("AWS4-") {
        return Err(SignatureError::MissingToken);
    }
    let Parameters { credential, signed_headers, signature } = parameters(rest)?;
    let headers = request.headers;
    let amz_date = single(headers, &X_AMZ_DATE, "X-Amz-Date")?;
    // The date of a request that has both is the one that the signer added.
    let date = if amz_date.is_some() { amz_date } else { single(headers, &DATE, "Date")? };
    let (Some(credential), Some(signature), Some(signed_headers), Some(date)) =
        (credential, signature, signed_headers, date)
    else {
        let missing = [
            (credential.is_none(), "'Credential' parameter"),
            (signature.is_none(), "'Signature' parameter"),
            (signed_headers.is_none(), "'SignedHeaders' parameter"),
            (date.is_none(), "existence of either a 'X-Amz-Date' or a 'Date' header"),
        ];
        return Err(SignatureError::IncompleteHeader {
            missing: missing
                .into_iter()
                .filter_map(|(is_missing, name)| is_missing.then_some(name))
                .collect(),
            scheme: scheme.to_owned(),
        });
    };
    let timestamp = match amz_date {
        Some(_) => Timestamp::parse_basic(date),
        None => Timestamp::parse_date_header(date),
    };
    let algorithm = Algorithm::parse(scheme)?;
    Ok(Claim {
        request,
        form: Form::Header,
        algorithm,
        credential: Credential::parse(Cow::Borrowed(credential), algorithm)?,
        signed_headers: checked_signed_headers(Cow::Borrowed(signed_headers))?,
        signature: Cow::Borrowed(signature),
        timestamp: timestamp.ok_or_else(|| SignatureError::MalformedDate(date.to_owned()))?,
        expires: None,
        region_set: single(headers, &X_AMZ_REGION_SET, "X-Amz-Region-Set")?.map(Cow::Borrowed),
        session_token: single(headers, &X_AMZ_SECURITY_TOKEN, "X-Amz-Security-Token")?.map(Cow::Borrowed),
        content_sha256: single(headers, &X_AMZ_CONTENT_SHA256, "X-Amz-Content-Sha256")?.map(Cow::Borrowed),
    })
}

/// `Key=Value` pairs, separated by commas; the white space around them does not count.
fn parameters(text: &str) -> Result<Parameters<'_>, SignatureError> {
    let mut found = Parameters::default();
    let text = text.trim();
    if text.is_empty() {
        return Ok(found);
    }
    for pair in text.split(',') {
        let Some((key, value)) = pair.trim().split_once('=') else {
            return Err(SignatureError::MalformedHeader("a parameter has no equal-sign"));
        };
        let (slot, key) = match key {
            "Credential" => (&mut found.credential, "Credential"),
            "SignedHeaders" => (&mut found.signed_headers, "SignedHeaders"),
            "Signature" => (&mut found.signature, "Signature"),
            _ => {
                return Err(SignatureError::MalformedHeader(
                    "it has a parameter that Signature Version 4 has not",
                ));
            }
        };
        if slot.replace(value).is_some() {
            return Err(SignatureError::Duplicate(key));
        }
    }
    Ok(found)
}
