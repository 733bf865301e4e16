//! URLs and cookies that other people's signers made; `fixtures/capture.py` captured them.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Case {
    name: String,
    url: String,
    cookies: Option<String>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("fixtures/signers.json")).unwrap()
}

#[test]
fn what_other_signers_sign_verifies_and_expires() {
    let cases = cases();
    assert_eq!(cases.len(), 132);
    for Case { name, url, cookies } in cases {
        let cookies: Vec<_> = cookies.iter().map(String::as_bytes).collect();
        let before = request(&url, &cookies);
        let verified = verify(&before, trusted).unwrap_or_else(|denial| panic!("{name}: {denial}"));
        let wanted = if name.contains("canned") { PolicyKind::Canned } else { PolicyKind::Custom };
        assert_eq!((verified.kind, verified.expires), (wanted, EXPIRES), "{name}");
        assert_eq!(verified.form, if cookies.is_empty() { Form::Url } else { Form::Cookies }, "{name}");
        assert!(!verified.target.contains("Key-Pair-Id"), "{name}: {}", verified.target);
        let after = ViewerRequest { now: EXPIRES, ..before };
        assert_eq!(examine(&after, trusted), [Denial::Expired { expires: EXPIRES, now: EXPIRES }], "{name}");
    }
}

#[test]
fn what_other_signers_sign_is_for_its_own_key_and_hash_only() {
    for Case { name, url, .. } in cases().iter().filter(|case| case.cookies.is_none()) {
        let other_key = |id: &str| trusted(if id == "KRSA" { "KEC" } else { "KRSA" });
        let refused = verify(&request(url, &[]), other_key);
        assert!(matches!(refused, Err(Denial::WrongSignature { .. })), "{name}: {refused:?}");
        let other_hash = match url.strip_suffix("&Hash-Algorithm=SHA256") {
            Some(url) => url.to_owned(),
            None if url.contains("Hash-Algorithm=SHA256") => url.replace("SHA256", "SHA1"),
            None => format!("{url}&Hash-Algorithm=SHA256"),
        };
        let refused = verify_url(&other_hash);
        assert!(matches!(refused, Err(Denial::WrongSignature { .. })), "{name}: {refused:?}");
    }
}
