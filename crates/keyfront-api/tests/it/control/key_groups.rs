//! The operations on key groups through the whole pipeline, with their full responses.

use insta::assert_snapshot;

use super::resources::{KEY_GROUPS, PUBLIC_KEYS, document, key_group, made, made_key};
use super::{FIRST, SECOND};
use crate::fixture::{STRANGER, World};

/// Compatibility decision: a comment that was left out stays out.
#[tokio::test]
async fn a_key_group_is_created_updated_and_listed() {
    let world = World::new();
    let (one, two) = (made_key(&world, "one").await, made_key(&world, "two").await);
    let created = world.control("POST", KEY_GROUPS).body(key_group("group", &[&two, &one])).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/key-group/54947df8-0e9e-4471-a2f9-000000000006
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <KeyGroup xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>54947df8-0e9e-4471-a2f9-000000000006</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><KeyGroupConfig><Name>group</Name><Items><PublicKey>KOV23IH6F8C9OK</PublicKey><PublicKey>KOV23IH6F8C9OI</PublicKey></Items></KeyGroupConfig></KeyGroup>
    "#);
    let path = format!("{KEY_GROUPS}/{}", created.element("Id"));
    assert_snapshot!(world.control("GET", format!("{path}/config")).send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    <?xml version="1.0"?>
    <KeyGroupConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>group</Name><Items><PublicKey>KOV23IH6F8C9OK</PublicKey><PublicKey>KOV23IH6F8C9OI</PublicKey></Items></KeyGroupConfig>
    "#);
    world.clock.advance(std::time::Duration::from_secs(1));
    let body = key_group("renamed", &[&one]).replace("<Items>", "<Comment></Comment><Items>");
    assert_snapshot!(world.control("PUT", &path).if_match(FIRST).body(body).send().await, @r#"
    200
    content-type: text/xml
    etag: E3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    <?xml version="1.0"?>
    <KeyGroup xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>54947df8-0e9e-4471-a2f9-000000000006</Id><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime><KeyGroupConfig><Name>renamed</Name><Items><PublicKey>KOV23IH6F8C9OI</PublicKey></Items><Comment></Comment></KeyGroupConfig></KeyGroup>
    "#);
    assert_snapshot!(world.control("GET", KEY_GROUPS).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000009

    <?xml version="1.0"?>
    <KeyGroupList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><KeyGroupSummary><KeyGroup><Id>54947df8-0e9e-4471-a2f9-000000000006</Id><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime><KeyGroupConfig><Name>renamed</Name><Items><PublicKey>KOV23IH6F8C9OI</PublicKey></Items><Comment></Comment></KeyGroupConfig></KeyGroup></KeyGroupSummary></Items></KeyGroupList>
    "#);
    // The key that left the group can go, the other one cannot; the old name is free.
    for (key, expected) in [(&two, 204), (&one, 409)] {
        let delete = world.control("DELETE", format!("{PUBLIC_KEYS}/{key}")).if_match(FIRST);
        assert_eq!(delete.send().await.status, expected);
    }
    made(world.control("POST", KEY_GROUPS).body(key_group("group", &[&one]))).await;
    let taken = world.control("PUT", &path).if_match(SECOND).body(key_group("group", &[&one])).send().await;
    assert!(taken.refusal().starts_with("409 KeyGroupAlreadyExists: "), "{taken}");
}

/// The service's own numbers: five keys in a group. An unknown key is an invalid argument, because the
/// model has no NoSuchPublicKey here.
#[tokio::test]
async fn what_a_key_group_may_not_be() {
    let world = World::new();
    let mut keys = Vec::new();
    for number in 0..6 {
        keys.push(made_key(&world, &format!("key-{number}")).await);
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let foreign = world.control("POST", PUBLIC_KEYS).by(STRANGER);
    let foreign = made(foreign.body(super::resources::public_key("theirs", super::resources::RSA))).await;
    let group = made(world.control("POST", KEY_GROUPS).body(key_group("five", &keys[..5]))).await;
    let mut outcomes = Vec::new();
    for body in [
        key_group("six", &keys),
        key_group("none", &[]),
        key_group("unknown", &[keys[0], "K0000000000000"]),
        key_group("empty", &[""]),
        key_group("theirs", &[&foreign]),
        key_group("", &keys[..1]),
        key_group("x", &keys[..1])
            .replace("<Items>", &format!("<Comment>{}</Comment><Items>", "x".repeat(129))),
        document("KeyGroupConfig", "<Name>x</Name>"),
    ] {
        let created = world.control("POST", KEY_GROUPS).body(body.clone()).send().await.outcome();
        let update = world.control("PUT", format!("{KEY_GROUPS}/{group}")).if_match(FIRST);
        assert_eq!(update.body(body).send().await.outcome(), created);
        outcomes.push(created);
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 TooManyPublicKeysInKeyGroup: The number of public keys in this key group is more than the maximum allowed. For more information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.
    400 InvalidArgument: The parameter Items is required.
    400 InvalidArgument: The parameter Items is not valid. It names a public key that does not exist.
    400 InvalidArgument: The parameter Items is not valid. It names a public key that does not exist.
    400 InvalidArgument: The parameter Items is not valid. It names a public key that does not exist.
    400 InvalidArgument: The parameter Name is not valid. It must have 1 to 128 characters.
    400 InvalidArgument: The parameter Comment is not valid. It must have at most 128 characters.
    400 MalformedXML: 1 validation error detected: Value null at 'keyGroupConfig.items' failed to satisfy constraint: Member must not be null
    ");
    let unchanged = world.control("GET", format!("{KEY_GROUPS}/{group}")).send().await;
    assert_eq!((unchanged.header("etag"), unchanged.elements("PublicKey")), (FIRST, keys[..5].to_vec()));
}
