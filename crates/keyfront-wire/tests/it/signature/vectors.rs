//! Every case of AWS's signing test suite verifies, and none that was altered does.

use http::{HeaderValue, Method};
use keyfront_wire::signature::{Algorithm, Claim, SignatureError, V4aPublicKey};

use super::suite::{Case, RawRequest, cases};

/// Signed without the session token that is then sent: what another service wants, and no service that we speak for. It
/// is refused; without the token it verifies like any other.
const TOKEN_ADDED_LATER: &str = "post-sts-header-after";

fn verify(case: &Case, request: &RawRequest) -> Result<(), SignatureError> {
    let claim = Claim::parse(request.view())?;
    let secret = case.secret.as_str().into();
    super::verify(&claim, &request.body, &secret, case.time, &case.expectation())
}

/// All cases as they verify.
fn good_cases() -> Vec<Case> {
    let mut cases = cases();
    for case in cases.iter_mut().filter(|case| case.title.contains(TOKEN_ADDED_LATER)) {
        let request = &mut case.request;
        request.headers.remove("x-amz-security-token");
        let parameters = request.query.split('&').filter(|pair| !pair.starts_with("X-Amz-Security-Token="));
        request.query = parameters.collect::<Vec<_>>().join("&");
    }
    cases
}

#[test]
fn all_cases_of_both_suites_verify() {
    let cases = good_cases();
    assert_eq!(cases.len(), 2 + 4 * 38, "two forms of 38 cases in two suites, and two older ones");
    for case in cases {
        let claim = Claim::parse(case.request.view()).unwrap();
        assert_eq!(claim.algorithm(), case.algorithm, "{}", case.title);
        assert_eq!(claim.access_key_id(), case.access_key_id, "{}", case.title);
        assert_eq!(verify(&case, &case.request), Ok(()), "{}", case.title);
    }
}

#[test]
fn the_public_keys_are_those_of_the_suite() {
    let cases: Vec<_> = cases().into_iter().filter(|case| case.algorithm == Algorithm::V4a).collect();
    assert_eq!(cases.len(), 2 * 38);
    for case in cases {
        let key = V4aPublicKey::derive(&case.access_key_id, &case.secret.as_str().into()).unwrap();
        assert_eq!(Some(hex::encode(key)), case.public_key, "{}", case.title);
    }
}

#[test]
fn a_session_token_that_is_not_signed_is_refused() {
    let cases: Vec<_> = cases().into_iter().filter(|case| case.title.contains(TOKEN_ADDED_LATER)).collect();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let expected = if case.title.ends_with("header") {
            SignatureError::HeaderUnsigned("x-amz-security-token".to_owned())
        } else {
            SignatureError::Mismatch
        };
        assert_eq!(verify(&case, &case.request), Err(expected), "{}", case.title);
    }
}

/// The request with a piece of text changed wherever the signature's description stands.
fn redescribed(request: &RawRequest, change: impl Fn(&str) -> String) -> RawRequest {
    let mut changed = request.clone();
    if let Some(header) = request.headers.get("authorization") {
        let value = HeaderValue::from_str(&change(header.to_str().unwrap())).unwrap();
        changed.headers.insert("authorization", value);
    } else {
        changed.query = change(&request.query);
    }
    changed
}

fn flip_last_digit(text: &str) -> String {
    let (start, last) = text.split_at(text.len() - 1);
    format!("{start}{}", if last == "0" { '1' } else { '0' })
}

/// The request with one thing altered, once for each thing that a signature covers.
fn altered(request: &RawRequest) -> Vec<(String, RawRequest)> {
    let mut all = Vec::new();
    let mut add = |title: &str, change: &dyn Fn(&mut RawRequest)| {
        let mut altered = request.clone();
        change(&mut altered);
        all.push((title.to_owned(), altered));
    };
    add("method", &|r| r.method = if r.method == Method::GET { Method::PUT } else { Method::GET });
    add("path", &|r| r.path.push('x'));
    add("query", &|r| r.query.push_str(if r.query.is_empty() { "x" } else { "&x" }));
    add("body", &|r| r.body.push(b'x'));
    let claim = Claim::parse(request.view()).unwrap();
    for name in claim.signed_headers() {
        add(name, &|r| {
            let value = r.headers.get(name).unwrap().to_str().unwrap();
            let value = match name {
                "x-amz-date" => flip_last_digit(value.trim_end_matches('Z')) + "Z",
                _ => format!("{value}x"),
            };
            r.headers.insert(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        });
    }
    let presigned = !request.headers.contains_key("authorization");
    if presigned {
        add("date", &|r| r.query = r.query.replace("T123600Z", "T123601Z"));
        add("expires", &|r| r.query = r.query.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601"));
        add("last digit", &|r| *r = redescribed(r, last_digit_in_query));
    } else {
        add("last digit", &|r| *r = redescribed(r, flip_last_digit));
    }
    add("key id", &|r| *r = redescribed(r, |text| text.replace("Credential=A", "Credential=B")));
    all
}

fn last_digit_in_query(query: &str) -> String {
    let (start, signature) = query.split_once("X-Amz-Signature=").unwrap();
    format!("{start}X-Amz-Signature={}", flip_last_digit(signature))
}

#[test]
fn no_case_verifies_with_one_thing_altered() {
    for case in good_cases() {
        for (what, request) in altered(&case.request) {
            // The id of the key takes part in SigV4A's key and in no SigV4 signature of the header form: there the
            // caller looks up another secret.
            if what == "key id" && case.title.starts_with("v4/") && case.title.ends_with("header") {
                continue;
            }
            assert!(verify(&case, &request).is_err(), "{}: {what}", case.title);
        }
    }
}

#[test]
fn no_case_verifies_with_another_secret() {
    for mut case in good_cases() {
        case.secret.push('x');
        assert_eq!(verify(&case, &case.request), Err(SignatureError::Mismatch), "{}", case.title);
    }
}
