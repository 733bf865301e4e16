//! One row for each way a signature can be wrong: what is done to a good request, and what is answered.

use std::time::Duration;

use http::HeaderValue;
use keyfront_testkit::signing::{Algorithm, Form, Signer};
use keyfront_wire::signature::Category::{self, Incomplete, Invalid, MissingToken};
use keyfront_wire::signature::{Algorithms, Claim};

use super::*;

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
    Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

fn get() -> Request<Bytes> {
    request("GET", "/2020-05-31/key-value-store/name", "")
}

fn presigning(seconds: u64) -> Signer {
    Signer { form: Form::Presigned(Duration::from_secs(seconds)), ..control() }
}

fn authorization(request: &Request<Bytes>) -> String {
    request.headers()["authorization"].to_str().unwrap().to_owned()
}

fn set(request: &mut Request<Bytes>, name: &'static str, value: &str) {
    request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
}

fn refusal(request: &Request<Bytes>) -> (Category, String) {
    let error = check(request, &CONTROL, NOW).unwrap_err();
    (error.category(), error.to_string())
}

#[test]
fn an_authorization_header_is_refused_for_each_of_its_flaws() {
    let good = authorization(&control().sign(get(), NOW));
    let replaced = |from: &str, to: &str| good.replace(from, to);
    let (credential, signature) = good.split_once(", Signature=").unwrap();
    let not_lower = format!("{credential}, Signature={}", signature.to_uppercase());
    let signed_headers = "SignedHeaders=host;x-amz-date";
    let unsorted =
        "'SignedHeaders' must be lower-case header names, each once, sorted, separated by semicolons.";
    let requires =
        |what: &str| format!("Authorization header requires {what}. Authorization=AWS4-HMAC-SHA256");
    let elements =
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got ";
    for (header, category, message) in [
        ("Basic dXNlcjpwYXNz".to_owned(), MissingToken, "Request is missing Authentication Token".to_owned()),
        (String::new(), MissingToken, "Request is missing Authentication Token".to_owned()),
        (
            "AWS4-HMAC-SHA256".to_owned(),
            Incomplete,
            "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' \
             parameter. Authorization header requires 'SignedHeaders' parameter. \
             Authorization=AWS4-HMAC-SHA256".to_owned(),
        ),
        (replaced("Credential=", "Cred="), Incomplete, "Authorization header is malformed: it has a parameter that Signature Version 4 has not.".to_owned()),
        (replaced("Credential=", "Credential"), Incomplete, "Authorization header is malformed: a parameter has no equal-sign.".to_owned()),
        (format!("{good},"), Incomplete, "Authorization header is malformed: a parameter has no equal-sign.".to_owned()),
        (replaced(&format!("{signed_headers}, "), ""), Incomplete, requires("'SignedHeaders' parameter")),
        (credential.to_owned(), Incomplete, requires("'Signature' parameter")),
        (format!("{good}, Signature=00"), Incomplete, "'Signature' must appear exactly once in a signed request.".to_owned()),
        (replaced("HMAC-SHA256", "HMAC-SHA25"), Incomplete, "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25'.".to_owned()),
        (replaced("us-east-1/", ""), Incomplete, format!("{elements}'AKIDEXAMPLE/20261122/cloudfront/aws4_request'")),
        (replaced("us-east-1/", "/"), Incomplete, format!("{elements}'AKIDEXAMPLE/20261122//cloudfront/aws4_request'")),
        (replaced("AKIDEXAMPLE/", "/"), Incomplete, format!("{elements}'/20261122/us-east-1/cloudfront/aws4_request'")),
        (replaced(signed_headers, "SignedHeaders="), Incomplete, unsorted.to_owned()),
        (replaced(signed_headers, "SignedHeaders=x-amz-date;host"), Incomplete, unsorted.to_owned()),
        (replaced(signed_headers, "SignedHeaders=host;host;x-amz-date"), Incomplete, unsorted.to_owned()),
        (replaced(signed_headers, "SignedHeaders=Host;x-amz-date"), Incomplete, unsorted.to_owned()),
        (replaced(signed_headers, "SignedHeaders=host;x-amz-date;"), Incomplete, unsorted.to_owned()),
        (replaced(signed_headers, "SignedHeaders=x-amz-date"), Invalid, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned()),
        (replaced(signed_headers, "SignedHeaders=host"), Invalid, "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization.".to_owned()),
        (replaced(signed_headers, "SignedHeaders=host;if-match;x-amz-date"), Invalid, "'if-match' is a 'SignedHeader' in the AWS Authorization, but the request has no such header.".to_owned()),
        (replaced("us-east-1", "eu-west-1"), Invalid, "Credential should be scoped to a valid region.".to_owned()),
        (replaced("/cloudfront/", "/s3/"), Invalid, "Credential should be scoped to correct service: 'cloudfront'.".to_owned()),
        (replaced("aws4_request", "aws5_request"), Invalid, "Credential should be scoped with a valid terminator: 'aws4_request'.".to_owned()),
        (replaced("/20261122/", "/20261121/"), Invalid, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261121' != '20261122', from '20261122T033132Z'.".to_owned()),
        (not_lower, Invalid, MISMATCH.to_owned()),
        (format!("{credential}, Signature={}", signature.split_at(2).1), Invalid, MISMATCH.to_owned()),
        (format!("{credential}, Signature={}", "0".repeat(64)), Invalid, MISMATCH.to_owned()),
        (format!("{credential}, Signature={}", "g".repeat(64)), Invalid, MISMATCH.to_owned()),
    ] {
        let mut request = control().sign(get(), NOW);
        set(&mut request, "authorization", &header);
        let message: (_, String) = (category, message);
        assert_eq!(refusal(&request), message, "{header}");
        assert!(!message.1.contains(signature), "a message repeats the signature");
    }
}

#[test]
fn spaces_around_parameters_do_not_count() {
    let good = authorization(&control().sign(get(), NOW));
    for header in [good.replace(", ", ","), good.replace(", ", "  , "), good.replacen(' ', "   ", 1)] {
        let mut request = control().sign(get(), NOW);
        set(&mut request, "authorization", &header);
        assert_eq!(check(&request, &CONTROL, NOW), Ok(()), "{header}");
    }
}

#[test]
fn a_request_without_any_description_of_a_signature_is_unsigned() {
    let unsigned = (MissingToken, "Request is missing Authentication Token".to_owned());
    assert_eq!(refusal(&get()), unsigned);
    // Names of parameters are case-sensitive.
    assert_eq!(refusal(&request("GET", "/?x-amz-algorithm=AWS4-HMAC-SHA256", "")), unsigned);
}

#[test]
fn what_takes_part_in_authentication_must_not_appear_twice() {
    for name in ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"] {
        let mut request = control().sign(get(), NOW);
        for value in ["AWS4-HMAC-SHA256", "20261122T033132Z"] {
            request.headers_mut().append(name, HeaderValue::from_static(value));
        }
        let (category, message) = refusal(&request);
        assert_eq!(category, Incomplete, "{name}");
        assert!(
            message.to_lowercase().starts_with(&format!("'{name}' must appear exactly once")),
            "{message}"
        );
    }
    for name in ["Algorithm", "Credential", "Date", "Expires", "Security-Token", "Signature", "SignedHeaders"]
    {
        let target = format!("/?X-Amz-{name}=a&X-Amz-{name}=a");
        let message = format!("'X-Amz-{name}' must appear exactly once in a signed request.");
        assert_eq!(refusal(&request("GET", &target, "")), (Incomplete, message));
    }
}

