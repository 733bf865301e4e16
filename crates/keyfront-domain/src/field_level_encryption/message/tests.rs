//! Tests of AWS Encryption SDK messages: written, read, and refused when they are altered.

use aws_lc_rs::aead::Aad;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::encrypt::Secrets;
use super::layout::{Header, Reader};
use super::suite::{Part, Suite, nonce, nonce_of};
use super::*;
use crate::field_level_encryption::testing::{KEY_NAME, PEM, PROVIDER, fixture, private_key, recipient};
use crate::public_key::PublicKey;

const ANY_RECIPIENT: Expected<'_> = Expected { provider_id: None, key_name: None };

/// A message of the SDK, and what its line says about it.
struct Sample {
    suite: u16,
    frame_bytes: u32,
    plaintext: &'static str,
    message: Vec<u8>,
}

fn samples() -> Vec<Sample> {
    let lines = fixture!("encryption-sdk/messages.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            Sample {
                suite: u16::from_str_radix(words[0], 16).unwrap(),
                frame_bytes: words[1].parse().unwrap(),
                plaintext: words[2],
                message: STANDARD.decode(words[3]).unwrap(),
            }
        })
        .collect()
}

fn sample(suite: u16, frame_bytes: u32) -> Sample {
    samples().into_iter().find(|s| s.suite == suite && s.frame_bytes == frame_bytes).unwrap()
}

#[test]
fn what_the_sdk_wrote_is_read_in_every_suite_and_with_every_kind_of_body() {
    let key = private_key();
    let mine = Expected { provider_id: Some(PROVIDER), key_name: Some(KEY_NAME) };
    assert_eq!(samples().len(), 17);
    for Sample { suite, frame_bytes, plaintext, message } in samples() {
        for expected in [ANY_RECIPIENT, mine] {
            let read = key.decrypt(&message, expected);
            assert_eq!(read, Ok(plaintext.as_bytes().to_vec()), "{suite:04x} {frame_bytes}");
        }
    }
}

/// The same secrets give the same bytes, so ours are the SDK's to the last one.
#[test]
fn what_is_written_is_to_the_byte_what_the_sdk_writes() {
    let Sample { plaintext, message, .. } = sample(0x0178, 4096);
    let header = Header::read(&message, &mut Reader::new(&message)).unwrap();
    let wrapped = header.data_keys[0].wrapped;
    let secrets = Secrets {
        message_id: header.message_id.try_into().unwrap(),
        data_key: &private_key().unwrap_data_key(wrapped).unwrap(),
        wrapped,
    };
    assert_eq!(recipient().write(plaintext.as_bytes(), &secrets), Ok(message));
}

/// AWS published such messages of CloudFront's; this is how they all begin.
#[test]
fn a_message_begins_as_cloudfronts_do_and_is_as_long() {
    let message = recipient().encrypt(b"404-555-0150").unwrap();
    assert_eq!(message.len(), 393);
    assert_eq!(to_base64(&message).len(), 524);
    assert!(to_base64(&message).starts_with("AYABe"));
    assert_eq!(message[..4], [0x01, 0x80, 0x01, 0x78]);
    assert_eq!(message[20..22], [0, 0]);
}

