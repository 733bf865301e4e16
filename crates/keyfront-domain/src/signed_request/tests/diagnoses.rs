//! How wrong signatures are explained.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PSS_SHA256};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

use super::*;

const URL: &str = "https://h:8443/a/?size=large";

fn found(url: &str) -> Option<Diagnosis> {
    let keys = [RSA_PKCS8, EC_PKCS8].map(|pem| SigningKey::from_pem(pem).unwrap().public_key().unwrap());
    diagnose(&request(url, &[]), &[("KRSA", &keys[0]), ("KEC", &keys[1])])
}

/// A URL whose canned policy was this text, signed by a key.
fn signed_text(url: &str, text: &str, key: &SigningKey, key_pair_id: &str) -> String {
    let signature = base64::encode(&key.sign(HashAlgorithm::Sha1, text.as_bytes()).unwrap());
    format!("{url}&Expires={EXPIRES}&Signature={signature}&Key-Pair-Id={key_pair_id}")
}

fn difference(url: &str) -> Option<&'static str> {
    Some(found(url)?.text?.difference)
}

fn canned(url: &str) -> String {
    format!(
        r#"{{"Statement":[{{"Resource":"{url}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{EXPIRES}}}}}}}]}}"#
    )
}

#[test]
fn what_was_signed_in_place_of_a_canned_policy_is_found() {
    let expected = canned(URL);
    for (text, words) in [
        (canned("http://h:8443/a/?size=large"), "for the same URL with the other protocol"),
        (canned("https://h:8443/a/"), "for the URL without its query"),
        (canned("https://h/a/?size=large"), "for the host without its port"),
        (canned("/a/?size=large"), "for the path alone"),
        (canned("a/?size=large"), "for the path alone, without its first slash"),
        (canned("*"), "for every URL (*)"),
        (canned("https://h:8443/*"), "for every URL of the host"),
        (expected.replace("\":", "\": ").replace(',', ", "), "with white space in the policy"),
        (format!("{expected}\n"), "with a line end behind the policy"),
        (
            expected.replace(&EXPIRES.to_string(), &format!("\"{EXPIRES}\"")),
            "with the time in quotation marks",
        ),
    ] {
        let url = signed_text(URL, &text, &RSA_SECRET, "KRSA");
        let diagnosis = found(&url).unwrap();
        assert_eq!((&diagnosis.key_pair_id, diagnosis.hash, diagnosis.encoding), (&None, None, None));
        assert_eq!(diagnosis.text, Some(SignedText { difference: words, text }));
    }
    let host = canned("https://h");
    let url = signed_text("https://h/?", &host, &EC_SECRET, "KEC").replacen("?&", "?", 1);
    let diagnosis = found(&url).unwrap();
    assert_eq!(diagnosis.text.unwrap().difference, "for the URL without the slash at its end");
}

#[test]
fn another_key_and_another_hash_are_found() {
    let signed = rsa_signer().sign_url(URL, &Terms::Canned { expires: EXPIRES }).unwrap();
    assert_eq!(found(&signed), None, "nothing is wrong with it");
    let other = signed.replace("KRSA", "KEC");
    let expected = Diagnosis { key_pair_id: Some("KRSA".to_owned()), hash: None, encoding: None, text: None };
    assert_eq!(found(&other), Some(expected.clone()));
    let unknown = signed.replace("KRSA", "KGONE");
    assert_eq!(found(&unknown), Some(expected));
    let hash = format!("{signed}&Hash-Algorithm=SHA256");
    let expected =
        Diagnosis { key_pair_id: None, hash: Some(HashAlgorithm::Sha1), encoding: None, text: None };
    assert_eq!(found(&hash), Some(expected));
    // The signature of another text by another key is one diagnosis.
    let both = signed_text(URL, &canned("*"), &EC_SECRET, "KRSA");
    let diagnosis = found(&both).unwrap();
    assert_eq!(
        (diagnosis.key_pair_id.as_deref(), diagnosis.text.unwrap().difference),
        (Some("KEC"), "for every URL (*)")
    );
}

#[test]
fn signatures_in_a_form_that_cloudfront_does_not_read_are_found() {
    let text = canned(URL);
    let random = SystemRandom::new();
    let der = |pem: &str| PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap().secret_der().to_vec();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der(EC_PKCS8)).unwrap();
    let fixed = key.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec();
    let key = KeyPair::from_pkcs8(&der(RSA_PKCS8)).unwrap();
    let mut pss = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PSS_SHA256, &random, text.as_bytes(), &mut pss).unwrap();
    for (signature, id, encoding) in
        [(fixed, "KEC", ForeignEncoding::FixedEcdsa), (pss, "KRSA", ForeignEncoding::Pss)]
    {
        let signature = base64::encode(&signature);
        let url =
            format!("{URL}&Expires={EXPIRES}&Signature={signature}&Key-Pair-Id={id}&Hash-Algorithm=SHA256");
        let expected = Diagnosis { key_pair_id: None, hash: None, encoding: Some(encoding), text: None };
        assert_eq!(found(&url), Some(expected));
    }
}

#[test]
fn what_was_signed_in_place_of_a_custom_policy_is_found() {
    let policy = canned("https://h:8443/*").replace(',', ", ");
    let url = |text: &str| {
        let signature = base64::encode(&RSA_SECRET.sign(HashAlgorithm::Sha1, text.as_bytes()).unwrap());
        let sent = base64::encode(policy.as_bytes());
        format!("{URL}&Policy={sent}&Signature={signature}&Key-Pair-Id=KRSA")
    };
    for (text, words) in [
        (without_white_space(&policy), "over the policy without white space"),
        (format!("{policy}\n"), "over the policy with a line end behind it"),
        (base64::encode(policy.as_bytes()), "over the policy's base64, not over the policy"),
    ] {
        assert_eq!(difference(&url(&text)), Some(words), "{text}");
    }
    assert_eq!(difference(&url(&policy)), None);
    assert_eq!(found(&url("something else")), None);
}

#[test]
fn white_space_is_taken_out_between_words_and_not_in_them() {
    for (json, expected) in [
        ("{ \"a b\" :\n\t[ 1 ,2 ] }\r\n", r#"{"a b":[1,2]}"#),
        (r#"{ "a \" b" : "\\" , "c" : " " }"#, r#"{"a \" b":"\\","c":" "}"#),
    ] {
        assert_eq!(without_white_space(json), expected);
    }
}