#[test]
fn both_forms_at_once_are_refused() {
    let mut request = presigning(60).sign(get(), NOW);
    set(&mut request, "authorization", &authorization(&control().sign(get(), NOW)));
    let message = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.";
    assert_eq!(refusal(&request), (Invalid, message.to_owned()));
}

#[test]
fn a_presigned_request_is_refused_for_each_of_its_flaws() {
    let good = presigning(60).sign(get(), NOW).uri().to_string();
    let must_include = |name: &str| {
        format!("AWS query-string parameters must include '{name}'. Re-examine the query-string parameters.")
    };
    let range = "X-Amz-Expires must be between 1 and 604800 seconds";
    for (target, category, message) in [
        (good.replace("X-Amz-Algorithm", "x"), Incomplete, must_include("X-Amz-Algorithm")),
        (good.replace("X-Amz-Credential", "x"), Incomplete, must_include("X-Amz-Credential")),
        (good.replace("X-Amz-Signature", "x"), Incomplete, must_include("X-Amz-Signature")),
        (good.replace("X-Amz-SignedHeaders", "x"), Incomplete, must_include("X-Amz-SignedHeaders")),
        (good.replace("X-Amz-Date", "x"), Incomplete, must_include("X-Amz-Date")),
        (
            "/?X-Amz-Signature=00".to_owned(),
            Incomplete,
            "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include \
             'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string \
             parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.".to_owned(),
        ),
        (good.replace("AKIDEXAMPLE", "AKID%0AEXAMPLE"), Incomplete, "'X-Amz-Credential' holds characters that are not allowed. Re-examine the query-string parameters.".to_owned()),
        (good.replace("AKIDEXAMPLE", "AKID%FFEXAMPLE"), Incomplete, "'X-Amz-Credential' holds characters that are not allowed. Re-examine the query-string parameters.".to_owned()),
        (good.replace("T033132Z", "T033132"), Incomplete, "Date must be in ISO-8601 'basic format'. Got '20261122T033132'. See http://en.wikipedia.org/wiki/ISO_8601".to_owned()),
        (good.replace("Expires=60", "Expires=%2B60"), Incomplete, "X-Amz-Expires should be a number".to_owned()),
        (good.replace("Expires=60", "Expires="), Incomplete, "X-Amz-Expires should be a number".to_owned()),
        (good.replace("Expires=60", "Expires=-1"), Incomplete, "X-Amz-Expires should be a number".to_owned()),
        (good.replace("Expires=60", "Expires=99999999999999999999"), Incomplete, "X-Amz-Expires should be a number".to_owned()),
        (good.replace("Expires=60", "Expires=0"), Incomplete, range.to_owned()),
        (good.replace("Expires=60", "Expires=604801"), Incomplete, range.to_owned()),
        (good.replace("Expires=60", "Expires=18446744073709551615"), Incomplete, range.to_owned()),
        (good.replace("Expires=60", "Expires=61"), Invalid, MISMATCH.to_owned()),
        (good.replace("SignedHeaders=host", "SignedHeaders=accept"), Invalid, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned()),
    ] {
        assert_eq!(refusal(&request("GET", &target, "")), (category, message), "{target}");
    }
    let mut with_header = request("GET", &good, "");
    set(&mut with_header, "x-amz-meta", "added");
    assert_eq!(refusal(&with_header).1, "'x-amz-meta' must be a 'SignedHeader' in the AWS Authorization.");
}

