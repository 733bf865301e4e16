//! Diagnoses wrong signatures: finds what the signer signed instead, for a person who looks for the difference.
//!
//! A wrong signature says nothing by itself. But signers go wrong in few ways, and each can be tried: the
//! signature is verified against what they would have signed instead. Nothing here decides about a request.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PSS_2048_8192_SHA256, VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ViewerRequest;
use super::base64 as cloudfront_base64;
use super::form::PolicyKind;
use super::key::{HashAlgorithm, VerifyingKey};
use super::parameters::{SignatureParameters, SignedPolicy};
use super::pattern::Url;
use super::policy::canned_text;
use super::sign::without_white_space;
use crate::public_key::{KeyKind, PublicKey};

/// How a signature was made. Everything that is `None` is as it should be, and not all of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The id of the key that signed, if it is another.
    pub key_pair_id: Option<String>,
    /// The hash that was signed, if it is another.
    pub hash: Option<HashAlgorithm>,
    /// How the signature is written, if it is not as CloudFront reads it.
    pub encoding: Option<ForeignEncoding>,
    /// What was signed, if it is another text.
    pub text: Option<SignedText>,
}

/// A text that was signed in place of the expected one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedText {
    /// What is different about it, as the end of a sentence that begins with "it was made".
    pub difference: &'static str,
    /// The text.
    pub text: String,
}

/// A form of signatures that CloudFront does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignEncoding {
    /// The two numbers of an ECDSA signature side by side (IEEE P1363), where ASN.1 DER is expected.
    /// WebCrypto and JWT libraries write it.
    FixedEcdsa,
    /// RSA with PSS padding, where PKCS #1 v1.5 is expected.
    Pss,
}

/// Finds out how the signature of a request was made. `keys` are the keys that may have signed, with their
/// ids. Nothing is found if the signature holds, cannot be read, or was made in a way not tried here.
pub fn diagnose(request: &ViewerRequest<'_>, keys: &[(&str, &PublicKey)]) -> Option<Diagnosis> {
    let parameters = SignatureParameters::collect(request).ok()?;
    let signature = parameters.signature().ok()?;
    let signed = parameters.policy().ok()?;
    let key_pair_id = parameters.key_pair_id().ok()?;
    let hash = parameters.hash().ok()?;
    let expected = (key_pair_id.as_ref(), hash, None);
    let expected_text = std::iter::once((None, signed.text.clone()));
    let others = match signed.kind {
        PolicyKind::Canned => canned_texts(parameters.url(), signed.policy.expires),
        PolicyKind::Custom => custom_texts(&signed),
    };
    // Some of them are the same: a URL without a query has none to leave out.
    let others = others.into_iter().filter(|(_, text)| *text != signed.text);
    let others = others.map(|(difference, text)| (Some(difference), text));
    expected_text.chain(others).find_map(|(difference, text)| {
        let (id, found, encoding) = signer(keys, &text, &signature)?;
        if difference.is_none() && (id, found, encoding) == expected {
            return None;
        }
        Some(Diagnosis {
            key_pair_id: (id != key_pair_id).then(|| id.to_owned()),
            hash: (found != hash).then_some(found),
            encoding,
            text: difference.map(|difference| SignedText {
                difference,
                text: String::from_utf8_lossy(&text).into_owned(),
            }),
        })
    })
}

type How<'k> = (&'k str, HashAlgorithm, Option<ForeignEncoding>);

/// Who signed a text, and how.
fn signer<'k>(keys: &[(&'k str, &PublicKey)], text: &[u8], signature: &[u8]) -> Option<How<'k>> {
    keys.iter().find_map(|(id, key)| {
        let verifying = VerifyingKey::new(key).ok()?;
        [HashAlgorithm::Sha1, HashAlgorithm::Sha256].into_iter().find_map(|hash| {
            if verifying.signed(hash, text, signature) {
                return Some((*id, hash, None));
            }
            let encoding = foreign_encoding(key, hash, text, signature)?;
            Some((*id, hash, Some(encoding)))
        })
    })
}

