//! What a request presents: the parameters of its signature, as they were sent.
//!
//! Nothing is decoded until it is asked for, so that `verify` stops at the first thing that is wrong and
//! `examine` finds all of it.

use std::borrow::Cow;

use super::base64;
use super::form::{Form, Parameter, PolicyKind};
use super::key::HashAlgorithm;
use super::pattern::Url;
use super::policy::{self, Policy};
use super::refusal::Refusal;
use super::target::strip;
use super::{MAX_KEY_PAIR_ID_BYTES, MAX_POLICY_BYTES, MAX_SIGNATURE_BYTES, MAX_URL_BYTES, ViewerRequest};

/// The parameters of a signed request. It has no `Debug`, because a signature opens what it signs.
pub struct Presented<'r> {
    /// Where the signature stands.
    pub form: Form,
    /// The URL that was asked for, without CloudFront's parameters.
    scheme: &'r str,
    host: &'r str,
    target: Cow<'r, str>,
    values: Values<'r>,
}

/// One value per parameter, in the order of [`Parameter::ALL`].
type Values<'r> = [Option<&'r str>; 5];

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

impl<'r> Presented<'r> {
    /// Collects the parameters. A URL with any of them is a signed URL, and the cookies are not looked at.
    ///
    /// In a query a parameter may come once. Of cookies with the same name the first counts, which browsers
    /// make the one with the longest path (RFC 6265, section 5.4).
    pub fn collect(request: &ViewerRequest<'r>) -> Result<Presented<'r>, Refusal> {
        let ViewerRequest { scheme, host, target, cookies, .. } = *request;
        within("URL", scheme.len() + "://".len() + host.len() + target.len(), MAX_URL_BYTES)?;
        let in_query = from_query(target)?;
        let (form, values) = match in_query {
            Some(values) => (Form::Url, values),
            None => (Form::Cookies, from_cookies(cookies).ok_or(Refusal::NotSigned)?),
        };
        Ok(Presented { form, scheme, host, target: strip(target), values })
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
    pub fn key_pair_id(&self) -> Result<&'r str, Refusal> {
        let id = self.required(Parameter::KeyPairId, MAX_KEY_PAIR_ID_BYTES);
        match id {
            Ok(id) if is_key_pair_id(id) => Ok(id),
            Ok(_) | Err(Refusal::TooLong { .. }) => Err(Refusal::MalformedKeyPairId { form: self.form }),
            Err(refusal) => Err(refusal),
        }
    }

    /// The signature's bytes.
    pub fn signature(&self) -> Result<Vec<u8>, Refusal> {
        let text = self.required(Parameter::Signature, MAX_SIGNATURE_BYTES)?;
        base64::decode(text).map_err(Refusal::MalformedSignature)
    }

    /// The hash that was signed.
    pub fn hash(&self) -> Result<HashAlgorithm, Refusal> {
        let [.., hash] = self.values;
        let Some(value) = hash else { return Ok(HashAlgorithm::default()) };
        HashAlgorithm::parse(value)
            .ok_or_else(|| Refusal::UnsupportedHash { value: value.chars().take(32).collect() })
    }

    /// The policy: the custom one that was sent, else the canned one of the URL and its expiration.
    pub fn policy(&self) -> Result<SignedPolicy, Refusal> {
        if let Ok(expires) = self.required(Parameter::Expires, usize::MAX)
            && self.required(Parameter::Policy, usize::MAX).is_err()
        {
            return self.canned(expires);
        }
        let text = base64::decode(self.required(Parameter::Policy, MAX_POLICY_BYTES)?)
            .map_err(Refusal::UndecodablePolicy)?;
        let policy = Policy::parse(&text)?;
        Ok(SignedPolicy { kind: PolicyKind::Custom, text, policy })
    }

    fn canned(&self, text: &str) -> Result<SignedPolicy, Refusal> {
        let expires = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let Some(expires) = expires.and_then(|digits| digits.parse().ok()) else {
            return Err(Refusal::MalformedExpires { expires: text.chars().take(32).collect() });
        };
        Ok(SignedPolicy {
            kind: PolicyKind::Canned,
            text: policy::canned_text(self.url(), text).into_bytes(),
            // The URL is in the signed text, so there is nothing left to compare it with.
            policy: Policy { resource: None, expires, not_before: None, source_ip: None },
        })
    }

    fn required(&self, parameter: Parameter, limit: usize) -> Result<&'r str, Refusal> {
        let position = Parameter::ALL.into_iter().position(|one| one == parameter);
        let value = position.and_then(|position| self.values.get(position).copied().flatten());
        let form = self.form;
        let value = value.filter(|value| !value.is_empty()).ok_or(Refusal::Missing { form, parameter })?;
        within(parameter.name(form), value.len(), limit)?;
        Ok(value)
    }
}

/// Whether a text can be the id of a public key: letters, digits, `-` and `_`.
#[must_use]
pub fn is_key_pair_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn within(part: &'static str, bytes: usize, limit: usize) -> Result<(), Refusal> {
    if bytes > limit { Err(Refusal::TooLong { part, bytes, limit }) } else { Ok(()) }
}

/// The parameters in a query; nothing, if it has none of them.
fn from_query(target: &str) -> Result<Option<Values<'_>>, Refusal> {
    let Some((_, query)) = target.split_once('?') else { return Ok(None) };
    let mut values = Values::default();
    for (parameter, value) in query.split('&').filter_map(Parameter::in_segment) {
        if set(&mut values, parameter, value).is_err() {
            return Err(Refusal::Repeated { parameter });
        }
    }
    Ok(values.iter().any(Option::is_some).then_some(values))
}

/// The parameters in the `Cookie` headers; nothing, if they have none of them.
fn from_cookies<'r>(headers: &[&'r [u8]]) -> Option<Values<'r>> {
    let mut values = Values::default();
    for cookie in headers.iter().flat_map(|header| header.split(|byte| *byte == b';')) {
        let cookie = cookie.trim_ascii();
        // Everybody's cookies are here, and most are not ours.
        if !cookie.starts_with(b"CloudFront-") {
            continue;
        }
        let Ok(cookie) = str::from_utf8(cookie) else { continue };
        let Some((name, value)) = cookie.split_once('=') else { continue };
        let parameter = Parameter::ALL.into_iter().find(|one| one.name(Form::Cookies) == name);
        if let Some(parameter) = parameter {
            // A later cookie of the same name is for a shorter path: it does not count.
            set(&mut values, parameter, value).unwrap_or_default();
        }
    }
    values.iter().any(Option::is_some).then_some(values)
}

/// The parameter has a value already.
struct AlreadySet;

fn set<'r>(values: &mut Values<'r>, parameter: Parameter, value: &'r str) -> Result<(), AlreadySet> {
    let names = Parameter::ALL.into_iter();
    match names.zip(values).find(|(one, _)| *one == parameter) {
        Some((_, place @ None)) => {
            *place = Some(value);
            Ok(())
        }
        Some((_, Some(_))) | None => Err(AlreadySet),
    }
}
