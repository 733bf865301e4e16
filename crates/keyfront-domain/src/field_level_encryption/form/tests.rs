//! Tests of the encryption of form bodies, field by field.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::field_level_encryption::FieldLevelEncryptionProfileConfig;
use crate::field_level_encryption::message::{self, Expected, FRAME_BYTES};
use crate::field_level_encryption::testing::{KEY_NAME, PEM, PROVIDER, private_key, recipient};
use crate::public_key::PublicKeyConfig;

fn secrets(patterns: &[&str]) -> Arc<SecretFields> {
    let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
    Arc::new(SecretFields::default().with(recipient(), &patterns).unwrap())
}

/// What comes of a body that is sent in these pieces, and how many fields were encrypted.
fn transform(
    secrets: &Arc<SecretFields>,
    limits: Limits,
    pieces: &[&[u8]],
) -> (Result<(), FormError>, Vec<u8>, u64) {
    let mut form = FormEncryption::new(Arc::clone(secrets), limits);
    let mut out = Vec::new();
    let result = pieces.iter().try_for_each(|piece| form.push(piece, &mut out));
    let result = result.and_then(|()| form.finish(&mut out));
    (result, out, form.encrypted_fields())
}

/// A body with every message in it replaced by `{plaintext}`, so that it can be compared.
fn opened(body: &[u8]) -> String {
    let fields = body.split(|&byte| byte == b'&').map(|field| {
        let text = String::from_utf8_lossy(field).into_owned();
        let Some((name, value)) = text.split_once('=') else { return text };
        if !value.starts_with("AYAB") {
            return text;
        }
        let safe = value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'%');
        assert!(safe, "a value in a form has neither + nor / nor =: {value}");
        let message = message::from_text(value.as_bytes()).unwrap();
        let expected = Expected { provider_id: Some(PROVIDER), key_name: Some(KEY_NAME) };
        let plaintext = private_key().decrypt(&message, expected).unwrap();
        format!("{name}={{{}}}", plaintext.escape_ascii())
    });
    fields.collect::<Vec<_>>().join("&")
}

fn outcome(patterns: &[&str], body: &[u8]) -> Result<String, Status> {
    let (result, out, _) = transform(&secrets(patterns), Limits::default(), &[body]);
    result.map(|()| opened(&out)).map_err(FormError::status)
}

#[test]
fn fields_that_patterns_mean_are_encrypted_and_all_others_stay_as_they_are() {
    for (patterns, body, expected) in [
        // AWS's own example.
        (&["Phone"][..], "Name=Jane+Doe&Phone=404-555-0150", "Name=Jane+Doe&Phone={404-555-0150}"),
        (&["Phone"], "Phone=1", "Phone={1}"),
        (&["Phone"], "", ""),
        (&["Phone"], "&&a=1&", "&&a=1&"),
        (&["Phone"], "a=%41+b%2B&c=%3d%3D=&=d&e", "a=%41+b%2B&c=%3d%3D=&=d&e"),
        // The value is what the form means, not how it is written.
        (&["Phone"], "Phone=a+b%2B%26%3D%25c", "Phone={a b+&=%c}"),
        (&["Phone"], "Phone=a=b", "Phone={a=b}"),
        (&["Phone"], "Phone=%C3%A4ä", r"Phone={\xc3\xa4\xc3\xa4}"),
        (&["Phone"], "Phone=%00%ff", r"Phone={\x00\xff}"),
        // Nothing is a value too.
        (&["Phone"], "Phone=", "Phone={}"),
        (&["Phone"], "Phone", "Phone={}"),
        (&["Phone"], "Phone&a", "Phone={}&a"),
        // The same name again.
        (&["Phone"], "Phone=1&a=2&Phone=3", "Phone={1}&a=2&Phone={3}"),
        // Names are compared without their escapes, and stay as they are written.
        (&["Phone"], "%50hone=1&Ph%6fne=2&Phone%20=3", "%50hone={1}&Ph%6fne={2}&Phone%20=3"),
        (&["Phone"], "phone=1&Phone+=2&Phones=3&Phon=4", "phone=1&Phone+=2&Phones=3&Phon=4"),
        (&["card[0].no"], "card%5B0%5D.no=1&card[0].no=2", "card%5B0%5D.no={1}&card[0].no={2}"),
        // Wildcards.
        (
            &["Card*"],
            "Card=1&CardNo=2&card=3&MyCard=4&Card*=5",
            "Card={1}&CardNo={2}&card=3&MyCard=4&Card*={5}",
        ),
        (&["*"], "a=1&=2&%ff=3&b", "a={1}&={2}&%ff={3}&b={}"),
        (&["Card*", "Phone", "x-*"], "Phone=1&CardNo=2&x-=3&y=4", "Phone={1}&CardNo={2}&x-={3}&y=4"),
        (&[], "Phone=1&a=2", "Phone=1&a=2"),
    ] {
        assert_eq!(outcome(patterns, body.as_bytes()).as_deref(), Ok(expected), "{patterns:?} {body}");
    }
}

