//! Tests of public keys: which PEM is accepted, and what is said of the rest.

use keyfront_error::{Code, ServiceError};

use super::*;

macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("../../../keyfront-testkit/fixtures/public-keys/", $name, ".pem"))
    };
}

const RSA: &str = pem!("rsa-2048");
const P256: &str = pem!("p-256");

fn kind(encoded: &str) -> Option<KeyKind> {
    PublicKey::parse(encoded).ok().map(|key| key.kind)
}

#[test]
fn rsa_of_2048_bits_and_ecdsa_on_p256_are_public_keys_and_no_others() {
    for (what, encoded, expected) in [
        ("RSA 2048", RSA, Some(KeyKind::RsaBits2048)),
        ("P-256", P256, Some(KeyKind::EcdsaP256)),
        ("RSA 1024", pem!("rsa-1024"), None),
        ("RSA 3072", pem!("rsa-3072"), None),
        ("RSA 4096", pem!("rsa-4096"), None),
        ("RSA for PSS alone", pem!("rsa-pss-2048"), None),
        ("P-384", pem!("p-384"), None),
        ("secp256k1", pem!("secp256k1"), None),
        ("Ed25519", pem!("ed25519"), None),
        ("a compressed point", pem!("p-256-compressed"), None),
        ("a curve by its parameters", pem!("p-256-explicit"), None),
        ("PKCS#1", pem!("rsa-2048-pkcs1"), None),
        ("a private key", pem!("rsa-2048-private"), None),
        ("a certificate", pem!("certificate"), None),
    ] {
        assert_eq!(kind(encoded), expected, "{what}");
    }
}

