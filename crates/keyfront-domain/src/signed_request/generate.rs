//! Generates key pairs of the kinds and sizes that CloudFront takes.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use pem_rfc7468::LineEnding;

use super::signing_key::SigningKey;
use crate::public_key::KeyKind;

/// A new key pair. It has no `Debug`, because its private half is a secret.
pub struct GeneratedKey {
    /// The private key as PEM of PKCS #8 (RFC 5958), which every signer reads.
    pub private_pem: String,
    /// Its public key as PEM of a SubjectPublicKeyInfo, which is what CloudFront is given.
    pub public_pem: String,
}

/// The library could not make a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no key could be made")]
pub struct GenerationFailed;

/// Makes a key pair. An RSA key takes a good part of a second.
pub fn generate(kind: KeyKind) -> Result<GeneratedKey, GenerationFailed> {
    let failed = |_reason: Unspecified| GenerationFailed;
    let private_pem = match kind {
        KeyKind::RsaBits2048 => {
            let key = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
            let der: Pkcs8V1Der<'_> = key.as_der().map_err(failed)?;
            to_pem(der.as_ref())?
        }
        KeyKind::EcdsaP256 => {
            let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map_err(failed)?;
            to_pem(key.to_pkcs8v1().map_err(failed)?.as_ref())?
        }
    };
    // Read back as it will be read, so that no key is handed out that cannot be used.
    let public = SigningKey::from_pem(&private_pem).ok().and_then(|key| key.public_key().ok());
    let public_pem = public.and_then(|key| key.to_pem().ok()).ok_or(GenerationFailed)?;
    Ok(GeneratedKey { private_pem, public_pem })
}

fn to_pem(der: &[u8]) -> Result<String, GenerationFailed> {
    pem_rfc7468::encode_string("PRIVATE KEY", LineEnding::LF, der).map_err(|_too_long| GenerationFailed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public_key::PublicKey;

    #[test]
    fn a_new_key_is_of_its_kind_and_no_two_are_the_same() {
        for kind in [KeyKind::RsaBits2048, KeyKind::EcdsaP256] {
            let keys = [generate(kind), generate(kind)].map(|key| key.ok().unwrap());
            assert_ne!(keys[0].private_pem, keys[1].private_pem);
            for key in keys {
                let public = PublicKey::parse(&key.public_pem).unwrap();
                assert_eq!(public.kind, kind);
                let private = SigningKey::from_pem(&key.private_pem).ok().unwrap();
                assert_eq!(private.public_key(), Ok(public));
            }
        }
    }
}
