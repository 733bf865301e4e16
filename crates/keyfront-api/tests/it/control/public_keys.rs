//! The operations on public keys through the whole pipeline, with their full responses.

use insta::assert_snapshot;

use super::resources::{
    KEY_GROUPS, P256, PROFILES, PUBLIC_KEYS, RSA, document, key_group, made, made_key, pem, profile,
    public_key,
};
use super::{FIRST, SECOND};
use crate::fixture::World;

/// Compatibility decision: the comment that was left out comes back empty, the key to the byte.
#[tokio::test]
async fn a_public_key_is_created_and_read_back_to_the_byte() {
    let world = World::new();
    let created = world.control("POST", PUBLIC_KEYS).body(public_key("signing-key", P256)).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/public-key/KOV23IH6F8C9OI
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <PublicKey xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>KOV23IH6F8C9OI</Id><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><PublicKeyConfig><CallerReference>signing-key</CallerReference><Name>signing-key</Name><EncodedKey>-----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2nuHMmR+hHEUGXBuNWWfIGojYoWH
    rF4oYxdVb5sjfdvYVmUEiPNb2Y6JkGtqrZvTV+nM5YOd21Edgf1y5z/LLg==
    -----END PUBLIC KEY-----
    </EncodedKey><Comment></Comment></PublicKeyConfig></PublicKey>
    "#);
    let path = format!("{PUBLIC_KEYS}/{}", created.element("Id"));
    assert_snapshot!(world.control("GET", format!("{path}/config")).send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <PublicKeyConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>signing-key</CallerReference><Name>signing-key</Name><EncodedKey>-----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2nuHMmR+hHEUGXBuNWWfIGojYoWH
    rF4oYxdVb5sjfdvYVmUEiPNb2Y6JkGtqrZvTV+nM5YOd21Edgf1y5z/LLg==
    -----END PUBLIC KEY-----
    </EncodedKey><Comment></Comment></PublicKeyConfig>
    "#);
    assert_snapshot!(world.control("GET", PUBLIC_KEYS).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <PublicKeyList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><PublicKeySummary><Id>KOV23IH6F8C9OI</Id><Name>signing-key</Name><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><EncodedKey>-----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2nuHMmR+hHEUGXBuNWWfIGojYoWH
    rF4oYxdVb5sjfdvYVmUEiPNb2Y6JkGtqrZvTV+nM5YOd21Edgf1y5z/LLg==
    -----END PUBLIC KEY-----
    </EncodedKey><Comment></Comment></PublicKeySummary></Items></PublicKeyList>
    "#);
}

/// The Go SDK writes the newlines of a key as references, boto3 as they are. The last one is there once, as on AWS.
#[tokio::test]
async fn a_key_keeps_its_newlines_however_they_are_written() {
    let world = World::new();
    let crlf = RSA.replace('\n', "\r\n");
    for (name, sent, kept) in [
        ("with-the-last", RSA.to_owned(), RSA.to_owned()),
        ("without-the-last", RSA.trim_end().to_owned(), RSA.to_owned()),
        ("as-references", RSA.replace('\n', "&#xA;"), RSA.to_owned()),
        ("windows", crlf.replace('\r', "&#xD;"), crlf.replace('\r', "&#xD;")),
        ("more-than-one", format!("{RSA}\n"), RSA.to_owned()),
    ] {
        let id = made(world.control("POST", PUBLIC_KEYS).body(public_key(name, &sent))).await;
        let shown = world.control("GET", format!("{PUBLIC_KEYS}/{id}")).send().await;
        assert_eq!(shown.element("EncodedKey"), kept, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_key_of_the_right_kind_and_size_is_refused_in_one_way() {
    let world = World::new();
    let flattened = RSA.replace('\n', "");
    for encoded in [
        pem!("rsa-1024"),
        pem!("rsa-3072"),
        pem!("rsa-4096"),
        pem!("rsa-2048-pkcs1"),
        pem!("rsa-2048-private"),
        pem!("certificate"),
        pem!("p-384"),
        pem!("ed25519"),
        &flattened,
        "",
        "key",
    ] {
        let answer = world.control("POST", PUBLIC_KEYS).body(public_key("key", encoded)).send().await;
        let expected =
            "400 InvalidArgument: Your request contains empty/invalid/out of limits RSA Encoded Key";
        assert_eq!(answer.refusal(), expected, "{encoded}");
    }
    assert_eq!(world.control("GET", PUBLIC_KEYS).send().await.element("Quantity"), "0");
}

#[tokio::test]
async fn what_else_a_public_key_may_not_be() {
    let world = World::new();
    made_key(&world, "taken").await;
    let good = public_key("key", RSA);
    let mut outcomes = Vec::new();
    for body in [
        public_key("a key", RSA),
        public_key("", RSA),
        good.replace("<CallerReference>key</CallerReference>", "<CallerReference/>"),
        good.replace("<CallerReference>key</CallerReference>", ""),
        good.replace("<Name>", &format!("<Comment>{}</Comment><Name>", "x".repeat(129))),
        public_key("taken", P256),
        public_key("taken", P256).replace("<CallerReference>taken", "<CallerReference>other"),
        public_key("taken", P256).replace("<Name>taken", "<Name>other"),
        document("PublicKey", ""),
    ] {
        outcomes.push(world.control("POST", PUBLIC_KEYS).body(body).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter Name is not valid. It must have 1 to 128 letters, digits, hyphens and underscores.
    400 InvalidArgument: The parameter CallerReference is required.
    400 InvalidArgument: The parameter CallerReference is required.
    400 MalformedXML: 1 validation error detected: Value null at 'publicKeyConfig.callerReference' failed to satisfy constraint: Member must not be null
    400 InvalidArgument: The parameter Comment is not valid. It must have at most 128 characters.
    409 PublicKeyAlreadyExists: The name that you are using to create a CloudFront public key is associated with another public key in your account.
    409 PublicKeyAlreadyExists: The name that you are using to create a CloudFront public key is associated with another public key in your account.
    409 PublicKeyAlreadyExists: The specified public key already exists.
    400 MalformedInput: PublicKey is not valid, expected PublicKeyConfig
    ");
}

#[tokio::test]
async fn only_the_comment_of_a_public_key_can_change() {
    let world = World::new();
    let id = made_key(&world, "key").await;
    let path = format!("{PUBLIC_KEYS}/{id}/config");
    let good = public_key("key", RSA);
    let mut outcomes = Vec::new();
    for body in [
        public_key("key", P256),
        public_key("key", "nonsense"),
        good.replace("<Name>key", "<Name>other"),
        good.replace("<CallerReference>key", "<CallerReference>other"),
        good.replace("<Name>", &format!("<Comment>{}</Comment><Name>", "x".repeat(129))),
    ] {
        outcomes.push(world.control("PUT", &path).if_match(FIRST).body(body).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 CannotChangeImmutablePublicKeyFields: You can't change the value of a public key.
    400 CannotChangeImmutablePublicKeyFields: You can't change the value of a public key.
    400 CannotChangeImmutablePublicKeyFields: You can't change the value of a public key.
    400 CannotChangeImmutablePublicKeyFields: You can't change the value of a public key.
    400 InvalidArgument: The parameter Comment is not valid. It must have at most 128 characters.
    ");
    world.clock.advance(std::time::Duration::from_secs(1));
    let changed = good.replace("<Name>", "<Comment>for &lt;signing&gt;</Comment><Name>");
    let updated = world.control("PUT", &path).if_match(FIRST).body(changed).send().await;
    assert_snapshot!(updated, @r#"
    200
    content-type: text/xml
    etag: E3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    <?xml version="1.0"?>
    <PublicKey xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>KOV23IH6F8C9OI</Id><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><PublicKeyConfig><CallerReference>key</CallerReference><Name>key</Name><EncodedKey>-----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAraDTrlUfAq8KDs/70v5x
    gqcNwc2eR38uKmdpPz5XI/beLgEMtxvUfQ3AxnoKUv2RrtiSCARmvJHnjgnJ0Q/0
    524fFoE/iSTOakUKKw6DaIpXgBxicdENOpV7s1I53d0RKSnkFnfD57ozL8pmycx+
    OFeS4y5hGmc6flCRf6aO6SI2WFeESj/NdPg0CyXufvPLlX376vpM/bPs+jbV37TX
    hdeVheoKOgSBScBiw0dL8BY8wvhD1yh5fucISbtjuBBV+jXtnWEMWge2JzmNEWzE
    J6SnWwfFo8pLcsUIjedemem3xlJ6NL05g0TC390S0mVgTvhFIF53CznxrVTy1M0r
    FwIDAQAB
    -----END PUBLIC KEY-----
    </EncodedKey><Comment>for &lt;signing&gt;</Comment></PublicKeyConfig></PublicKey>
    "#);
    // The key is the same without its last newline.
    let emptied =
        world.control("PUT", &path).if_match(SECOND).body(public_key("key", RSA.trim_end())).send().await;
    assert_eq!(emptied.element("EncodedKey"), RSA);
    assert_eq!(emptied.element("Comment"), "");
}

#[tokio::test]
async fn a_public_key_in_a_key_group_or_a_profile_is_kept() {
    let world = World::new();
    for (name, path) in [("in-a-group", KEY_GROUPS), ("in-a-profile", PROFILES)] {
        let key = made_key(&world, name).await;
        let body = match path {
            PROFILES => profile("p", &[(&key, "a"), (&key, "b")]),
            _ => key_group("g", &[&key]),
        };
        let user = made(world.control("POST", path).body(body)).await;
        let delete = || world.control("DELETE", format!("{PUBLIC_KEYS}/{key}")).if_match(FIRST);
        assert_eq!(
            delete().send().await.refusal(),
            "409 PublicKeyInUse: The Cloudfront public key is currently associated with either Key Group or a \
             field level encryption profile."
        );
        let stale = world.control("DELETE", format!("{PUBLIC_KEYS}/{key}")).if_match(SECOND);
        assert_eq!(stale.send().await.status, 412);
        let freed = world.control("DELETE", format!("{path}/{user}")).if_match(FIRST).send().await;
        assert_eq!(freed.status, 204);
        assert_eq!(delete().send().await.status, 204);
    }
}

/// IAM knows no resource type for public keys: a policy that names one grants nothing.
#[tokio::test]
async fn a_policy_allows_public_keys_of_the_account_or_none() {
    let world = World::new();
    let id = made_key(&world, "key").await;
    let path = format!("{PUBLIC_KEYS}/{id}");
    let named = format!("arn:aws:cloudfront::111122223333:public-key/{id}");
    for (resource, status) in [("*", 200), (named.as_str(), 403)] {
        let user = world.users.limit(&format!(
            r#"{{"Effect":"Allow","Action":"cloudfront:GetPublicKey","Resource":"{resource}"}}"#
        ));
        let shown = world.control("GET", &path).by(user).send().await;
        assert_eq!(shown.status, status, "{shown}");
        assert_eq!(world.control("GET", format!("{path}/config")).by(user).send().await.status, 403);
    }
    let user = world.users.limit(r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#);
    let refused = world.control("POST", PUBLIC_KEYS).body(public_key("other", RSA)).by(user).send().await;
    assert_snapshot!(refused.refusal(), @"403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:CreatePublicKey on resource: * because no identity-based policy allows the cloudfront:CreatePublicKey action");
}