#[test]
fn a_signature_holds_within_five_minutes_either_way() {
    let signed = control().sign(get(), datetime!(2026-11-22 00:00:00 UTC));
    let at = |now| check(&signed, &CONTROL, now).map_err(|error| error.to_string());
    assert_eq!(at(datetime!(2026-11-22 00:05:00 UTC)), Ok(()));
    assert_eq!(at(datetime!(2026-11-21 23:55:00 UTC)), Ok(()));
    assert_eq!(
        at(datetime!(2026-11-22 00:15:00 UTC)).unwrap_err(),
        "Signature expired: 20261122T000000Z is now earlier than 20261122T001000Z (20261122T001500Z - 5 min.)"
    );
    assert_eq!(
        at(datetime!(2026-11-21 23:54:59 UTC)).unwrap_err(),
        "Signature not yet current: 20261122T000000Z is still later than 20261121T235959Z (20261121T235459Z + 5 min.)"
    );
    assert!(at(datetime!(2026-11-22 00:05:01 UTC)).is_err());
    assert!(at(datetime!(9999-12-31 23:59:59 UTC)).is_err(), "the ends of time are no panic");
    assert!(at(datetime!(-9999-01-01 00:00:00 UTC)).is_err(), "the ends of time are no panic");
}

#[test]
fn a_presigned_request_lives_as_long_as_it_says() {
    let signed = presigning(3600).sign(get(), datetime!(2026-11-22 00:00:00 UTC));
    let at = |now| check(&signed, &CONTROL, now).map_err(|error| error.to_string());
    assert_eq!(at(datetime!(2026-11-22 01:00:00 UTC)), Ok(()));
    assert_eq!(
        at(datetime!(2026-11-22 01:00:01 UTC)).unwrap_err(),
        "Signature expired: 20261122T000000Z is now earlier than 20261122T000001Z (20261122T010001Z - 3600 sec.)"
    );
    assert!(at(datetime!(2026-11-21 23:54:59 UTC)).unwrap_err().starts_with("Signature not yet current"));
    let week = presigning(604_800).sign(get(), datetime!(2026-11-22 00:00:00 UTC));
    assert_eq!(check(&week, &CONTROL, datetime!(2026-11-28 23:59:59 UTC)), Ok(()));
}

#[test]
fn the_date_header_stands_in_for_x_amz_date() {
    // No official signer signs without X-Amz-Date any more; the message shows which time was read.
    let mut request = control().sign(get(), NOW);
    request.headers_mut().remove("x-amz-date");
    let header = authorization(&request).replace(";x-amz-date", "");
    set(&mut request, "authorization", &header);
    assert_eq!(
        refusal(&request).1,
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
         Authorization=AWS4-HMAC-SHA256"
    );
    for (date, message) in [
        ("Sun, 22 Nov 2026 03:31:32 GMT", MISMATCH),
        (
            "Sun, 22 Nov 2026 03:26:31 GMT",
            "Signature expired: 20261122T032631Z is now earlier than 20261122T032632Z (20261122T033132Z - 5 min.)",
        ),
        (
            "soon",
            "Date must be in ISO-8601 'basic format'. Got 'soon'. See http://en.wikipedia.org/wiki/ISO_8601",
        ),
    ] {
        set(&mut request, "date", date);
        assert_eq!(refusal(&request).1, message);
    }
}

