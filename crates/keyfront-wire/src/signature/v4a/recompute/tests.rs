//! The proof by recomputation beside aws-lc-rs's verification: both say the same of every signature.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::EcdsaKeyPair;

use super::super::{V4aPublicKey, key_pair, public_key};
use super::*;

/// The order n of the base point (SP 800-186, 3.2.1.3).
const N: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// One key, as both ways of proving want it, and as a signer does.
struct Key {
    private: V4aPrivateKey,
    public: V4aPublicKey,
    signer: EcdsaKeyPair,
}

impl Key {
    fn new(scalar: &[u8; 32]) -> Key {
        Key {
            private: V4aPrivateKey::from_scalar(scalar).unwrap(),
            public: V4aPublicKey(public_key(scalar).unwrap()),
            signer: key_pair(scalar).unwrap(),
        }
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.signer.sign(&SystemRandom::new(), text).unwrap().as_ref().to_vec()
    }

    /// What both say.
    fn verdict(&self, text: &[u8], signature: &[u8]) -> bool {
        let verified = self.public.holds(text, signature);
        let recomputed = self.private.holds(text, signature);
        assert_eq!(recomputed, verified, "{} for {}", hex::encode(signature), hex::encode(text));
        recomputed
    }
}

/// Numbers that are the same in each run.
struct Numbers([u8; 32]);

impl Numbers {
    fn next(&mut self) -> [u8; 32] {
        self.0 = digest(&SHA256, &self.0).as_ref().try_into().unwrap();
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(u16::from_be_bytes([self.next()[0], self.next()[1]])) % bound
    }
}

fn number(hexadecimal: &str) -> [u8; 32] {
    hex::decode(format!("{hexadecimal:0>64}")).unwrap().try_into().unwrap()
}

/// n plus or minus a little.
fn near_n(difference: i8) -> Vec<u8> {
    let mut bytes = number(N);
    bytes[31] = bytes[31].checked_add_signed(difference).unwrap();
    bytes.to_vec()
}

/// An INTEGER in DER, of a number whose leading zeros do not count.
fn integer(big_endian: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = big_endian.iter().copied().skip_while(|digit| *digit == 0).collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    [vec![2, u8::try_from(digits.len()).unwrap()], digits].concat()
}

fn sequence(elements: &[u8]) -> Vec<u8> {
    [&[0x30, u8::try_from(elements.len()).unwrap()], elements].concat()
}

fn signature(r: &[u8], s: &[u8]) -> Vec<u8> {
    sequence(&[integer(r), integer(s)].concat())
}

/// r and s of a genuine signature.
fn split(der: &[u8]) -> (Scalar, Scalar) {
    let signature = Signature::from_der(der).unwrap();
    (*signature.r(), *signature.s())
}

