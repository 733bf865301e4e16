//! What holds for all requests.

use proptest::prelude::*;

use super::*;

/// Replacements for one byte of a URL, chosen so that each class of characters is among them.
const REPLACEMENTS: &[u8] = b"aZ09-_~%&=?/.+";

/// Requires that no changed byte of a signed URL verifies, except where `same` says that the
/// meaning is the same.
fn no_change_verifies(signed: &str, same: impl Fn(&str) -> bool) {
    for at in "https://".len()..signed.len() {
        for replacement in REPLACEMENTS.iter().filter(|byte| **byte != signed.as_bytes()[at]) {
            let mut changed = signed.as_bytes().to_vec();
            changed[at] = *replacement;
            let changed = String::from_utf8(changed).unwrap();
            assert!(verify_url(&changed).is_err() || same(&changed), "{changed}");
        }
        let mut shorter = signed.to_owned();
        shorter.remove(at);
        assert!(verify_url(&shorter).is_err() || same(&shorter), "{shorter}");
    }
}

#[test]
fn no_changed_byte_of_a_canned_url_verifies() {
    for (key, key_pair_id) in [(&*RSA_SECRET, "KRSA"), (&*EC_SECRET, "KEC")] {
        let signer = Signer { key, key_pair_id, hash: HashAlgorithm::Sha256 };
        let url = signer.sign_url("https://h/a/b?own=1", &Terms::Canned { expires: EXPIRES }).unwrap();
        assert!(verify_url(&url).is_ok());
        no_change_verifies(&url, |_| false);
    }
}

#[test]
fn no_changed_byte_of_a_custom_url_verifies_but_what_its_pattern_leaves_open() {
    let policy =
        CustomPolicy { resource: "https://h/a*", expires: EXPIRES, not_before: None, source_ip: None };
    let signed = rsa_signer().sign_url("https://h/abc?own=1", &Terms::Custom(policy.to_json())).unwrap();
    let signature_of = |url: &str| url.split_once("&Policy=").map(|(_, rest)| rest.to_owned());
    no_change_verifies(&signed, |changed| {
        changed.starts_with("https://h/a") && signature_of(changed) == signature_of(&signed)
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_signed_verifies_and_comes_back_without_parameters(
        path in "(/[a-zA-Z0-9._~!$&'()*+,;=:@%-]{0,12}){1,3}",
        query in proptest::option::of("[a-zA-Z0-9._~!$&'()*+,;=:@%/?-]{1,24}"),
        expires in BEFORE + 1..=MAX_EPOCH_SECONDS,
        sha256: bool,
        ec: bool,
    ) {
        let url = query.map_or(format!("https://h{path}"), |query| format!("https://h{path}?{query}"));
        let (key, key_pair_id) = if ec { (&*EC_SECRET, "KEC") } else { (&*RSA_SECRET, "KRSA") };
        let hash = if sha256 { HashAlgorithm::Sha256 } else { HashAlgorithm::Sha1 };
        let signer = Signer { key, key_pair_id, hash };
        let signed = signer.sign_url(&url, &Terms::Canned { expires }).unwrap();
        let verified = verify_url(&signed).unwrap();
        prop_assert_eq!(format!("https://h{}", verified.target), url.as_str());
        let policy = CustomPolicy { resource: &url.replace('?', r"\?"), expires, not_before: None, source_ip: None };
        let signed = signer.sign_url(&url, &Terms::Custom(policy.to_json())).unwrap();
        prop_assert_eq!(verify_url(&signed).map(|verified| verified.expires), Ok(expires));
    }
}

/// Text that looks like a signed URL's target, more or less.
fn target() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("Expires"),
        Just("Policy"),
        Just("Signature"),
        Just("Key-Pair-Id"),
        Just("Hash-Algorithm"),
        Just("own"),
        Just("")
    ];
    let value = prop_oneof![
        any::<String>(),
        Just("KRSA".to_owned()),
        Just("SHA256".to_owned()),
        any::<u64>().prop_map(|number| number.to_string()),
        proptest::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| base64::encode(&bytes)),
        any::<(String, u64)>().prop_map(|(resource, expires)| {
            let policy = CustomPolicy { resource: &resource, expires, not_before: None, source_ip: None };
            base64::encode(policy.to_json().as_bytes())
        }),
    ];
    let parameters = proptest::collection::vec((name, value), 0..8);
    (any::<String>(), parameters).prop_map(|(path, parameters)| {
        let query: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("/{path}?{}", query.join("&"))
    })
}

proptest! {
    #[test]
    fn no_request_panics_and_examining_begins_with_what_verifying_says(
        target in prop_oneof![any::<String>(), target()],
        cookies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 0..3),
        cookie_values in target(),
        host: String,
        now: u64,
    ) {
        // The same parameters once more, as cookies.
        let as_cookies = cookie_values.replace(['&', '?'], "; CloudFront-");
        let cookies: Vec<_> = cookies.iter().map(Vec::as_slice).chain([as_cookies.as_bytes()]).collect();
        let request = ViewerRequest { scheme: "https", host: &host, target: &target, cookies: &cookies, viewer_ip: VIEWER, now };
        let verified = verify(&request, trusted);
        let denials = examine(&request, trusted);
        prop_assert_eq!(verified.as_ref().err(), denials.first());
        for denial in &denials {
            prop_assert!(!denial.to_string().is_empty());
        }
        let stripped = strip(&target);
        let query = stripped.split_once('?').map_or("", |(_, query)| query);
        prop_assert!(query.split('&').all(|segment| Parameter::in_segment(segment).is_none()));
    }

    #[test]
    fn no_policy_and_no_pattern_panics(bytes: Vec<u8>, resource: String, target: String, viewer: std::net::IpAddr, now in 0..=MAX_EPOCH_SECONDS) {
        Policy::parse(&bytes).unwrap_or_else(|denial| panic_unless_malformed(&denial));
        let policy = CustomPolicy { resource: &resource, expires: now, not_before: Some(now), source_ip: SourceIp::parse(&target) };
        let policy = Policy::parse(policy.to_json().as_bytes()).unwrap();
        prop_assert_eq!(policy.resource.as_deref(), Some(resource.as_str()));
        let url = Url { scheme: "https", host: &resource, target: &target };
        prop_assert!(policy.violations(url, viewer, now).count() >= 2);
    }

    #[test]
    fn base64_comes_back_and_has_one_form_only(bytes: Vec<u8>, text: String) {
        prop_assert_eq!(base64::decode(&base64::encode(&bytes)), Ok(bytes));
        if let Ok(decoded) = base64::decode(&text) {
            prop_assert_eq!(base64::encode(&decoded), text);
        }
    }

    #[test]
    fn no_private_key_panics(body: Vec<u8>, label in "(RSA |EC |)PRIVATE KEY", text: String) {
        use ::base64::Engine;
        let body = ::base64::engine::general_purpose::STANDARD.encode(body);
        let pem = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
        prop_assert!(SigningKey::from_pem(&pem).is_err());
        prop_assert!(SigningKey::from_pem(&text).is_err());
    }
}

fn panic_unless_malformed(denial: &Denial) -> Policy {
    assert_eq!(denial.code(), Code::MalformedPolicy);
    Policy { resource: None, expires: 0, not_before: None, source_ip: None }
}
