//! The keys and times that all tests of signed requests share.

mod denials;
mod diagnoses;
mod patterns;
mod policies;
mod properties;
mod signers;
mod signing;
mod vectors;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use super::*;
use crate::public_key::PublicKey;

const EXPIRES: u64 = 1_767_290_400;
const BEFORE: u64 = EXPIRES - 1;
const VIEWER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

const RSA_PKCS8: &str = include_str!("fixtures/rsa-pkcs8.pem");
const RSA_PKCS1: &str = include_str!("fixtures/rsa-pkcs1.pem");
const EC_PKCS8: &str = include_str!("fixtures/ec-pkcs8.pem");
const EC_SEC1: &str = include_str!("fixtures/ec-sec1.pem");

static RSA: LazyLock<VerifyingKey> = LazyLock::new(|| public(include_str!("fixtures/rsa-public.pem")));
static EC: LazyLock<VerifyingKey> = LazyLock::new(|| public(include_str!("fixtures/ec-public.pem")));
static RSA_SECRET: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_pem(RSA_PKCS8).unwrap());
static EC_SECRET: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_pem(EC_PKCS8).unwrap());

fn public(pem: &str) -> VerifyingKey {
    VerifyingKey::new(&PublicKey::parse(pem).unwrap()).unwrap()
}

fn trusted(id: &str) -> Option<&'static VerifyingKey> {
    match id {
        "KRSA" => Some(&RSA),
        "KEC" => Some(&EC),
        _ => None,
    }
}

fn rsa_signer() -> Signer<'static> {
    Signer { key: &RSA_SECRET, key_pair_id: "KRSA", hash: HashAlgorithm::Sha1 }
}

/// A request for an absolute URL, one second before its time is over.
fn request<'r>(url: &'r str, cookies: &'r [&'r [u8]]) -> ViewerRequest<'r> {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (host, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    ViewerRequest { scheme, host, target, cookies, viewer_ip: VIEWER, now: BEFORE }
}

fn verify_url(url: &str) -> Result<Verified<'_>, Denial> {
    verify(&request(url, &[]), trusted)
}

fn verify_cookies(url: &str, cookies: &str) -> Result<String, Denial> {
    let headers = [cookies.as_bytes()];
    verify(&request(url, &headers), trusted).map(|verified| verified.target.into_owned())
}