#[test]
fn every_size_around_the_frames_is_read_again() {
    let (recipient, key) = (recipient(), private_key());
    for size in [0, 1, 12, 4095, 4096, 4097, 8191, 8192, 8193, 3 * 4096, 16 * 1024, 100_000] {
        let plaintext: Vec<u8> = (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let message = recipient.encrypt(&plaintext).unwrap();
        assert_eq!(message.len(), size + 364 + 17 + size / 4096 * 32, "{size}");
        assert_eq!(key.decrypt(&message, ANY_RECIPIENT), Ok(plaintext), "{size}");
    }
}

#[test]
fn no_two_messages_are_alike() {
    let recipient = recipient();
    let [one, two] = [recipient.encrypt(b"same").unwrap(), recipient.encrypt(b"same").unwrap()];
    assert_ne!(one[4..20], two[4..20], "message ids");
    assert_ne!(one[one.len() - 20..], two[two.len() - 20..], "contents");
}

/// Every byte, in every one of its bits together and in its lowest alone.
#[test]
fn a_message_that_was_changed_in_any_byte_is_refused() {
    let key = private_key();
    for (suite, frame_bytes) in [(0x0178, 4096), (0x0178, 0), (0x0578, 128)] {
        let Sample { message, .. } = sample(suite, frame_bytes);
        for place in 0..message.len() {
            for change in [0x01, 0xff] {
                let mut changed = message.clone();
                changed[place] ^= change;
                let read = key.decrypt(&changed, ANY_RECIPIENT);
                assert!(read.is_err(), "{suite:04x}: byte {place} of {}", message.len());
            }
        }
    }
}

#[test]
fn a_message_that_was_cut_or_prolonged_is_refused() {
    let key = private_key();
    for (suite, frame_bytes) in [(0x0178, 0), (0x0578, 128)] {
        let Sample { message, .. } = sample(suite, frame_bytes);
        for end in 0..message.len() {
            assert!(key.decrypt(&message[..end], ANY_RECIPIENT).is_err(), "{suite:04x}: cut at {end}");
        }
        let longer = [message.as_slice(), b"\0"].concat();
        let error = key.decrypt(&longer, ANY_RECIPIENT).unwrap_err();
        assert_eq!(error, Undecryptable::Malformed("something follows its end"));
    }
}

#[test]
fn a_failure_says_what_to_do_about_it() {
    let key = private_key();
    let mut message = recipient().encrypt(b"secret").unwrap();
    let other = Expected { provider_id: Some("elsewhere"), key_name: None };
    let named = Expected { provider_id: Some(PROVIDER), key_name: Some("other") };
    for expected in [other, named] {
        let error = key.decrypt(&message, expected).unwrap_err().to_string();
        assert_eq!(error, r#"the message is for another key: provider "FLEDemo" with key name "ExampleKey""#);
    }
    let other = PublicKey::parse(fixture!("public-keys/rsa-2048-other.pem")).unwrap();
    let foreign = Recipient::new(PROVIDER, KEY_NAME, &other).unwrap().encrypt(b"secret").unwrap();
    assert_eq!(key.decrypt(&foreign, ANY_RECIPIENT), Err(Undecryptable::WrongKey));
    let last = message.len() - 1;
    message[last] ^= 1;
    assert_eq!(key.decrypt(&message, ANY_RECIPIENT), Err(Undecryptable::Altered));
    assert_eq!(key.decrypt(b"", ANY_RECIPIENT), Err(Undecryptable::Malformed("it ends too early")));
    let signed = sample(0x0378, 4096).message;
    let mut unsigned = signed.clone();
    // The last byte of a signature in DER belongs to one of its two numbers.
    *unsigned.last_mut().unwrap() ^= 1;
    assert_eq!(key.decrypt(&unsigned, ANY_RECIPIENT), Err(Undecryptable::BadSignature));
}

#[test]
fn names_of_a_stranger_are_cut_and_escaped() {
    let mut message = vec![1, 0x80, 1, 0x78];
    message.extend([0; 16]);
    message.extend([0, 0, 0, 1]);
    for part in [b"\x1b[2J\xff".as_slice(), &vec![b'k'; 60_000], b"wrapped"] {
        message.extend(u16::try_from(part.len()).unwrap().to_be_bytes());
        message.extend(part);
    }
    message.extend([2, 0, 0, 0, 0, 12, 0, 0, 16, 0]);
    message.extend([0; 28]);
    let expected = Expected { provider_id: Some("p"), key_name: None };
    let error = private_key().decrypt(&message, expected).unwrap_err().to_string();
    assert!(error.contains(r#"provider "\u{1b}[2J"#) && error.len() < 300, "{error}");
}

/// A message with a valid head, that says about its body what its writer likes. Every holder of the public key
/// can make one.
fn forged(kind: u8, frame_bytes: u32, body: &[u8]) -> Vec<u8> {
    let message = recipient().encrypt(b"").unwrap();
    let header = Header::read(&message, &mut Reader::new(&message)).unwrap();
    let data_key = private_key().unwrap_data_key(header.data_keys[0].wrapped).unwrap();
    let key = Suite::of(0x0178).unwrap().message_key(&data_key, header.message_id).unwrap();
    let mut forged = header.authenticated.to_vec();
    let tail = forged.len() - 10;
    forged[tail] = kind;
    forged[tail + 6..].copy_from_slice(&frame_bytes.to_be_bytes());
    let aad = Aad::from(forged.as_slice());
    let tag = key.cipher.seal_in_place_separate_tag(nonce_of(nonce(0)), aad, &mut []).unwrap();
    forged.extend(nonce(0));
    forged.extend(tag.as_ref());
    forged.extend(body);
    forged
}

const SHORT: Undecryptable = Undecryptable::Malformed("it ends too early");
const ORDER: Undecryptable = Undecryptable::Malformed("its frames are out of order");

#[test]
fn a_length_that_the_message_does_not_have_is_refused_before_anything_is_read() {
    let single = |length: u64| [nonce(1).as_slice(), &length.to_be_bytes(), &[0; 64]].concat();
    let frame = |sequence: u32| [&sequence.to_be_bytes(), nonce(1).as_slice(), &[0; 64]].concat();
    let last = |sequence: u32, length: u32| {
        [&[0xff; 4], sequence.to_be_bytes().as_slice(), &nonce(1), &length.to_be_bytes(), &[0; 64]].concat()
    };
    for (what, message, expected) in [
        ("a body of all memory", forged(1, 0, &single(u64::MAX)), SHORT),
        ("nearly all", forged(1, 0, &single(u64::MAX - 15)), SHORT),
        ("one byte too many", forged(1, 0, &single(49)), SHORT),
        ("as many as there are", forged(1, 0, &single(48)), Undecryptable::Altered),
        ("a frame of 4 GB", forged(2, u32::MAX, &frame(1)), SHORT),
        ("a last frame of 4 GB", forged(2, u32::MAX, &last(1, u32::MAX)), SHORT),
        (
            "a last frame longer than a frame",
            forged(2, 16, &last(1, 17)),
            Undecryptable::Malformed("its last frame is longer than a frame"),
        ),
        ("a second frame first", forged(2, 16, &frame(2)), ORDER),
        ("no first frame", forged(2, 16, &frame(0)), ORDER),
        ("a last frame too late", forged(2, 16, &last(2, 1)), ORDER),
    ] {
        assert_eq!(private_key().decrypt(&message, ANY_RECIPIENT), Err(expected), "{what}");
    }
}

#[test]
fn a_head_that_no_release_writes_is_refused() {
    let key = private_key();
    let message = recipient().encrypt(b"x").unwrap();
    let changed = |place: usize, bytes: &[u8]| {
        let mut changed = message.clone();
        changed[place..place + bytes.len()].copy_from_slice(bytes);
        key.decrypt(&changed, ANY_RECIPIENT).unwrap_err()
    };
    assert_eq!(changed(2, &[0x12, 0x34]), Undecryptable::UnknownSuite(0x1234));
    assert_eq!(changed(22, &[0xff, 0xff]), Undecryptable::TooManyDataKeys(0xffff));
    for (place, bytes, what) in [
        (0, [3, 0x80], "its version is neither 1 nor 2"),
        (0, [1, 0x81], "its type is not that of encrypted data"),
        (2, [0x04, 0x78], "its algorithm suite belongs to another version"),
        (2, [0x03, 0x78], "its context and its algorithm suite differ about a signature"),
        (message.len() - 79, [3, 0], "its kind of body and its frames do not fit"),
    ] {
        assert_eq!(changed(place, &bytes), Undecryptable::Malformed(what));
    }
    // No data key, and then the rest of the head in its place.
    let mut none = message[..22].to_vec();
    none.extend([0, 0, 2, 0, 0, 0, 0, 12, 0, 0, 16, 0]);
    none.extend([0; 28]);
    assert_eq!(key.decrypt(&none, ANY_RECIPIENT), Err(Undecryptable::OtherKey(Vec::new())));
}

#[test]
fn the_parts_of_a_body_vouch_for_different_things() {
    let texts = [Part::Frame, Part::FinalFrame, Part::Single].map(|part| part.authenticated(b"id", 1, 2));
    assert_eq!(texts[0], b"idAWSKMSEncryptionClient Frame\0\0\0\x01\0\0\0\0\0\0\0\x02");
    assert!(texts[0] != texts[1] && texts[1] != texts[2] && texts[0] != texts[2]);
}

#[test]
fn a_message_is_read_in_every_form_in_which_it_travels() {
    // Its base64 has every character that forms treat in a way of their own.
    let message = [&[1, 0x80][..], &[0xfb, 0xff, 0xbe, 0xfb]].concat();
    assert_eq!(to_base64(&message), "AYD7/777");
    assert_eq!(to_form_value(&message), "AYD7%2F777");
    let message = [&message[..], &[0xfb, 0xef, 0xbe, 0xff]].concat();
    assert_eq!(to_base64(&message), "AYD7/777++++/w==");
    assert_eq!(to_form_value(&message), "AYD7%2F777%2B%2B%2B%2B%2Fw%3D%3D");
    for text in [
        message.as_slice(),
        b"AYD7/777++++/w==",
        b"AYD7/777++++/w",
        b"AYD7%2F777%2B%2B%2B%2B%2Fw%3D%3D",
        b"AYD7%2f777%2b%2b%2b%2b%2fw",
        b"AYD7/777    /w==",
        b" AYD7/777\r\n++++/w==\n",
    ] {
        assert_eq!(from_text(text), Ok(message.clone()), "{:?}", String::from_utf8_lossy(text));
    }
    for text in [b"AYD7/777!".as_slice(), b"AYD7%2", b"AYD7=777", "AYDä".as_bytes()] {
        assert_eq!(from_text(text), Err(Undecryptable::NotBase64), "{:?}", String::from_utf8_lossy(text));
    }
}

#[test]
fn a_private_key_is_what_openssl_writes() {
    let pkcs8 = fixture!("public-keys/rsa-2048-private.pem");
    let crlf = pkcs8.replace('\n', "\r\n");
    let indented = format!("\n\n  {pkcs8}\n");
    let protected = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let protected_pkcs8 =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let nonsense = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let huge = "x".repeat(20_000);
    let message = recipient().encrypt(b"secret").unwrap();
    for (text, expected) in [
        (pkcs8, Ok(())),
        (&crlf, Ok(())),
        (&indented, Ok(())),
        (fixture!("public-keys/rsa-2048-private-pkcs1.pem"), Ok(())),
        (PEM, Err(InvalidPrivateKey::Public)),
        (fixture!("public-keys/rsa-2048-pkcs1.pem"), Err(InvalidPrivateKey::Public)),
        (protected, Err(InvalidPrivateKey::Encrypted)),
        (protected_pkcs8, Err(InvalidPrivateKey::Encrypted)),
        (nonsense, Err(InvalidPrivateKey::NotRsa)),
        (fixture!("public-keys/certificate.pem"), Err(InvalidPrivateKey::NotRsa)),
        ("", Err(InvalidPrivateKey::NotPem)),
        ("key", Err(InvalidPrivateKey::NotPem)),
        (&huge, Err(InvalidPrivateKey::NotPem)),
    ] {
        let key = PrivateKey::parse(text.as_bytes());
        assert_eq!(key.as_ref().map(|_| ()).map_err(|error| *error), expected, "{text}");
        if let Ok(key) = key {
            assert_eq!(key.decrypt(&message, ANY_RECIPIENT).as_deref(), Ok(b"secret".as_slice()));
            assert_eq!(format!("{key:?}"), "PrivateKey");
        }
    }
}

#[test]
fn a_recipient_has_an_rsa_key_and_names() {
    let rsa = PublicKey::parse(PEM).unwrap();
    let p256 = PublicKey::parse(fixture!("public-keys/p-256.pem")).unwrap();
    let longest = "n".repeat(128);
    let too_long = "n".repeat(129);
    for (provider, name, key, expected) in [
        ("p", "n", &rsa, None),
        (&longest, &longest, &rsa, None),
        ("p", "n", &p256, Some(InvalidRecipient::NotRsa)),
        ("", "n", &rsa, Some(InvalidRecipient::Name)),
        ("p", "", &rsa, Some(InvalidRecipient::Name)),
        (&too_long, "n", &rsa, Some(InvalidRecipient::Name)),
        ("p", &too_long, &rsa, Some(InvalidRecipient::Name)),
    ] {
        assert_eq!(Recipient::new(provider, name, key).err(), expected, "{provider} {name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_again(plaintext in proptest::collection::vec(any::<u8>(), 0..10_000)) {
        let message = recipient().encrypt(&plaintext).unwrap();
        prop_assert_eq!(private_key().decrypt(&message, ANY_RECIPIENT), Ok(plaintext.clone()));
        prop_assert_eq!(from_text(to_form_value(&message).as_bytes()), Ok(message));
    }

    #[test]
    fn no_input_does_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let key = private_key();
        prop_assert!(key.decrypt(&bytes, ANY_RECIPIENT).is_err());
        // Behind the beginnings of good ones, too.
        for Sample { message, .. } in samples() {
            let cut = bytes.len() % message.len();
            prop_assert!(key.decrypt(&[&message[..cut], &bytes].concat(), ANY_RECIPIENT).is_err());
        }
        prop_assert!(PrivateKey::parse(&bytes).is_err());
        if let Ok(message) = from_text(&bytes) {
            prop_assert!(message.len() <= bytes.len());
        }
    }
}
