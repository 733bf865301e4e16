//! Signatures that are published: the functional tests of AWS CLI version 2.

use super::*;

const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu6o2+Jc8UINw2P/w2l7A
1xXu3emQEZQ9diA3bmog8r9Dg+65fZgAqmuNWPqBivv7j3DGnLUdt8uCIr7PYUbK
7wDa6n7U3ryOWtO2ZTc3StiJVcqTsokZ0qxGFtDRafjBuydXtcxh52vVTcHqH33n
ubyyZIzuhTwfmrIOnUXnLwbMrBBPbg/8mlgQooyo1XbrN1eO4XMs+UgQ9Mqc7KRJ
RinUJ+KYuCnM8f/nN4RjYdjTcghkxCPEHCeSt2luywWyYmfguWCBS2Mu1q0250wK
yNazlgiiTJtAuuSeweb4NKPOJL9XhR6Ce6UuU4WYlli8gvQh3FAV3N3C1Rxo20k2
8QIDAQAB
-----END PUBLIC KEY-----
";

const CANNED_SHA1: &str = "http://example.com/hi?Expires=1451606400&Signature=UiEmtMsInU-gXoa1O7-bTRJmZ~ocphB0ONMxyEHs2r8Y9dwzeB~DkbgzPMX3jbdbwIwVX3f4VcY4HBLdPSkbF~D6KbUlxPw1ju8mlXeu2C436XxZdrJrrJaiEDaTpKslXpn9ngaCzVfCVPfkC3a0NBWBySi5ezCG2yzb0c-djNgI1wkogwtmtZuOxAoKF1sRTyFX9ZitUiUIl~65nkJ94s~GGwxzTf1kMi7Wdm~9rFrJpx0O7nJEBy5O578s2UHrejtwyedUR5BqXTkgu~A51NcjAN9LErATV7SVBYicoZ76AOfB-TKay7g6-MWCK6-T-4Q5x6XH4yzII3JpbCmVwA__&Key-Pair-Id=my_id";
const CUSTOM_SHA1: &str = "http://example.com/hi?Policy=eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiaHR0cDovL2V4YW1wbGUuY29tL2hpIiwiQ29uZGl0aW9uIjp7IkRhdGVMZXNzVGhhbiI6eyJBV1M6RXBvY2hUaW1lIjoxNDUxNjA2NDAwfSwiSXBBZGRyZXNzIjp7IkFXUzpTb3VyY2VJcCI6IjEyLjM0LjU2Ljc4LzMyIn19fV19&Signature=Vw-WG18WJJXim7YSGWS-zW~XmFB9MjCDOvgC~2Gz-1wiMQzCrXzYYbSE7-aF6JGOOb5ewArpMqmu2g5mohnqgieZX1NY6IOteDoXYgqaNj1DafHWQD6UJ3IKVfkxISU9OmFPoG7H~VSPWEzOxdjOqdIPvAU2pW2mJ5oWu2aL62s0VVtLGCAm-DahiSQisl0JbzpPyG1pofvPbT75qc71r9uiqSAbPjUF5nmLCZazVnFjDkj3zIgMRYa5aV54VDa6-wEizzmjQ3-m6UMoYgcGHQXEjoFIWTfpZvbZBYkmK9lk3d16cgvaHafTJ-CPegn1bKxfgNEjSAoPWS0OvBkRmg__&Key-Pair-Id=my_id";
const CANNED_SHA256: &str = "http://example.com/hi?Expires=1451606400&Signature=sKs3OXFbAUKFRUS0Cl2bbd7S-7tPgAJsHSWLHfpMha3LX3gX5Tk7c~jm~Zwe57dk5Sp2sxAwYPO~~i~kP8kiY2jefwml~csENOvtsJJk4NNK2l5C58ejsqeuXyhEV2jSzlKWPawp45wNrkZyevQ-lQ5hgkyzGCHxrtGGEGnqdJc14w9FIB0YOIM8j3rQLvN-5IO6s-HCcIHhAWtkqhHhTCCLhqJQ2M10h8nCGPPcqtWqxg3R7EtsP32QJn5I4UtY1Y6Bi-ugwVGR7jNOR4uM71wPdf5plp7nTuA1i30I9~ag0gyobUviUyKg3phXOk1pTpxrXSC9Y2MHwIKSPMpPow__&Key-Pair-Id=my_id&Hash-Algorithm=SHA256";

#[test]
fn the_command_lines_own_vectors_verify_until_their_last_second() {
    let key = public(PUBLIC);
    let trusted = |id: &str| (id == "my_id").then_some(&key);
    let from = |last_byte| IpAddr::from([12, 34, 56, last_byte]);
    for (url, kind) in [
        (CANNED_SHA1, PolicyKind::Canned),
        (CUSTOM_SHA1, PolicyKind::Custom),
        (CANNED_SHA256, PolicyKind::Canned),
    ] {
        let at = |now, viewer_ip| ViewerRequest { viewer_ip, now, ..request(url, &[]) };
        let verified = verify(&at(1_451_606_399, from(78)), trusted).unwrap();
        assert_eq!((verified.kind, &*verified.target), (kind, "/hi"));
        assert_eq!(
            verify(&at(1_451_606_400, from(78)), trusted),
            Err(Denial::Expired { expires: 1_451_606_400, now: 1_451_606_400 })
        );
        assert_eq!(verify(&at(0, from(79)), trusted).is_err(), kind == PolicyKind::Custom);
    }
}

#[test]
fn the_bytes_of_both_policies_are_the_command_lines() {
    let url = Url { scheme: "http", host: "example.com", target: "/hi" };
    assert_eq!(
        canned_text(url, "1451606400"),
        r#"{"Statement":[{"Resource":"http://example.com/hi","Condition":{"DateLessThan":{"AWS:EpochTime":1451606400}}}]}"#
    );
    let policy = CustomPolicy {
        resource: "http://example.com/hi",
        expires: 1_451_606_400,
        not_before: None,
        source_ip: SourceIp::parse("12.34.56.78"),
    };
    assert!(CUSTOM_SHA1.contains(&format!("?Policy={}&", base64::encode(policy.to_json().as_bytes()))));
}

#[test]
fn the_example_cookie_policy_of_the_documentation_is_understood() {
    let policy = r#"{"Statement":[{"Resource":"http://d111111abcdef8.cloudfront.net/game_download.zip","Condition":{"IpAddress":{"AWS:SourceIp":"192.0.2.0/24"},"DateLessThan":{"AWS:EpochTime":1426500000}}}]}"#;
    assert_eq!(
        Policy::parse(policy.as_bytes()),
        Ok(Policy {
            resource: Some("http://d111111abcdef8.cloudfront.net/game_download.zip".to_owned()),
            expires: 1_426_500_000,
            not_before: None,
            source_ip: SourceIp::parse("192.0.2.0/24"),
        })
    );
}
