//! What is refused, with which code, and in which words.

use super::*;

const URL: &str = "https://h/a";

fn signed() -> String {
    rsa_signer().sign_url(URL, &Terms::Canned { expires: EXPIRES }).unwrap()
}

fn custom(policy: &CustomPolicy<'_>) -> String {
    rsa_signer().sign_url(URL, &Terms::Custom(policy.to_json())).unwrap()
}

fn without(url: &str, name: &str) -> String {
    let (path, query) = url.split_once('?').unwrap();
    let kept: Vec<_> = query.split('&').filter(|part| !part.starts_with(&format!("{name}="))).collect();
    format!("{path}?{}", kept.join("&"))
}

fn replaced(url: &str, name: &str, value: &str) -> String {
    format!("{}&{name}={value}", without(url, name))
}

#[test]
fn every_way_to_fail_has_its_code() {
    let good = signed();
    let open = CustomPolicy { resource: "*", expires: EXPIRES, not_before: None, source_ip: None };
    for (url, code) in [
        (URL.to_owned(), Code::MissingKey),
        (format!("{URL}?color=red"), Code::MissingKey),
        (without(&good, "Key-Pair-Id"), Code::MissingKey),
        (replaced(&good, "Key-Pair-Id", ""), Code::MissingKey),
        (replaced(&good, "Key-Pair-Id", "-----BEGIN%20PUBLIC%20KEY-----"), Code::MissingKey),
        (replaced(&good, "Key-Pair-Id", &"K".repeat(129)), Code::MissingKey),
        (replaced(&good, "Key-Pair-Id", "KOTHER"), Code::InvalidKey),
        (replaced(&good, "Signature", "a+b="), Code::MalformedSignature),
        (replaced(&good, "Signature", "YQ"), Code::MalformedSignature),
        (replaced(&good, "Signature", "YQ%5F%5"), Code::MalformedSignature),
        (replaced(&good, "Signature", "a%2Bb_"), Code::MalformedSignature),
        (replaced(&good, "Key-Pair-Id", "K%FF"), Code::MissingKey),
        (replaced(&custom(&open), "Policy", "%"), Code::MalformedPolicy),
        (replaced(&custom(&open), "Policy", "e30_"), Code::MalformedPolicy),
        (replaced(&good, "Expires", "tomorrow"), Code::MalformedPolicy),
        (replaced(&good, "Expires", "99999999999999999999"), Code::MalformedPolicy),
        (replaced(&good, "Expires", "1767290400000"), Code::MalformedPolicy),
        (replaced(&good, "Expires", "253402300800"), Code::MalformedPolicy),
        (custom(&CustomPolicy { expires: 1_767_290_400_000, ..open.clone() }), Code::MalformedPolicy),
        (
            custom(&CustomPolicy { not_before: Some(1_767_200_000_000), ..open.clone() }),
            Code::MalformedPolicy,
        ),
        // Keyfront's decision, where the service is silent.
        (without(&good, "Signature"), Code::AccessDenied),
        (without(&good, "Expires"), Code::AccessDenied),
        (format!("{good}&Hash-Algorithm=MD5"), Code::AccessDenied),
        (format!("{good}&Hash-Algorithm=sha1"), Code::AccessDenied),
        (format!("{good}&Expires=1"), Code::AccessDenied),
        // The conditions.
        (replaced(&good, "Expires", "1767290401"), Code::AccessDenied),
        (replaced(&good, "Signature", "YQ%5F%5F"), Code::AccessDenied),
        (replaced(&good, "Signature", "YQ__"), Code::AccessDenied),
        (good.replace("/a?", "/b?"), Code::AccessDenied),
        (good.replace("/a?", "/a?color=red&"), Code::AccessDenied),
        (custom(&CustomPolicy { expires: BEFORE, ..open.clone() }), Code::AccessDenied),
        (custom(&CustomPolicy { not_before: Some(BEFORE), ..open.clone() }), Code::AccessDenied),
        (custom(&CustomPolicy { resource: "https://h/b", ..open.clone() }), Code::AccessDenied),
        (
            custom(&CustomPolicy { source_ip: SourceIp::parse("192.0.2.8"), ..open.clone() }),
            Code::AccessDenied,
        ),
    ] {
        let denial = verify_url(&url).unwrap_err();
        assert_eq!(denial.code(), code, "{url}: {denial}");
        assert_eq!(examine(&request(&url, &[]), trusted).first(), Some(&denial), "{url}");
    }
}

#[test]
fn the_answer_to_an_unsigned_request_is_the_services_to_the_byte() {
    let body = Code::MissingKey.body();
    assert_eq!(
        body,
        r#"<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code><Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"#
    );
    assert_eq!(body.len(), 146);
    assert_eq!(Code::STATUS, 403);
}

