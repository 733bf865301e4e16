//! The parameters of a signed request, as they were sent in its query or its cookies.
//!
//! Values of a query are percent-decoded first, because some signers write `~` as `%7E`; cookies are taken as they
//! are. Beyond that nothing is decoded until it is asked for, so that `verify` stops at the first thing that is wrong and
//! `examine` finds all of it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::base64::{self, Undecodable};
use super::denial::Denial;
use super::form::{Form, Parameter, PolicyKind};
use super::key::HashAlgorithm;
use super::pattern::Url;
use super::policy::{self, Policy};
use super::target::strip;
use super::{
    MAX_EPOCH_SECONDS, MAX_KEY_PAIR_ID_BYTES, MAX_POLICY_BYTES, MAX_SIGNATURE_BYTES, MAX_URL_BYTES,
    ViewerRequest,
};

/// The parameters of a signed request. It has no `Debug`, because a signature opens what it signs.
pub struct SignatureParameters<'r> {
    /// Where the signature stands.
    pub form: Form,
    /// The URL that was asked for, without CloudFront's parameters.
    scheme: &'r str,
    host: &'r str,
    target: Cow<'r, str>,
    values: Values<'r>,
}

/// One value per parameter, in the order of [`Parameter::ALL`].
type Values<'r> = [Option<Cow<'r, str>>; 5];

/// A policy and the bytes that were signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPolicy {
    /// Whether the policy was sent or rebuilt.
    pub kind: PolicyKind,
    /// The signed bytes. A custom policy may hold any white space.
    pub text: Vec<u8>,
    /// What they mean.
    pub policy: Policy,
}

impl<'r> SignatureParameters<'r> {
    /// Collects the parameters. A URL with any of them is a signed URL, and the cookies are not looked at.
    ///
    /// In a query a parameter may come once. Of cookies with the same name the first counts, which browsers
    /// make the one with the longest path (RFC 6265, section 5.4).
    pub fn collect(request: &ViewerRequest<'r>) -> Result<SignatureParameters<'r>, Denial> {
        let ViewerRequest { scheme, host, target, cookies, .. } = *request;
        within("URL", scheme.len() + "://".len() + host.len() + target.len(), MAX_URL_BYTES)?;
        let in_query = from_query(target)?;
        let (form, values) = match in_query {
            Some(values) => (Form::Url, values),
            None => (Form::Cookies, from_cookies(cookies).ok_or(Denial::NotSigned)?),
        };
        Ok(SignatureParameters { form, scheme, host, target: strip(target), values })
    }

    /// The URL without CloudFront's parameters.
    #[must_use]
    pub fn url(&self) -> Url<'_> {
        Url { scheme: self.scheme, host: self.host, target: &self.target }
    }

    /// Path and query without CloudFront's parameters, for the origin.
    #[must_use]
    pub fn into_target(self) -> Cow<'r, str> {
        self.target
    }

    /// The id of the key that signed.
    pub fn key_pair_id(&self) -> Result<Cow<'r, str>, Denial> {
        let id = self.required(Parameter::KeyPairId, MAX_KEY_PAIR_ID_BYTES);
        match id {
            Ok(id) if is_key_pair_id(id) => Ok(id.clone()),
            Ok(_) | Err(Denial::TooLong { .. }) => Err(Denial::MalformedKeyPairId { form: self.form }),
            Err(denial) => Err(denial),
        }
    }

    /// The signature's bytes.
    pub fn signature(&self) -> Result<Vec<u8>, Denial> {
        let text = self.required(Parameter::Signature, MAX_SIGNATURE_BYTES)?;
        decode(text.clone()).map_err(Denial::MalformedSignature)
    }

    /// The hash that was signed.
    pub fn hash(&self) -> Result<HashAlgorithm, Denial> {
        let [.., hash] = &self.values;
        let Some(value) = hash else { return Ok(HashAlgorithm::default()) };
        HashAlgorithm::parse(value)
            .ok_or_else(|| Denial::UnsupportedHash { value: value.chars().take(32).collect() })
    }

    /// The policy: the custom one that was sent, else the canned one of the URL and its expiration.
    pub fn policy(&self) -> Result<SignedPolicy, Denial> {
        if let Ok(expires) = self.required(Parameter::Expires, usize::MAX)
            && self.required(Parameter::Policy, usize::MAX).is_err()
        {
            return self.canned(expires);
        }
        let text = self.required(Parameter::Policy, MAX_POLICY_BYTES)?;
        let text = decode(text.clone()).map_err(Denial::UndecodablePolicy)?;
        let policy = Policy::parse(&text)?;
        Ok(SignedPolicy { kind: PolicyKind::Custom, text, policy })
    }

    fn canned(&self, text: &str) -> Result<SignedPolicy, Denial> {
        let expires = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let expires = expires.and_then(|digits| digits.parse().ok());
        let Some(expires) = expires.filter(|seconds| *seconds <= MAX_EPOCH_SECONDS) else {
            return Err(Denial::MalformedExpires { expires: text.chars().take(32).collect() });
        };
        Ok(SignedPolicy {
            kind: PolicyKind::Canned,
            text: policy::canned_text(self.url(), text).into_bytes(),
            // The URL is in the signed text, so the signature alone decides about it.
            policy: Policy { resource: None, expires, not_before: None, source_ip: None },
        })
    }

    fn required(&self, parameter: Parameter, limit: usize) -> Result<&Cow<'r, str>, Denial> {
        let mut values = Parameter::ALL.into_iter().zip(&self.values);
        let value = values.find(|(one, _)| *one == parameter).and_then(|(_, value)| value.as_ref());
        let form = self.form;
        let value = value.filter(|value| !value.is_empty()).ok_or(Denial::Missing { form, parameter })?;
        within(parameter.name(form), value.len(), limit)?;
        Ok(value)
    }
}