#[test]
fn a_name_that_is_no_text_is_a_name() {
    let (result, out, encrypted) =
        transform(&secrets(&["Card*"]), Limits::default(), &[b"Card\xff\xfe=1&\xff=2"]);
    assert_eq!((result, encrypted), (Ok(()), 1));
    assert!(out.starts_with(b"Card\xff\xfe=AYAB") && out.ends_with(b"&\xff=2"));
}

#[test]
fn a_name_of_any_length_is_held_against_patterns_of_the_greatest() {
    let longest = "n".repeat(128);
    let prefix = format!("{}*", "n".repeat(127));
    for (pattern, length, means) in [
        (&longest, 128, true),
        (&longest, 129, false),
        (&longest, 100_000, false),
        (&prefix, 126, false),
        (&prefix, 127, true),
        (&prefix, 100_000, true),
    ] {
        let body = format!("{}=1", "n".repeat(length));
        let (result, out, encrypted) = transform(&secrets(&[pattern]), Limits::default(), &[body.as_bytes()]);
        assert_eq!((result, encrypted), (Ok(()), u64::from(means)), "{pattern} {length}");
        assert!(out.starts_with(&body.as_bytes()[..=length]));
    }
}

#[test]
fn a_body_that_is_no_form_is_refused_wherever_it_is_not() {
    for body in
        ["%", "Phone=%", "Phone=1%4", "Phone=%4&a", "a=%zz", "%=1", "%4=1", "a&%g", "Phone=%+1", "a=%&b=%41"]
    {
        assert_eq!(outcome(&["Phone"], body.as_bytes()), Err(Status::MalformedInputClientError), "{body}");
    }
}

#[test]
fn limits_are_reached_and_not_passed() {
    let limits = Limits::default();
    let field = |size: usize| format!("a=b&Phone={}", "1".repeat(size));
    let escaped = |size: usize| format!("Phone={}", "%31".repeat(size));
    let fields = |count: usize| vec!["a=1"; count].join("&");
    let body = |size: usize| format!("a={}", "1".repeat(size - 2));
    for (what, body, expected) in [
        ("a field of 16 KB", field(16 * 1024), Ok(())),
        ("a field of 16 KB with escapes", escaped(16 * 1024), Ok(())),
        ("a byte more", field(16 * 1024 + 1), Err(FormError::Field)),
        ("a byte more with escapes", escaped(16 * 1024 + 1), Err(FormError::Field)),
        ("a long field that passes", body(20_000), Ok(())),
        ("10 fields", fields(10), Ok(())),
        ("10 fields and nothing", format!("&{}&&", fields(10)), Ok(())),
        ("11 fields", fields(11), Err(FormError::Fields)),
        ("11 names", "a&".repeat(11), Err(FormError::Fields)),
        ("1 MB", body(1024 * 1024), Ok(())),
        ("1 MB and a byte", body(1024 * 1024 + 1), Err(FormError::Body)),
        ("1 MB of nothing and a byte", "&".repeat(1024 * 1024 + 1), Err(FormError::Body)),
    ] {
        let (result, _, _) = transform(&secrets(&["Phone"]), limits, &[body.as_bytes()]);
        assert_eq!(result, expected, "{what}");
    }
    assert_eq!(limits.check_body(1024 * 1024), Ok(()));
    assert_eq!(limits.check_body(1024 * 1024 + 1), Err(FormError::Body));
    let raised = Limits { fields: 11, ..limits };
    assert_eq!(transform(&secrets(&[]), raised, &[fields(11).as_bytes()]).0, Ok(()));
}

