//! What is signed here, and by which keys.

use super::*;

#[test]
fn every_key_and_hash_and_form_verifies() {
    let url = "https://h/a?size=large&color=red";
    for (pem, key_pair_id) in [(RSA_PKCS8, "KRSA"), (RSA_PKCS1, "KRSA"), (EC_PKCS8, "KEC"), (EC_SEC1, "KEC")]
    {
        let key = SigningKey::from_pem(pem).unwrap();
        for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
            let signer = Signer { key: &key, key_pair_id, hash };
            let policy = CustomPolicy {
                resource: "https://h/*",
                expires: EXPIRES,
                not_before: Some(1),
                source_ip: SourceIp::parse("192.0.2.0/24"),
            };
            for terms in [Terms::Canned { expires: EXPIRES }, Terms::Custom(policy.to_json())] {
                let in_url = signer.sign_url(url, &terms).unwrap();
                assert_eq!(verify_url(&in_url).unwrap().target, "/a?size=large&color=red");
                let cookies = signer.sign_cookies(url, &terms).unwrap();
                let cookies: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
                assert_eq!(
                    verify_cookies(url, &cookies.join("; ")),
                    Ok("/a?size=large&color=red".to_owned())
                );
            }
        }
        let public_key = key.public_key().unwrap();
        let signature = key.sign(HashAlgorithm::Sha1, b"x").unwrap();
        assert!(VerifyingKey::new(&public_key).unwrap().signed(HashAlgorithm::Sha1, b"x", &signature));
    }
}

#[test]
fn signed_urls_have_the_parameters_of_the_sdks_in_their_order() {
    let names = |signed: &str| -> Vec<String> {
        let query = signed.split_once('?').unwrap().1;
        query.split('&').map(|part| part.split('=').next().unwrap().to_owned()).collect()
    };
    let canned = Terms::Canned { expires: EXPIRES };
    let signed = rsa_signer().sign_url("https://h/a?own=1", &canned).unwrap();
    assert_eq!(names(&signed), ["own", "Expires", "Signature", "Key-Pair-Id"]);
    let sha256 = Signer { hash: HashAlgorithm::Sha256, ..rsa_signer() };
    let signed = sha256.sign_url("https://h/a?", &Terms::Custom("{}".to_owned())).unwrap();
    assert_eq!(names(&signed), ["Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"]);
    let cookies = sha256.sign_cookies("https://h/a", &canned).unwrap();
    let names: Vec<_> = cookies.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["CloudFront-Expires", "CloudFront-Signature", "CloudFront-Key-Pair-Id", "CloudFront-Hash-Algorithm"]
    );
}

#[test]
fn signatures_are_the_same_bytes_as_openssls() {
    // The first case that `fixtures/capture.py` captured: PKCS #1 v1.5 leaves no choice.
    let captured = include_str!("fixtures/signers.json");
    for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
        let url = "https://d111111abcdef8.cloudfront.net/images/image.jpg?size=large&color=red";
        let signed =
            Signer { hash, ..rsa_signer() }.sign_url(url, &Terms::Canned { expires: EXPIRES }).unwrap();
        assert!(captured.contains(&signed), "{signed}");
    }
}

#[test]
fn urls_that_cannot_be_signed_are_refused() {
    for url in [
        "/a",
        "ftp://h/a",
        "https://",
        "https:///a",
        "https://h?a=1",
        "https://h/a b",
        "https://h/a#b",
        "https://h/\"",
        "https://h/\\",
        "https://h/a?Expires=1",
        "https://h/a?b=1&Hash-Algorithm=SHA1",
        "",
    ] {
        assert!(rsa_signer().sign_url(url, &Terms::Canned { expires: 1 }).is_err(), "{url}");
    }
}

#[test]
fn private_keys_that_cannot_be_used_say_why() {
    let block = |label: &str| format!("-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n");
    for (pem, wanted) in [
        (String::new(), SigningKeyError::NoKey),
        ("KRSA".to_owned(), SigningKeyError::NoKey),
        (include_str!("fixtures/rsa-public.pem").to_owned(), SigningKeyError::NoKey),
        (block("ENCRYPTED PRIVATE KEY"), SigningKeyError::Encrypted),
        (block("RSA PRIVATE KEY"), SigningKeyError::Unusable),
        (block("EC PRIVATE KEY"), SigningKeyError::Unusable),
        (block("PRIVATE KEY"), SigningKeyError::Unusable),
        (include_str!("fixtures/rsa-3072.pem").to_owned(), SigningKeyError::RsaSize { bits: 3072 }),
        (include_str!("fixtures/ec-p384.pem").to_owned(), SigningKeyError::Unusable),
    ] {
        assert_eq!(SigningKey::from_pem(&pem).err(), Some(wanted), "{pem}");
    }
}