/// Whether a text can be the id of a public key: letters, digits, `-` and `_`.
#[must_use]
pub fn is_key_pair_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The bytes of a value in CloudFront's base64.
fn decode(value: Cow<'_, str>) -> Result<Vec<u8>, Undecodable> {
    base64::decode(&value).map_err(|error| match (error, value) {
        (Undecodable::Foreign { found, at }, Cow::Owned(_)) => Undecodable::DecodedForeign { found, at },
        (error, _) => error,
    })
}

fn within(part: &'static str, bytes: usize, limit: usize) -> Result<(), Denial> {
    if bytes > limit { Err(Denial::TooLong { part, bytes, limit }) } else { Ok(()) }
}

/// The parameters in a query; nothing, if it has none of them.
fn from_query(target: &str) -> Result<Option<Values<'_>>, Denial> {
    let Some((_, query)) = target.split_once('?') else { return Ok(None) };
    let mut values = Values::default();
    for (parameter, value) in query.split('&').filter_map(Parameter::in_segment) {
        // What cannot be decoded stays as it is, and is refused as what it is.
        let value = percent_decode_str(value).decode_utf8_lossy();
        if set(&mut values, parameter, value).is_err() {
            return Err(Denial::Repeated { parameter });
        }
    }
    Ok(values.iter().any(Option::is_some).then_some(values))
}

/// The parameters in the `Cookie` headers; nothing, if they have none of them.
fn from_cookies<'r>(headers: &[&'r [u8]]) -> Option<Values<'r>> {
    let mut values = Values::default();
    for cookie in headers.iter().flat_map(|header| header.split(|byte| *byte == b';')) {
        let cookie = cookie.trim_ascii();
        // The viewer's own cookies are here too, and most are not ours.
        if !cookie.starts_with(b"CloudFront-") {
            continue;
        }
        let Ok(cookie) = str::from_utf8(cookie) else { continue };
        let Some((name, value)) = cookie.split_once('=') else { continue };
        let parameter = Parameter::ALL.into_iter().find(|one| one.name(Form::Cookies) == name);
        if let Some(parameter) = parameter {
            // A later cookie of the same name is for a shorter path: it does not count.
            set(&mut values, parameter, Cow::Borrowed(value)).unwrap_or_default();
        }
    }
    values.iter().any(Option::is_some).then_some(values)
}

/// The parameter has a value already.
struct AlreadySet;

fn set<'r>(values: &mut Values<'r>, parameter: Parameter, value: Cow<'r, str>) -> Result<(), AlreadySet> {
    let names = Parameter::ALL.into_iter();
    match names.zip(values).find(|(one, _)| *one == parameter) {
        Some((_, place @ None)) => {
            *place = Some(value);
            Ok(())
        }
        Some((_, Some(_))) | None => Err(AlreadySet),
    }
}
