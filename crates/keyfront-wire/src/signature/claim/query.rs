//! Parses the presigned form, in which everything stands in the query.

use std::borrow::Cow;
use std::time::Duration;

use super::header::X_AMZ_CONTENT_SHA256;
use super::{
    Algorithm, Claim, Credential, Form, RequestView, SignatureError, checked_signed_headers, single,
};
use crate::percent::decode;
use crate::signature::timestamp::Timestamp;

/// The name of the one parameter that the signature cannot cover.
pub(in crate::signature) const SIGNATURE: &str = "X-Amz-Signature";

#[derive(Default)]
pub(super) struct Parameters<'a> {
    algorithm: Option<Cow<'a, str>>,
    credential: Option<Cow<'a, str>>,
    signature: Option<Cow<'a, str>>,
    signed_headers: Option<Cow<'a, str>>,
    date: Option<Cow<'a, str>>,
    expires: Option<Cow<'a, str>>,
    region_set: Option<Cow<'a, str>>,
    session_token: Option<Cow<'a, str>>,
    content_sha256: Option<Cow<'a, str>>,
}

impl<'a> Parameters<'a> {
    /// The authentication parameters of a query; nothing if it has none that makes a presigned request.
    pub(super) fn collect(query: &'a str) -> Result<Option<Self>, SignatureError> {
        let mut found = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some((slot, name)) = found.slot(&decode(name)) else { continue };
            // All of these are plain ASCII by nature. They are shown in messages, so nothing else may come in.
            let value = match decode(value) {
                Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
                Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
            }
            .filter(|value| value.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or(SignatureError::MalformedParameter(name))?;
            if slot.replace(value).is_some() {
                return Err(SignatureError::Duplicate(name));
            }
        }
        let presigned = found.algorithm.is_some() || found.credential.is_some() || found.signature.is_some();
        Ok(presigned.then_some(found))
    }

    fn slot(&mut self, name: &[u8]) -> Option<(&mut Option<Cow<'a, str>>, &'static str)> {
        Some(match name {
            b"X-Amz-Algorithm" => (&mut self.algorithm, "X-Amz-Algorithm"),
            b"X-Amz-Credential" => (&mut self.credential, "X-Amz-Credential"),
            b"X-Amz-Signature" => (&mut self.signature, SIGNATURE),
            b"X-Amz-SignedHeaders" => (&mut self.signed_headers, "X-Amz-SignedHeaders"),
            b"X-Amz-Date" => (&mut self.date, "X-Amz-Date"),
            b"X-Amz-Expires" => (&mut self.expires, "X-Amz-Expires"),
            b"X-Amz-Region-Set" => (&mut self.region_set, "X-Amz-Region-Set"),
            b"X-Amz-Security-Token" => (&mut self.session_token, "X-Amz-Security-Token"),
            b"X-Amz-Content-Sha256" => (&mut self.content_sha256, "X-Amz-Content-Sha256"),
            _ => return None,
        })
    }
}

pub(super) fn claim<'a>(
    request: RequestView<'a>,
    parameters: Parameters<'a>,
) -> Result<Claim<'a>, SignatureError> {
    let Parameters { algorithm, credential, signature, signed_headers, date, .. } = parameters;
    let (Some(algorithm), Some(credential), Some(signature), Some(signed_headers), Some(date)) =
        (&algorithm, &credential, &signature, &signed_headers, &date)
    else {
        let missing = [
            (algorithm.is_none(), "'X-Amz-Algorithm'"),
            (credential.is_none(), "'X-Amz-Credential'"),
            (signature.is_none(), "'X-Amz-Signature'"),
            (signed_headers.is_none(), "'X-Amz-SignedHeaders'"),
            (date.is_none(), "'X-Amz-Date'"),
        ];
        return Err(SignatureError::IncompleteQuery(
            missing.into_iter().filter_map(|(is_missing, name)| is_missing.then_some(name)).collect(),
        ));
    };
    let algorithm = Algorithm::parse(algorithm)?;
    // A hash in the query was signed with it; a header of that name was moved nowhere and counts as well.
    let header = single(request.headers, &X_AMZ_CONTENT_SHA256, "X-Amz-Content-Sha256")?;
    let content_sha256 = match (parameters.content_sha256, header) {
        (Some(_), Some(_)) => return Err(SignatureError::Duplicate("X-Amz-Content-Sha256")),
        (parameter, header) => parameter.or(header.map(Cow::Borrowed)),
    };
    Ok(Claim {
        request,
        form: Form::Presigned,
        algorithm,
        credential: Credential::parse(credential.clone(), algorithm)?,
        signed_headers: checked_signed_headers(signed_headers.clone())?,
        signature: signature.clone(),
        timestamp: Timestamp::parse_basic(date)
            .ok_or_else(|| SignatureError::MalformedDate(date.clone().into_owned()))?,
        expires: parameters.expires.as_deref().map(lifetime).transpose()?,
        region_set: parameters.region_set,
        session_token: parameters.session_token,
        content_sha256,
    })
}

fn lifetime(text: &str) -> Result<Duration, SignatureError> {
    // `parse` alone would also take a plus sign.
    let seconds = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    seconds.map(Duration::from_secs).ok_or(SignatureError::MalformedExpires)
}
