//! Signed URLs, made ahead: a signature takes ten times as long as its verification.
//!
//! Each is signed with RSA-2048 and SHA-256 for a canned policy, and differs from the others in when it expires. The key
//! pair is made for the run. Which id the public key has at a server is not part of what is signed.

use std::time::{Duration, SystemTime};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use keyfront_domain::public_key::{KeyKind, PublicKey};
use keyfront_domain::signed_request::{Url, base64, canned_text};

use crate::failure::Failure;
use crate::scenarios::in_parallel;

/// Signatures for each path: more than any window takes.
const COUNT: usize = 8_000;
/// The first of them is valid for so long.
const VALID: Duration = Duration::from_hours(2);

/// The key pair, and the signatures for some paths.
pub(super) struct Signatures {
    /// The public key.
    pub(super) pem: String,
    /// By path: the parameters without the id of the key.
    paths: Vec<(&'static str, Vec<String>)>,
}

impl Signatures {
    /// Signs URLs of a host.
    pub(super) fn new(host: &str, paths: &[&'static str]) -> Result<Signatures, Failure> {
        let failed = |_| Failure("RSA signatures could not be made".into());
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
        let spki = pair.public_key().as_der().map_err(failed)?;
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let first = (since_1970 + VALID).as_secs();
        let signed = |path: &'static str| {
            let one = |number| parameters(&pair, host, path, first + number);
            let each = in_parallel(COUNT, |number| one(u64::try_from(number).unwrap_or_default()))?;
            let each: Option<Vec<String>> = each.into_iter().collect();
            Ok((path, each.ok_or_else(|| Failure("a URL could not be signed".into()))?))
        };
        let paths = paths.iter().map(|path| signed(path)).collect::<Result<Vec<_>, _>>()?;
        let key = PublicKey { kind: KeyKind::RsaBits2048, spki: spki.as_ref().to_vec() };
        let pem = key.to_pem();
        let pem = pem.map_err(|error| Failure(format!("a public key could not be written: {error:?}")))?;
        Ok(Signatures { pem, paths })
    }

    /// The signed targets of a path, which differ in their signatures.
    pub(super) fn targets(&self, path: &str, key_id: &str) -> Vec<String> {
        let signed = self.paths.iter().filter(|(signed, _)| *signed == path);
        let signed = signed.flat_map(|(path, parameters)| parameters.iter().map(move |one| (path, one)));
        signed.map(|(path, parameters)| format!("{path}?{parameters}&Key-Pair-Id={key_id}")).collect()
    }
}

fn parameters(pair: &KeyPair, host: &str, path: &str, expires: u64) -> Option<String> {
    let text = canned_text(Url { scheme: "http", host, target: path }, &expires.to_string());
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).ok()?;
    Some(format!("Expires={expires}&Signature={}&Hash-Algorithm=SHA256", base64::encode(&signature)))
}