#[test]
fn every_failure_has_its_status() {
    for (error, status) in [
        (FormError::Malformed, "MalformedInputClientError"),
        (FormError::Field, "FieldLengthLimitClientError"),
        (FormError::Fields, "FieldNumberLimitClientError"),
        (FormError::Body, "RequestLengthLimitClientError"),
        (FormError::Encryption(EncryptionFailed), "ServerError"),
    ] {
        assert_eq!(error.status().as_str(), status);
        assert_eq!(error.status().is_refusal(), status != "ServerError");
    }
}

#[test]
fn what_was_encrypted_before_a_failure_is_counted_and_nothing_follows_it() {
    let mut form = FormEncryption::new(secrets(&["Phone"]), Limits::default());
    let mut out = Vec::new();
    assert_eq!(form.push(b"Phone=1&Phone=2&a=%zz", &mut out), Err(FormError::Malformed));
    assert_eq!(form.encrypted_fields(), 2);
    assert_eq!(opened(&out), "Phone={1}&Phone={2}&a=%");
    let before = out.clone();
    assert_eq!(form.push(b"&b=1", &mut out), Err(FormError::Malformed));
    assert_eq!(form.finish(&mut out), Err(FormError::Malformed));
    assert_eq!(out, before);
}

#[test]
fn nothing_of_a_secret_is_forwarded_before_it_is_encrypted() {
    let mut form = FormEncryption::new(secrets(&["Phone"]), Limits::default());
    let mut out = Vec::new();
    form.push(b"a=1&Phone=404-555", &mut out).unwrap();
    assert_eq!(out, b"a=1&Phone=");
    form.push(b"-0150%", &mut out).unwrap();
    assert_eq!(out, b"a=1&Phone=");
    assert_eq!(form.finish(&mut out), Err(FormError::Malformed));
    assert_eq!(out, b"a=1&Phone=");
}

const BODY: &[u8] = b"Name=Jane+Doe&Ph%6Fne=%34%30+4&&Card1=\xff%ff&Card&x=%41=&Cards";

#[test]
fn a_body_comes_out_the_same_wherever_it_is_cut() {
    let secrets = secrets(&["Phone", "Card*"]);
    let (_, whole, _) = transform(&secrets, Limits::default(), &[BODY]);
    let whole = opened(&whole);
    assert_eq!(whole, r"Name=Jane+Doe&Ph%6Fne={40 4}&&Card1={\xff\xff}&Card={}&x=%41=&Cards={}");
    for place in 0..=BODY.len() {
        let (first, second) = BODY.split_at(place);
        let (result, out, encrypted) = transform(&secrets, Limits::default(), &[first, second]);
        assert_eq!((result, encrypted, opened(&out)), (Ok(()), 4, whole.clone()), "cut at {place}");
    }
    let bytes: Vec<&[u8]> = BODY.chunks(1).collect();
    assert_eq!(opened(&transform(&secrets, Limits::default(), &bytes).1), whole);
}

fn config(name: &str, encoded_key: &str) -> PublicKeyConfig {
    PublicKeyConfig {
        caller_reference: "1".into(),
        name: name.into(),
        encoded_key: encoded_key.into(),
        comment: None,
    }
}