/// Lines of another length and other line ends are what other tools write; the rest is no PEM.
#[test]
fn the_text_must_be_pem() {
    let body: String = RSA.lines().filter(|line| !line.starts_with('-')).collect();
    let wrapped = |width: usize| {
        let lines: Vec<&str> =
            body.as_bytes().chunks(width).map(|l| std::str::from_utf8(l).unwrap()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    };
    let trimmed = RSA.trim_end();
    for (what, encoded, accepted) in [
        ("without the last newline", trimmed.to_owned(), true),
        ("with more newlines", format!("\n{trimmed}\n\n"), true),
        ("with CRLF", RSA.replace('\n', "\r\n"), true),
        ("in lines of 76", wrapped(76), true),
        ("with one line of base64", wrapped(4000), true),
        ("on one line", RSA.replace('\n', ""), false),
        ("on one line with spaces", RSA.replace('\n', " "), false),
        ("with escaped newlines", RSA.replace('\n', "\\n"), false),
        ("without its frame", body.clone(), false),
        ("with text before it", format!("Public-Key: (2048 bit)\n{RSA}"), false),
        ("with text after it", format!("{RSA}x"), false),
        ("twice", format!("{RSA}{RSA}"), false),
        ("with another label", RSA.replace("PUBLIC", "RSA PUBLIC"), false),
        ("with labels that differ", RSA.replacen("PUBLIC", "PRIVATE", 1), false),
        ("cut short", trimmed.chars().take(300).collect(), false),
        ("empty", String::new(), false),
        ("only a frame", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n".to_owned(), false),
        ("only half a frame", "-----BEGIN ".to_owned(), false),
        ("with four thousand spaces", format!("{RSA}{}", " ".repeat(4000)), false),
        ("not text", "\u{0}\u{fffd}".to_owned(), false),
    ] {
        assert_eq!(kind(&encoded).is_some(), accepted, "{what}");
    }
}

#[test]
fn the_key_must_be_all_that_the_pem_holds() {
    for pem in [RSA, P256] {
        let spki = PublicKey::parse(pem).unwrap().spki;
        let encode =
            |der: &[u8]| pem_rfc7468::encode_string("PUBLIC KEY", pem_rfc7468::LineEnding::LF, der).unwrap();
        assert_eq!(encode(&spki), pem);
        assert_eq!(kind(&encode(&[&spki[..], &[0]].concat())), None, "a byte more");
        assert_eq!(kind(&encode(&spki[..spki.len() - 1])), None, "a byte less");
        for place in [0, 1, 5, 20] {
            let mut damaged = spki.clone();
            damaged[place] ^= 1;
            assert_eq!(kind(&encode(&damaged)), None, "byte {place} is another");
        }
    }
    // A point that is not on the curve.
    let mut spki = PublicKey::parse(P256).unwrap().spki;
    *spki.last_mut().unwrap() ^= 1;
    assert!(!is_p256(&spki));
}

fn config() -> PublicKeyConfig {
    PublicKeyConfig {
        caller_reference: "1".to_owned(),
        name: "key".to_owned(),
        encoded_key: RSA.to_owned(),
        comment: None,
    }
}

#[test]
fn a_config_says_what_is_wrong_with_it() {
    for (config, expected) in [
        (config(), "ok"),
        (PublicKeyConfig { comment: Some("ü".repeat(128)), ..config() }, "ok"),
        (
            PublicKeyConfig { comment: Some("x".repeat(129)), ..config() },
            "InvalidArgument: The parameter Comment is not valid. It must have at most 128 characters.",
        ),
        (
            PublicKeyConfig { name: "a key".to_owned(), ..config() },
            "InvalidArgument: The parameter Name is not valid. It must have 1 to 128 letters, digits, \
             hyphens and underscores.",
        ),
        (
            PublicKeyConfig { caller_reference: String::new(), ..config() },
            "InvalidArgument: The parameter CallerReference is required.",
        ),
        (
            PublicKeyConfig { encoded_key: "key".to_owned(), ..config() },
            "InvalidArgument: Your request contains empty/invalid/out of limits RSA Encoded Key",
        ),
    ] {
        let said = config.check().map_or_else(|refusal| refusal.to_string(), |()| "ok".to_owned());
        assert_eq!(said, expected);
    }
}

#[test]
fn only_the_comment_can_change() {
    let changed = PublicKeyConfig { comment: Some("new".to_owned()), ..config() };
    assert_eq!(config().check_change(&changed), Ok(()));
    let bare = PublicKeyConfig { encoded_key: RSA.trim_end().to_owned(), ..config() };
    assert_eq!(config().check_change(&bare), Ok(()));
    assert_eq!(bare.check_change(&config()), Ok(()));
    for other in [
        PublicKeyConfig { caller_reference: "2".to_owned(), ..config() },
        PublicKeyConfig { name: "other".to_owned(), ..config() },
        PublicKeyConfig { encoded_key: P256.to_owned(), ..config() },
    ] {
        let code = config().check_change(&other).map_err(|refusal: ServiceError| refusal.code());
        assert_eq!(code, Err(Code::CannotChangeImmutablePublicKeyFields), "{other:?}");
    }
}

#[test]
fn a_key_has_one_newline_at_its_end() {
    for (sent, kept) in [
        ("a\nb", "a\nb\n"),
        ("a\n", "a\n"),
        ("a\n\n \t", "a\n"),
        (" a\r\nb\r\n\r\n", " a\r\nb\r\n"),
        ("", "\n"),
    ] {
        assert_eq!(with_final_newline(sent), kept, "{sent:?}");
    }
}

/// The service has one sentence for all of these.
#[test]
fn a_person_is_told_what_the_text_is_instead_of_a_public_key() {
    use NotAPublicKey as Not;
    let ssh = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ someone";
    let twice = format!("{RSA}{P256}");
    for (encoded, expected) in [
        ("", Not::Empty),
        (" \n", Not::Empty),
        (pem!("rsa-2048-private"), Not::PrivateKey),
        (&format!("{RSA}{}", pem!("rsa-2048-private")), Not::PrivateKey),
        (pem!("certificate"), Not::Certificate),
        (pem!("rsa-2048-pkcs1"), Not::Pkcs1),
        (ssh, Not::Ssh),
        ("hello", Not::NotPem),
        (&format!("Public-Key: (2048 bit)\n{RSA}"), Not::NotPem),
        (&RSA.replace('\n', ""), Not::JoinedLines),
        (&RSA.replace('\n', "\\n"), Not::JoinedLines),
        (&twice, Not::TrailingText),
        (&RSA.replace("\n-----END PUBLIC KEY-----", ""), Not::DamagedPem),
        (&RSA.replacen("MII", "M!I", 1), Not::DamagedPem),
        (pem!("rsa-1024"), Not::RsaSize { bits: 1024 }),
        (pem!("rsa-3072"), Not::RsaSize { bits: 3072 }),
        (pem!("rsa-4096"), Not::RsaSize { bits: 4096 }),
        (pem!("rsa-pss-2048"), Not::RsaPss),
        (pem!("p-384"), Not::Curve),
        (pem!("secp256k1"), Not::Curve),
        (pem!("p-256-compressed"), Not::Curve),
        (pem!("p-256-explicit"), Not::Curve),
        (pem!("ed25519"), Not::OtherAlgorithm),
    ] {
        assert_eq!(PublicKey::examine(encoded), Err(expected), "{encoded}");
    }
    assert_eq!(PublicKey::examine(RSA), Ok(PublicKey::parse(RSA).unwrap()));
}

#[test]
fn a_key_is_written_as_it_was_read() {
    for pem in [RSA, P256] {
        assert_eq!(PublicKey::parse(pem).unwrap().to_pem().as_deref(), Ok(pem));
    }
}