#[test]
fn a_person_is_told_what_is_wrong() {
    let open = CustomPolicy { resource: "*", expires: EXPIRES, not_before: None, source_ip: None };
    for (url, words) in [
        (
            URL.to_owned(),
            "the request is not signed: there is neither a Key-Pair-Id query parameter nor a signed cookie",
        ),
        (without(&signed(), "Expires"), "the query parameter Policy is missing or empty"),
        (
            replaced(&signed(), "Signature", "a%7B%7D"),
            "the signature cannot be decoded: it came percent-encoded, and decoded it has '{' at character 1, which is not base64",
        ),
        (
            replaced(&signed(), "Expires", "1767290400000"),
            "\"1767290400000\" is not a time in whole seconds since 1970-01-01T00:00:00Z, written in digits; it looks like milliseconds",
        ),
        (
            replaced(&signed(), "Signature", "a+b="),
            "the signature cannot be decoded: it has '+' at character 1; CloudFront's base64 has `-` for `+`, `_` for `=` and `~` for `/`",
        ),
        (
            custom(&CustomPolicy { expires: BEFORE - 9, ..open.clone() }),
            "it expired 9 seconds ago, at 1767290390; now it is 1767290399",
        ),
        (
            custom(&CustomPolicy { not_before: Some(BEFORE), ..open.clone() }),
            "it begins to be valid after 1767290399; now it is 1767290399, 1 seconds too early",
        ),
        (
            custom(&CustomPolicy { resource: "https://h/b*", ..open.clone() }),
            r#"the resource "https://h/b*" is not for this URL: the path does not match, "/a" is not "/b*""#,
        ),
        (
            custom(&CustomPolicy { source_ip: SourceIp::parse("192.0.2.8"), ..open.clone() }),
            "the policy is for the address 192.0.2.8/32, and the viewer has 192.0.2.7",
        ),
        (
            signed().replace("/a?", "/b?"),
            r#"the key KRSA did not sign this policy with SHA1: {"Statement":[{"Resource":"https://h/b","Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]}"#,
        ),
    ] {
        assert_eq!(verify_url(&url).unwrap_err().to_string(), words);
    }
}

#[test]
fn no_refusal_has_more_than_one_line() {
    for policy in [
        "{\n\"Statement\": 1}\n",
        r#"{"a\nb": 1}"#,
        "{\"Statement\":\r\n{\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":9}}}}",
    ] {
        let url = rsa_signer().sign_url(URL, &Terms::Custom(policy.to_owned())).unwrap();
        for denial in examine(&request(&replaced(&url, "Signature", "YQ__"), &[]), trusted) {
            assert!(!denial.to_string().contains(char::is_control), "{denial}");
        }
    }
}

#[test]
fn examining_goes_on_behind_the_first_reason() {
    let policy = CustomPolicy {
        resource: "http://g/b",
        expires: 10,
        not_before: Some(MAX_EPOCH_SECONDS),
        source_ip: SourceIp::parse("10.0.0.0/8"),
    };
    let url = replaced(&custom(&policy), "Key-Pair-Id", "KEC");
    let found = examine(&request(&url, &[]), trusted);
    assert!(
        matches!(
            found.as_slice(),
            [
                Denial::WrongSignature { kind: PolicyKind::Custom, .. },
                Denial::Expired { expires: 10, now: BEFORE },
                Denial::NotYetValid { not_before: MAX_EPOCH_SECONDS, .. },
                Denial::WrongResource { section: Section::Protocol, .. },
                Denial::WrongAddress { viewer: VIEWER, .. },
            ]
        ),
        "{found:?}"
    );
    let url = format!("{URL}?Key-Pair-Id=KOTHER&Policy=%&Hash-Algorithm=MD5");
    let found: Vec<_> = examine(&request(&url, &[]), trusted).iter().map(Denial::code).collect();
    assert_eq!(found, [Code::InvalidKey, Code::AccessDenied, Code::MalformedPolicy, Code::AccessDenied]);
}

#[test]
fn a_url_with_any_of_cloudfronts_parameters_hides_the_cookies() {
    let cookies = rsa_signer().sign_cookies(URL, &Terms::Canned { expires: EXPIRES }).unwrap();
    let cookies: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let cookies = cookies.join("; ");
    assert_eq!(verify_cookies(URL, &cookies), Ok("/a".to_owned()));
    for parameter in Parameter::ALL {
        let url = format!("{URL}?{}=x", parameter.name(Form::Url));
        assert!(verify_cookies(&url, &cookies).is_err(), "{url}");
    }
    assert_eq!(verify_cookies(&signed(), "CloudFront-Signature=x"), Ok("/a".to_owned()));
}