fn profile(entities: &[(&str, &str, &[&str])]) -> FieldLevelEncryptionProfileConfig {
    let entities: Vec<_> = entities
        .iter()
        .map(|(key, provider, patterns)| {
            json!({"PublicKeyId": key, "ProviderId": provider,
                   "FieldPatterns": {"Quantity": patterns.len(), "Items": patterns}})
        })
        .collect();
    let profile = json!({"Name": "p", "CallerReference": "1",
                         "EncryptionEntities": {"Quantity": entities.len(), "Items": entities}});
    serde_json::from_value(profile).unwrap()
}

#[test]
fn a_profile_encrypts_each_field_for_the_provider_and_under_the_name_of_its_key() {
    let keys = [("K1", config("first", PEM)), ("K2", config("second", PEM))];
    let key = |id: &str| keys.iter().find(|(known, _)| *known == id).map(|(_, config)| config);
    let profile = profile(&[("K1", "one", &["a"]), ("K2", "two", &["b*"])]);
    let fields = Arc::new(SecretFields::of_profile(&profile, key).unwrap());
    let (result, out, encrypted) = transform(&fields, Limits::default(), &[b"a=1&b=2&bc=3&c=4"]);
    assert_eq!((result, encrypted), (Ok(()), 3));
    let values: Vec<&[u8]> =
        out.split(|&b| b == b'&').map(|f| f.splitn(2, |&b| b == b'=').last().unwrap()).collect();
    for (value, provider, name, plaintext) in [
        (values[0], "one", "first", b"1"),
        (values[1], "two", "second", b"2"),
        (values[2], "two", "second", b"3"),
    ] {
        let expected = Expected { provider_id: Some(provider), key_name: Some(name) };
        let message = message::from_text(value).unwrap();
        assert_eq!(private_key().decrypt(&message, expected).as_deref(), Ok(plaintext.as_slice()));
    }
    assert_eq!(values[3], b"4");
}

#[test]
fn a_profile_that_cannot_be_used_says_why() {
    let keys = [
        ("K1", config("rsa", PEM)),
        ("K2", config("p256", include_str!("../../../../keyfront-testkit/fixtures/public-keys/p-256.pem"))),
        ("K3", config("none", "no key")),
    ];
    let key = |id: &str| keys.iter().find(|(known, _)| *known == id).map(|(_, config)| config);
    for (entities, expected) in [
        (&[("K9", "p", &["a"][..])][..], "the public key K9 does not exist"),
        (&[("K2", "p", &["a"])], "field-level encryption needs an RSA key with 2048 bits"),
        (&[("K3", "p", &["a"])], "the public key cannot be read"),
        (&[("K1", "", &["a"])], "a provider id and a key name have 1 to 128 bytes each"),
        (
            &[("K1", "p", &["a b"])],
            "the field pattern \"a b\" is not valid: it has 1 to 128 letters, digits and characters of []._- \
             and may end with *",
        ),
        (&[("K1", "p", &["AB*"]), ("K1", "q", &["ABC"])], "the field patterns \"AB*\" and \"ABC\" overlap"),
    ] {
        let error = SecretFields::of_profile(&profile(entities), key).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the body and however it is cut: the same outcome, and no panic.
    #[test]
    fn pieces_make_no_difference(
        body in "[A-Fa-f0-9%&=+\u{e4}Phone]{0,120}",
        cuts in proptest::collection::vec(0..120_usize, 0..6),
    ) {
        let secrets = secrets(&["Ph*", "a"]);
        let limits = Limits { body_bytes: 100, fields: 4, field_bytes: 20 };
        let (whole, out, encrypted) = transform(&secrets, limits, &[body.as_bytes()]);
        let mut pieces = Vec::new();
        let mut rest = body.as_bytes();
        for cut in cuts {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        pieces.push(rest);
        let (result, again, count) = transform(&secrets, limits, &pieces);
        prop_assert_eq!((result, opened(&again), count), (whole, opened(&out), encrypted));
    }

    #[test]
    fn a_value_of_any_size_comes_back(size in 0..3 * FRAME_BYTES) {
        let body = format!("Phone={}", "7".repeat(size));
        let expected = format!("Phone={{{}}}", "7".repeat(size));
        prop_assert_eq!(outcome(&["Phone"], body.as_bytes()), Ok(expected));
    }
}
