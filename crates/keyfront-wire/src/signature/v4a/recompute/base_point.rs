//! Multiples of P-256's base point by a secret factor.
//!
//! aws-lc-rs takes the factor as if it were a private key and gives its public key. aws-lc's arithmetic for that (Gueron
//! and Krasnov's, with s2n-bignum's inversion) is written to take a constant time.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};

/// The x-coordinate of k·G, big-endian. Nothing unless k is from 1 to n − 1.
pub(super) fn x_of_multiple(k: &[u8; 32]) -> Option<[u8; 32]> {
    let key = PrivateKey::from_private_key(&ECDH_P256, k).ok()?;
    x_of(key.compute_public_key().ok()?.as_ref())
}

/// From the uncompressed form of a point: `04`, x, y (SEC 1, 2.3.3).
fn x_of(point: &[u8]) -> Option<[u8; 32]> {
    let (4, coordinates) = point.split_first()? else { return None };
    let (x, y) = coordinates.split_first_chunk()?;
    (y.len() == 32).then_some(*x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the point multiplication examples for P-256 that NIST published with SP 800-186 ("nistecc"): k and x.
    const MULTIPLES: [(&str, &str); 5] = [
        ("01", "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
        ("02", "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978"),
        ("03", "5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c"),
        ("14", "83a01a9378395bab9bcd6a0ad03cc56d56e6b19250465a94a234dc4c6b28da9a"),
        (
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        ),
    ];

    fn number(hexadecimal: &str) -> [u8; 32] {
        hex::decode(format!("{hexadecimal:0>64}")).unwrap().try_into().unwrap()
    }

    #[test]
    fn multiples_are_those_that_nist_published() {
        for (k, x) in MULTIPLES {
            assert_eq!(x_of_multiple(&number(k)), Some(number(x)), "{k}");
        }
    }

    #[test]
    fn zero_and_the_order_have_no_multiple() {
        for k in ["00", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", &"ff".repeat(32)]
        {
            assert_eq!(x_of_multiple(&number(k)), None, "{k}");
        }
    }

    #[test]
    fn a_point_is_read_from_its_uncompressed_form_alone() {
        let point = |first: u8, length: usize| [vec![first], vec![7; length]].concat();
        for (bytes, x) in [
            (point(4, 64), Some([7; 32])),
            (point(2, 32), None),
            (point(2, 64), None),
            (point(4, 63), None),
            (point(4, 65), None),
            (vec![], None),
        ] {
            assert_eq!(x_of(&bytes), x, "{bytes:?}");
        }
    }
}