fn foreign_encoding(
    key: &PublicKey,
    hash: HashAlgorithm,
    text: &[u8],
    signature: &[u8],
) -> Option<ForeignEncoding> {
    // The library has neither of them with SHA-1.
    if hash != HashAlgorithm::Sha256 {
        return None;
    }
    let (algorithm, encoding): (&'static dyn VerificationAlgorithm, _) = match key.kind {
        KeyKind::EcdsaP256 => (&ECDSA_P256_SHA256_FIXED, ForeignEncoding::FixedEcdsa),
        KeyKind::RsaBits2048 => (&RSA_PSS_2048_8192_SHA256, ForeignEncoding::Pss),
    };
    let key = ParsedPublicKey::new(algorithm, &key.spki).ok()?;
    key.verify_sig(text, signature).ok().map(|()| encoding)
}

type Text = (&'static str, Vec<u8>);

/// What a signer may have taken for the canned policy.
fn canned_texts(url: Url<'_>, expires: u64) -> Vec<Text> {
    let expires = expires.to_string();
    let Url { scheme, host, target } = url;
    let other_scheme = if scheme == "https" { "http" } else { "https" };
    let (path, _query) = target.split_once('?').unwrap_or((target, ""));
    let (bare_host, _port) = host.split_once(':').unwrap_or((host, ""));
    let lower_host = host.to_ascii_lowercase();
    let slashed = format!("{target}/");
    let questioned = format!("{target}?");
    let unslashed = target.trim_end_matches('/');
    let at = |scheme, host, target| Url { scheme, host, target };
    let urls = [
        ("for the same URL with the other protocol", at(other_scheme, host, target)),
        ("for the URL without its query", at(scheme, host, path)),
        ("for the URL with a slash at its end", at(scheme, host, &slashed)),
        ("for the URL without the slash at its end", at(scheme, host, unslashed)),
        ("for the URL with a question mark at its end", at(scheme, host, &questioned)),
        ("for the host without its port", at(scheme, bare_host, target)),
        ("for the host in lower case", at(scheme, &lower_host, target)),
        ("for the other protocol, without the query", at(other_scheme, host, path)),
        ("for the other protocol, without the slash at its end", at(other_scheme, host, unslashed)),
    ];
    let mut texts: Vec<Text> =
        urls.into_iter().map(|(words, url)| (words, canned_text(url, &expires).into_bytes())).collect();
    let expected = canned_text(url, &expires);
    let address = format!("{scheme}://{host}");
    let canned = |resource: &str| expected.replacen(&format!("{address}{target}"), resource, 1);
    texts.extend([
        ("for the path alone", canned(target).into_bytes()),
        ("for the path alone, without its first slash", canned(target.trim_start_matches('/')).into_bytes()),
        ("for every URL (*)", canned("*").into_bytes()),
        ("for every URL of the host", canned(&format!("{address}/*")).into_bytes()),
        ("with white space in the policy", spaced(&expected).into_bytes()),
        ("with a line end behind the policy", format!("{expected}\n").into_bytes()),
        ("with the time in quotation marks", canned_text(url, &format!("\"{expires}\"")).into_bytes()),
    ]);
    texts
}

/// A canned policy as Python's `json.dumps` writes it by default.
fn spaced(policy: &str) -> String {
    policy.replace("\":", "\": ").replace("\",\"Condition", "\", \"Condition")
}

/// What a signer may have signed in place of the custom policy that was sent.
fn custom_texts(signed: &SignedPolicy) -> Vec<Text> {
    let SignedPolicy { text, .. } = signed;
    let words = String::from_utf8_lossy(text);
    vec![
        ("over the policy without white space", without_white_space(&words).into_bytes()),
        ("over the policy without the white space around it", text.trim_ascii().to_vec()),
        ("over the policy with a line end behind it", [text, &b"\n"[..]].concat()),
        ("over the policy's base64, not over the policy", cloudfront_base64::encode(text).into_bytes()),
        ("over the policy's standard base64, not over the policy", STANDARD.encode(text).into_bytes()),
    ]
}