#[test]
fn the_vectors_of_rfc_6979_hold() {
    // RFC 6979, A.2.5: the key, and what it signs with SHA-256.
    let key = Key::new(&number("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
    for (text, r, s) in [
        (
            "sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        ),
        (
            "test",
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
        ),
    ] {
        let signature = signature(&number(r), &number(s));
        assert!(key.verdict(text.as_bytes(), &signature), "{text}");
        assert!(!key.verdict(b"other", &signature), "{text}");
    }
}

/// 20,000 signatures of 40 keys, each as it is and with something altered.
#[test]
fn both_ways_agree_on_random_signatures_genuine_and_altered() {
    let mut numbers = Numbers([0x5a; 32]);
    for _ in 0..40 {
        let key = Key::new(&numbers.next());
        for _ in 0..500 {
            let mut text = numbers.next().to_vec();
            let mut signature = key.sign(&text);
            assert!(key.verdict(&text, &signature));
            let at = numbers.below(signature.len());
            let bit = 1 << numbers.below(8);
            match numbers.below(4) {
                0 => text[at % 32] ^= bit,
                1 => signature[at] = signature[at].wrapping_add(bit),
                _ => signature[at] ^= bit,
            }
            assert!(!key.verdict(&text, &signature));
        }
    }
}

/// Whatever single byte of a signature changes, is missing or is too much.
#[test]
fn both_ways_agree_on_every_malformed_signature() {
    let mut numbers = Numbers([0xc3; 32]);
    let key = Key::new(&numbers.next());
    let genuine = key.sign(b"text");
    for at in 0..genuine.len() {
        for change in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
            let mut signature = genuine.clone();
            signature[at] ^= change;
            assert!(!key.verdict(b"text", &signature));
        }
        let mut signature = genuine.clone();
        signature.remove(at);
        assert!(!key.verdict(b"text", &signature));
        assert!(!key.verdict(b"text", &genuine[..at]));
        for added in [0, 1, 0x7f, 0x80, 0xff] {
            let mut signature = genuine.clone();
            signature.insert(at, added);
            assert!(!key.verdict(b"text", &signature));
        }
    }
}

/// Signatures of the text "text" whose encoding or whose numbers lie at a limit.
#[test]
fn both_ways_agree_at_the_limits() {
    let key = Key::new(&number("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
    let genuine = key.sign(b"text");
    let (r, s) = split(&genuine);
    let (r_bytes, s_bytes) = (r.to_bytes().to_vec(), s.to_bytes().to_vec());
    let other_s = (-s).to_bytes().to_vec();
    let (r_der, s_der) = (integer(&r_bytes), integer(&s_bytes));
    let padded = |der: &[u8]| [&[2, der[1] + 1, 0], &der[2..]].concat();
    let one = [1];
    // With r = −z/d the factor is zero, whatever s is.
    let z = reduced(digest(&SHA256, b"text").as_ref().try_into().unwrap());
    let infinity = (-z * Option::<Scalar>::from(key.private.0.invert()).unwrap()).to_bytes();
    // A signature with the nonce 1: r is the x-coordinate of the base point itself.
    let g = reduced(number("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"));
    let s_of_one = z + g * *key.private.0;
    let long_form = [&[0x30, 0x81], &genuine[1..]].concat();
    for (what, signature, holds) in [
        ("as signed", genuine.clone(), true),
        ("n − s for s", signature(&r_bytes, &other_s), true),
        ("n − r for r", signature(&(-r).to_bytes(), &s_bytes), false),
        ("the nonce 1", signature(&g.to_bytes(), &s_of_one.to_bytes()), true),
        ("the nonce n − 1", signature(&g.to_bytes(), &(-s_of_one).to_bytes()), true),
        ("the nonce 0", signature(&infinity, &one), false),
        ("the nonce 0, another s", signature(&infinity, &s_bytes), false),
        ("r = 0", signature(&[0], &s_bytes), false),
        ("s = 0", signature(&r_bytes, &[0]), false),
        ("both 0", signature(&[0], &[0]), false),
        ("r = 1", signature(&one, &s_bytes), false),
        ("s = 1", signature(&r_bytes, &one), false),
        ("r = n", signature(&near_n(0), &s_bytes), false),
        ("s = n", signature(&r_bytes, &near_n(0)), false),
        ("both n", signature(&near_n(0), &near_n(0)), false),
        ("r = n − 1", signature(&near_n(-1), &s_bytes), false),
        ("s = n − 1", signature(&r_bytes, &near_n(-1)), false),
        ("r = n + 1, s = 1", signature(&near_n(1), &one), false),
        ("s = n + 1", signature(&r_bytes, &near_n(1)), false),
        ("r = 2^256 − 1", signature(&[0xff; 32], &s_bytes), false),
        ("r of 33 bytes", signature(&[&[1], r_bytes.as_slice()].concat(), &s_bytes), false),
        ("s of 33 bytes", signature(&r_bytes, &[&[1], s_bytes.as_slice()].concat()), false),
        ("r twice", signature(&r_bytes, &r_bytes), false),
        ("s first", sequence(&[s_der.clone(), r_der.clone()].concat()), false),
        ("r with a zero too much", sequence(&[padded(&r_der), s_der.clone()].concat()), false),
        ("s with a zero too much", sequence(&[r_der.clone(), padded(&s_der)].concat()), false),
        ("r negative", sequence(&[vec![2, 1, 0xff], s_der.clone()].concat()), false),
        ("r empty", sequence(&[vec![2, 0], s_der.clone()].concat()), false),
        ("s absent", sequence(&r_der), false),
        ("a third number", sequence(&[r_der.clone(), s_der.clone(), vec![2, 1, 1]].concat()), false),
        ("no sequence", [r_der, s_der].concat(), false),
        ("a length in long form", long_form, false),
        ("of indefinite length", [&[0x30, 0x80], &genuine[2..], &[0, 0]].concat(), false),
        ("a byte behind it", [genuine.as_slice(), &[0]].concat(), false),
        ("as two numbers without DER", [r_bytes, s_bytes].concat(), false),
        ("empty", vec![], false),
    ] {
        assert_eq!(key.verdict(b"text", &signature), holds, "{what}: {}", hex::encode(signature));
    }
}

#[test]
fn keys_at_the_limits_agree_too() {
    for scalar in [number("01"), number("02"), near_n(-1).try_into().unwrap(), near_n(-2).try_into().unwrap()]
    {
        let key = Key::new(&scalar);
        for text in [b"".as_slice(), b"text", &[0; 1_000]] {
            let signature = key.sign(text);
            assert!(key.verdict(text, &signature));
            assert!(!key.verdict(b"other", &signature));
        }
    }
    for no_key in [number("00"), near_n(0).try_into().unwrap(), [0xff; 32]] {
        assert!(V4aPrivateKey::from_scalar(&no_key).is_none(), "{}", hex::encode(no_key));
    }
}

/// Of Wycheproof's messages: its SHA-256 is n or more, so it counts modulo n.
#[test]
fn a_text_whose_hash_is_above_the_order_is_reduced() {
    let text = b"3610672442";
    assert!(digest(&SHA256, text).as_ref() > number(N).as_slice());
    let key = Key::new(&number("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
    for _ in 0..8 {
        assert!(key.verdict(text, &key.sign(text)));
    }
}

/// No factor is known whose x-coordinate is n or more, so the comparison is tested by itself.
#[test]
fn an_x_coordinate_counts_modulo_the_order() {
    let x = near_n(5).try_into().unwrap();
    assert!(is_x(x, &Scalar::from(5_u64)));
    assert!(!is_x(x, &Scalar::from(6_u64)));
    assert!(is_x(number("05"), &Scalar::from(5_u64)));
}

#[test]
fn numbers_from_the_order_on_are_reduced_once() {
    for (number, expected) in [
        (near_n(-1), -Scalar::ONE),
        (near_n(0), Scalar::ZERO),
        (near_n(1), Scalar::ONE),
        (vec![0; 32], Scalar::ZERO),
        // 2^256 − 1 = (2^128)² − 1.
        (
            vec![0xff; 32],
            Scalar::from(u128::MAX) * Scalar::from(u128::MAX) + Scalar::from(u128::MAX).double(),
        ),
    ] {
        assert_eq!(reduced(number.clone().try_into().unwrap()), expected, "{}", hex::encode(number));
    }
}

#[test]
fn debug_shows_nothing() {
    let key =
        V4aPrivateKey::derive("AKIDEXAMPLE", &"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into()).unwrap();
    assert_eq!(format!("{key:?}"), "V4aPrivateKey(..)");
}
