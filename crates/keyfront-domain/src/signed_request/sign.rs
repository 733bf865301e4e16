//! Signing URLs and cookies as the SDKs do, byte for byte.

use super::base64;
use super::form::{Form, Parameter};
use super::key::HashAlgorithm;
use super::pattern::Url;
use super::policy::{SourceIp, canned_text, push_json};
use super::signing_key::{SigningFailed, SigningKey};
use super::target::strip;

/// A private key with everything that a signature says about it.
pub struct Signer<'s> {
    /// The key that signs.
    pub key: &'s SigningKey,
    /// The id that CloudFront gave to its public key.
    pub key_pair_id: &'s str,
    /// The hash. SHA-1 is CloudFront's default.
    pub hash: HashAlgorithm,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terms {
    /// This URL only, until a time in seconds since the epoch.
    Canned {
        /// The first second that is too late.
        expires: u64,
    },
    /// A policy, byte for byte. [`CustomPolicy`] writes one.
    Custom(String),
}

/// A custom policy, to be written as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomPolicy<'p> {
    /// The pattern of the URLs.
    pub resource: &'p str,
    /// The first second that is too late, since the epoch.
    pub expires: u64,
    /// The last second that is too early, since the epoch.
    pub not_before: Option<u64>,
    /// Which viewers.
    pub source_ip: Option<SourceIp>,
}

/// A URL that cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// Not an absolute URL of the web.
    #[error("{url:?} is not a URL that begins with http:// or https:// and a host")]
    NotAbsolute {
        /// The URL.
        url: String,
    },
    /// A character that a URL cannot have, or a fragment, which is never sent.
    #[error("{url:?} has {character:?} in it; percent-encode it, or leave a fragment out")]
    Character {
        /// The URL.
        url: String,
        /// The first such character.
        character: char,
    },
    /// A parameter of CloudFront's own.
    #[error(
        "{url:?} has one of CloudFront's own query parameters: Expires, Policy, Signature, Key-Pair-Id or Hash-Algorithm"
    )]
    Reserved {
        /// The URL.
        url: String,
    },
    /// The library could not sign.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
}

impl CustomPolicy<'_> {
    /// The policy as JSON without white space.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::from(r#"{"Statement":[{"Resource":""#);
        push_json(&mut json, self.resource);
        json.push_str(&format!(r#"","Condition":{{"DateLessThan":{{"AWS:EpochTime":{}}}"#, self.expires));
        if let Some(not_before) = self.not_before {
            json.push_str(&format!(r#","DateGreaterThan":{{"AWS:EpochTime":{not_before}}}"#));
        }
        if let Some(source_ip) = &self.source_ip {
            json.push_str(&format!(r#","IpAddress":{{"AWS:SourceIp":"{source_ip}"}}"#));
        }
        json.push_str("}}]}");
        json
    }
}

/// JSON without the white space between its words, which a policy should not have (AWS: Create a signed URL
/// using a custom policy).
#[must_use]
pub fn without_white_space(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let keep = |c: &char| {
        let kept = in_string || !matches!(c, ' ' | '\t' | '\n' | '\r');
        if *c == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && *c == '\\' && !escaped;
        kept
    };
    json.chars().filter(keep).collect()
}

impl Signer<'_> {
    /// A signed URL. The parameters follow the URL's own, in the order of the SDKs. A `?` with nothing
    /// behind it is dropped before signing.
    pub fn sign_url(&self, url: &str, terms: &Terms) -> Result<String, InvalidUrl> {
        let url = without_empty_query(url);
        let parameters = self.parameters(url, terms)?;
        let mut signed = url.to_owned();
        for (parameter, value) in parameters {
            signed.push(if signed.contains('?') { '&' } else { '?' });
            signed.push_str(parameter.name(Form::Url));
            signed.push('=');
            signed.push_str(&value);
        }
        Ok(signed)
    }

    /// The names and values of signed cookies. With canned terms they are for this URL only, of which a `?`
    /// with nothing behind it is dropped too.
    pub fn sign_cookies(&self, url: &str, terms: &Terms) -> Result<Vec<(&'static str, String)>, InvalidUrl> {
        let parameters = self.parameters(without_empty_query(url), terms)?;
        Ok(parameters.into_iter().map(|(parameter, value)| (parameter.name(Form::Cookies), value)).collect())
    }

    fn parameters(&self, url: &str, terms: &Terms) -> Result<Vec<(Parameter, String)>, InvalidUrl> {
        let parts = check(url)?;
        let (text, first) = match terms {
            Terms::Canned { expires } => {
                let expires = expires.to_string();
                (canned_text(parts, &expires), (Parameter::Expires, expires))
            }
            Terms::Custom(policy) => (policy.clone(), (Parameter::Policy, base64::encode(policy.as_bytes()))),
        };
        let signature = self.key.sign(self.hash, text.as_bytes())?;
        let mut parameters = vec![
            first,
            (Parameter::Signature, base64::encode(&signature)),
            (Parameter::KeyPairId, self.key_pair_id.to_owned()),
        ];
        if self.hash != HashAlgorithm::default() {
            parameters.push((Parameter::HashAlgorithm, self.hash.name().to_owned()));
        }
        Ok(parameters)
    }
}

fn without_empty_query(url: &str) -> &str {
    match url.split_once('?') {
        Some((path, "")) => path,
        Some(_) | None => url,
    }
}

/// A URL in its parts, if it can be signed.
fn check(url: &str) -> Result<Url<'_>, InvalidUrl> {
    let refused = |c: &char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | '#' | '<' | '>');
    if let Some(character) = url.chars().find(refused) {
        return Err(InvalidUrl::Character { url: url.to_owned(), character });
    }
    let not_absolute = || InvalidUrl::NotAbsolute { url: url.to_owned() };
    let (scheme, rest) = url.split_once("://").ok_or_else(not_absolute)?;
    let (host, target) = rest.find('/').and_then(|slash| rest.split_at_checked(slash)).unwrap_or((rest, ""));
    if !matches!(scheme, "http" | "https") || host.is_empty() || host.contains('?') {
        return Err(not_absolute());
    }
    if strip(target) != target {
        return Err(InvalidUrl::Reserved { url: url.to_owned() });
    }
    Ok(Url { scheme, host, target })
}
