//! Proves a SigV4A signature with the signer's private scalar, which a server can derive because it knows the secret.
//!
//! A verifier that only has the public key Q computes R = u₁·G + u₂·Q and compares the x-coordinate of R with r
//! (FIPS 186-5, 6.4.2). With Q = d·G that is one multiplication of the base point, which SEC 1 has as the Alternative
//! Verifying Operation (version 2, 4.1.5):
//!
//! ```text
//! R = z·s⁻¹·G + r·s⁻¹·Q = s⁻¹·(z + r·d)·G
//! ```
//!
//! So both accept the same signatures, those with n − s in the place of s included. `docs/adr` says why this is done.
//!
//! What must stay true:
//!
//! - The time of a proof depends on nothing secret, which is d and the factor k = s⁻¹·(z + r·d): for a genuine signature
//!   k is its nonce, and who learns a nonce learns d. Only z, r, s and the point that comes out are public: the first
//!   three are on the wire, and the last follows from them and the public key. So s may be inverted in variable time.
//! - A stranger without the secret chooses k as a known affine function of d, and may repeat it without limit. So this must
//!   resist what a static key of a Diffie-Hellman exchange must resist.
//! - k, d and what is between them are cleared where this module names them, and on the heap. Copies that the compiler
//!   makes on the stack are overwritten by later calls.
//! - What is not strict DER of two integers from 1 to n − 1 is refused, as by aws-lc's `ECDSA_verify`.

mod base_point;

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use p256::ecdsa::Signature;
use p256::elliptic_curve::PrimeField as _;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::subtle::ConstantTimeEq as _;
use p256::{FieldBytes, Scalar};
use zeroize::Zeroizing;

use super::private_scalar;
use crate::signature::error::SignatureError;
use crate::signature::secret::Secret;

/// The private half of an access key's P-256 key pair, ready to prove signatures. It signs nothing.
///
/// `Debug` shows nothing of it, and its memory is cleared on drop.
pub struct V4aPrivateKey(Zeroizing<Scalar>);

impl V4aPrivateKey {
    /// Derives the private scalar.
    ///
    /// [`SignatureError::UnusableKey`] if no key follows from this access key, which has a probability of 2^-8000.
    pub fn derive(access_key_id: &str, secret: &Secret) -> Result<Self, SignatureError> {
        let scalar = private_scalar(access_key_id, secret).ok_or(SignatureError::UnusableKey)?;
        Self::from_scalar(&scalar).ok_or(SignatureError::UnusableKey)
    }

    /// Nothing unless the big-endian number is from 1 to n − 1.
    fn from_scalar(bytes: &[u8; 32]) -> Option<Self> {
        let bytes = Zeroizing::new(FieldBytes::from(*bytes));
        let scalar = Zeroizing::new(Option::<Scalar>::from(Scalar::from_repr(*bytes))?);
        (!bool::from(scalar.ct_eq(&Scalar::ZERO))).then_some(Self(scalar))
    }

    /// Whether a signature, in DER, is one of this text by this key: what ECDSA with P-256 and SHA-256 says with the
    /// public half.
    #[must_use]
    pub fn holds(&self, string_to_sign: &[u8], signature: &[u8]) -> bool {
        // Refuses what is no strict DER, and r or s outside of 1 to n − 1.
        let Ok(signature) = Signature::from_der(signature) else { return false };
        let Ok(z) = <[u8; 32]>::try_from(digest(&SHA256, string_to_sign).as_ref()) else { return false };
        let (r, s) = signature.split_scalars();
        let Some(s_inverse) = Option::<Scalar>::from(s.as_ref().invert_vartime()) else { return false };
        let product = Zeroizing::new(*r * *self.0);
        let sum = Zeroizing::new(reduced(z) + *product);
        let k = Zeroizing::new(s_inverse * *sum);
        // The point at infinity has no x-coordinate. That k is zero tells a sender who meant it that z = −r·d, and he
        // cannot mean it without d.
        if bool::from(k.ct_eq(&Scalar::ZERO)) {
            return false;
        }
        let k = Zeroizing::new(<[u8; 32]>::from(k.to_bytes()));
        base_point::x_of_multiple(&k).is_some_and(|x| is_x(x, r.as_ref()))
    }
}

impl fmt::Debug for V4aPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("V4aPrivateKey(..)")
    }
}

/// Whether an x-coordinate, which may be n or more, is r modulo n.
fn is_x(x: [u8; 32], r: &Scalar) -> bool {
    reduced(x).ct_eq(r).into()
}

/// A big-endian number modulo n, in constant time. One subtraction is enough, because 2^256 is less than 2·n.
fn reduced(number: [u8; 32]) -> Scalar {
    Reduce::<FieldBytes>::reduce(&FieldBytes::from(number))
}

#[cfg(test)]
mod tests;