#[test]
fn cookies_are_found_among_others_and_the_first_of_a_name_counts() {
    let cookies = rsa_signer().sign_cookies(URL, &Terms::Canned { expires: EXPIRES }).unwrap();
    let [(_, expires), (_, signature), (_, id)] = cookies.as_slice() else { panic!("{cookies:?}") };
    let first = format!(
        "session=\u{ff}; CloudFront-Expires={expires} ;CloudFront-Signature={signature}; CloudFront-"
    );
    let second = format!("CloudFront-Key-Pair-Id={id};; CloudFront-Key-Pair-Id=KOTHER; CloudFront-Expires=1");
    let headers = [first.as_bytes(), b"\xff=\xfe; CloudFront-Policy\xff=1", second.as_bytes()];
    assert_eq!(verify(&request(URL, &headers), trusted).map(|verified| verified.form), Ok(Form::Cookies));
    let upper_case = verify_cookies(URL, "cloudfront-key-pair-id=KRSA; CLOUDFRONT-EXPIRES=1");
    assert_eq!(upper_case, Err(Denial::NotSigned));
}

#[test]
fn parts_that_are_too_long_are_not_looked_at() {
    let long = format!("{}?x={}", URL, "x".repeat(MAX_URL_BYTES));
    assert!(matches!(verify_url(&long), Err(Denial::TooLong { part: "URL", .. })));
    let signature = "A".repeat(MAX_SIGNATURE_BYTES + 1);
    let url = replaced(&signed(), "Signature", &signature);
    let refused = verify_url(&url);
    assert!(matches!(refused, Err(Denial::TooLong { part: "Signature", .. })));
    let policy = "A".repeat(MAX_POLICY_BYTES + 1);
    let cookies =
        format!("CloudFront-Policy={policy}; CloudFront-Signature=YQ__; CloudFront-Key-Pair-Id=KRSA");
    let refused = verify_cookies(URL, &cookies);
    assert!(matches!(refused, Err(Denial::TooLong { part: "CloudFront-Policy", .. })));
}

#[test]
fn cloudfronts_parameters_are_stripped_and_nothing_else_is() {
    for (target, stripped) in [
        ("/a", "/a"),
        ("/a?", "/a"),
        ("/a?b=c", "/a?b=c"),
        ("/a?b=c&", "/a?b=c&"),
        ("/a?Expires=1&Signature=s&Key-Pair-Id=k", "/a"),
        ("/a?Policy=p&Signature=s&Key-Pair-Id=k&Hash-Algorithm=SHA256", "/a"),
        ("/a?b=c&Expires=1&Signature=s&Key-Pair-Id=k", "/a?b=c"),
        ("/a?Expires=1&Signature=s&Key-Pair-Id=k&b=c", "/a?b=c"),
        ("/a?b&Expires=1&c=/?&Signature=s&d=%26&Key-Pair-Id=k", "/a?b&c=/?&d=%26"),
        ("/a?b=c&&Expires=1", "/a?b=c&"),
        ("/a?q=what?&Expires=1", "/a?q=what?"),
        ("/a?Expires=1&", "/a"),
        (
            "/a?expires=1&MyExpires=2&Expires2=3&Signature&Key%2DPair-Id=k",
            "/a?expires=1&MyExpires=2&Expires2=3&Signature&Key%2DPair-Id=k",
        ),
        ("/Expires=1/a?b=Expires=1", "/Expires=1/a?b=Expires=1"),
    ] {
        assert_eq!(strip(target), stripped, "{target}");
    }
}

#[test]
fn values_of_a_query_may_be_percent_encoded() {
    let encoded = |url: &str| {
        let (path, query) = url.split_once('?').unwrap();
        let pairs = query.split('&').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            let value: String = value.bytes().map(percent_encoding::percent_encode_byte).collect();
            format!("{name}={value}")
        });
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    };
    let open = CustomPolicy { resource: "*", expires: EXPIRES, not_before: None, source_ip: None };
    for terms in [Terms::Canned { expires: EXPIRES }, Terms::Custom(open.to_json())] {
        let signer = Signer { hash: HashAlgorithm::Sha256, ..rsa_signer() };
        let url = signer.sign_url(URL, &terms).unwrap();
        for url in [url.replace('~', "%7E"), url.replace('~', "%7e").replace('_', "%5F"), encoded(&url)] {
            let verified = verify_url(&url).unwrap();
            assert_eq!((verified.key_pair_id.as_ref(), verified.target.as_ref()), ("KRSA", "/a"), "{url}");
            assert_eq!(examine(&request(&url, &[]), trusted), [], "{url}");
        }
    }
    // Cookies are taken as they are.
    let cookies = rsa_signer().sign_cookies(URL, &Terms::Canned { expires: EXPIRES }).unwrap();
    let cookie = |encode: bool| {
        let pairs = cookies.iter().map(|(name, value)| {
            let value =
                if encode && name.ends_with("Id") { value.replace('K', "%4B") } else { value.clone() };
            format!("{name}={value}")
        });
        pairs.collect::<Vec<_>>().join("; ")
    };
    assert!(verify_cookies(URL, &cookie(false)).is_ok());
    assert_eq!(verify_cookies(URL, &cookie(true)).unwrap_err().code(), Code::MissingKey);
}