#[test]
fn the_algorithm_is_the_one_that_the_service_takes() {
    let v4 = Algorithm::V4 { region: "us-east-1".to_owned() };
    let v4 = Signer { algorithm: v4, ..data() }.sign(get(), NOW);
    let v4a = data().sign(get(), NOW);
    let with = |algorithms| Expectation { algorithms, ..DATA };
    assert_eq!(check(&v4, &with(Algorithms::V4), NOW), Ok(()));
    assert_eq!(check(&v4, &with(Algorithms::Both), NOW), Ok(()));
    assert_eq!(check(&v4a, &with(Algorithms::Both), NOW), Ok(()));
    let refused = check(&v4a, &with(Algorithms::V4), NOW).unwrap_err();
    assert_eq!(refused.to_string(), "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.");
}

#[test]
fn a_signature_of_one_algorithm_is_none_of_the_other() {
    let v4a = authorization(&data().sign(get(), NOW));
    let scoped = v4a.replace("20261122/cloudfront", "20261122/us-east-1/cloudfront");
    for header in [scoped.replace("ECDSA-P256", "HMAC"), v4a.replace("ECDSA-P256", "HMAC"), scoped] {
        let mut request = data().sign(get(), NOW);
        set(&mut request, "authorization", &header);
        assert!(check(&request, &DATA, NOW).is_err(), "{header}");
    }
}

#[test]
fn a_region_set_must_be_there_and_include_the_region() {
    let signed = |region_set: &str| {
        let algorithm = Algorithm::V4a { region_set: region_set.to_owned() };
        Signer { algorithm, ..data() }.sign(get(), NOW)
    };
    let elsewhere = signed("eu-west-1,ap-*");
    assert_eq!(check(&elsewhere, &DATA, NOW), Err(SignatureError::WrongRegion));
    assert_eq!(check(&elsewhere, &Expectation { region: None, ..DATA }, NOW), Ok(()));

    let mut missing = signed("*");
    missing.headers_mut().remove("x-amz-region-set");
    let header = authorization(&missing).replace(";x-amz-region-set", "");
    set(&mut missing, "authorization", &header);
    assert_eq!(check(&missing, &Expectation { region: None, ..DATA }, NOW), Err(SignatureError::WrongRegion));

    let mut widened = elsewhere;
    set(&mut widened, "x-amz-region-set", "*");
    assert_eq!(check(&widened, &DATA, NOW), Err(SignatureError::Mismatch));
}

#[test]
fn a_claim_is_refused_without_key_and_body_where_that_is_possible() {
    let (parts, _body) = control().sign(get(), NOW).into_parts();
    let claim = Claim::parse(&parts).unwrap();
    let verifier = Verifier::default();
    let checked = claim.check(NOW, &CONTROL).unwrap();
    assert_eq!(verifier.prove(&checked, &[], &SECRET.into()), Ok(()));
    assert_eq!(verifier.prove(&checked, &[], &"another".into()), Err(SignatureError::Mismatch));
    assert_eq!(
        claim.check(NOW, &DATA).unwrap_err(),
        SignatureError::WrongService { expected: "cloudfront-keyvaluestore".to_owned() }
    );
}

#[test]
fn a_claim_says_who_signed_what_and_shows_no_signature() {
    let signer = Signer { session_token: Some("the-token".to_owned()), ..data() };
    let (parts, _body) = signer.sign(get(), NOW).into_parts();
    let claim = Claim::parse(&parts).unwrap();
    assert_eq!(claim.access_key_id(), ID);
    assert_eq!(claim.signed_at(), NOW);
    assert_eq!((claim.region_set(), claim.expires()), (Some("*"), None));
    let credential = claim.credential();
    assert_eq!((credential.date(), credential.region()), ("20261122", None));
    assert_eq!((credential.service(), credential.terminator()), ("cloudfront-keyvaluestore", "aws4_request"));
    assert_eq!(
        claim.signed_headers().collect::<Vec<_>>(),
        ["host", "x-amz-date", "x-amz-region-set", "x-amz-security-token"]
    );
    let shown = format!("{claim:?}");
    let signature = parts.headers["authorization"].to_str().unwrap().rsplit('=').next().unwrap();
    assert!(!shown.contains(signature) && !shown.contains("the-token"), "{shown}");
}
