//! The local authority: signs certificates for any name, for https on this machine.
//!
//! It is made on first use, in the user's data folder, and trusted by no program until someone tells it to. Its key is as
//! dangerous as it is useful: with it one can be any server for all who trust the authority. So the key never leaves its
//! folder, and nothing but `keyfront dev` uses it.

mod folder;
mod leaves;

use std::fs;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SerialNumber,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::atomic_file::{self, ORDINARY, PRIVATE};
use crate::config::read_secret;
use crate::failure::Failure;

pub(crate) use folder::AuthorityFolder;
pub(crate) use leaves::Leaves;

const KEY_FILE: &str = "authority.key";
const CERTIFICATE_FILE: &str = "authority.pem";

/// How long the authority is valid.
const YEARS: i64 = 10;
/// How long a certificate of a server is valid. Browsers accept at most 398 days.
const LEAF_DAYS: i64 = 397;

/// An authority and its key.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// The certificate, in PEM.
    certificate: String,
}

/// A certificate of a server with the authority's behind it, and its key, both PEM.
pub(crate) struct Leaf {
    pub(crate) chain: String,
    pub(crate) key: String,
}

impl Authority {
    /// Opens the authority in a folder, or makes one there.
    pub(crate) fn open(folder: &Path, now: OffsetDateTime) -> Result<Authority, Failure> {
        let unusable = |error: &dyn std::error::Error| {
            Failure::because(format!("the local authority in {} cannot be used", folder.display()), error)
        };
        let (key_path, certificate_path) = (folder.join(KEY_FILE), folder.join(CERTIFICATE_FILE));
        if !key_path.exists() {
            let key = KeyPair::generate().map_err(|error| unusable(&error))?;
            fs::create_dir_all(folder).map_err(|error| unusable(&error))?;
            // Another process may have been faster; then its key is the one.
            if let Err(error) = atomic_file::create(&key_path, key.serialize_pem().as_bytes(), PRIVATE)
                && !key_path.exists()
            {
                return Err(unusable(&error));
            }
        }
        let key = String::from_utf8(read_secret(&key_path)?).map_err(|error| unusable(&error))?;
        let key = KeyPair::from_pem(&key).map_err(|error| unusable(&error))?;
        let params = params_of_authority(&key, now);
        if !certificate_path.exists() {
            let made = params.self_signed(&key).map_err(|error| unusable(&error))?;
            let written = atomic_file::create(&certificate_path, made.pem().as_bytes(), ORDINARY);
            if let Err(error) = written
                && !certificate_path.exists()
            {
                return Err(unusable(&error));
            }
        }
        let certificate = fs::read_to_string(&certificate_path).map_err(|error| unusable(&error))?;
        Ok(Authority { issuer: Issuer::new(params, key), certificate })
    }

    /// Its certificate, in PEM.
    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Signs a certificate for names and addresses, with a key of its own.
    pub(crate) fn sign(&self, names: &[&str], now: OffsetDateTime) -> Result<Leaf, rcgen::Error> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = DistinguishedName::new();
        params.not_before = now - Duration::DAY;
        params.not_after = now + Duration::days(LEAF_DAYS);
        params.serial_number = Some(serial_number());
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Leaf { chain: certificate.pem() + &self.certificate, key: key.serialize_pem() })
    }
}

/// What the authority's certificate says. Its name follows from its key, so that it can be said again without the
/// certificate, and so that two authorities have two names.
fn params_of_authority(key: &KeyPair, now: OffsetDateTime) -> CertificateParams {
    let mut params = CertificateParams::default();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key.public_key_raw());
    let short = digest.as_ref().first_chunk().copied().map(u32::from_be_bytes).unwrap_or_default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Keyfront");
    params.distinguished_name.push(DnType::CommonName, format!("Keyfront local authority {short:08x}"));
    params.not_before = now - Duration::DAY;
    params.not_after = now + Duration::days(YEARS * 365);
    params.serial_number = Some(serial_number());
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A positive number that no other certificate has (RFC 5280, section 4.1.2.2).
fn serial_number() -> SerialNumber {
    let mut bytes = *Uuid::new_v4().as_bytes();
    if let Some(first) = bytes.first_mut() {
        *first &= 0x7f;
    }
    SerialNumber::from_slice(&bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use keyfront_http::TlsSettings;

    use super::*;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    #[test]
    fn an_authority_is_made_once_and_its_key_is_its_owners_alone() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("keyfront");
        let first = Authority::open(&folder, NOW).unwrap();
        let second = Authority::open(&folder, NOW).unwrap();
        assert_eq!(first.certificate(), second.certificate());
        let mode = fs::metadata(folder.join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        Authority::open(folder.path(), NOW).unwrap();
        let path = folder.path().join(KEY_FILE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = Authority::open(folder.path(), NOW).err().unwrap().to_string();
        assert!(error.contains("others can read it"), "{error}");
    }

    #[test]
    fn certificates_are_for_their_names_and_have_a_key() {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::open(folder.path(), NOW).unwrap();
        let leaf = authority.sign(&["d111111abcdef8.cloudfront.net", "127.0.0.1"], NOW).unwrap();
        let names = keyfront_http::dns_names(leaf.chain.as_bytes()).unwrap();
        assert_eq!(names, ["d111111abcdef8.cloudfront.net"]);
        TlsSettings::default().build(leaf.chain.as_bytes(), leaf.key.as_bytes()).unwrap();
        assert!(leaf.chain.ends_with(authority.certificate()));
    }
}
