//! The operations on profiles of field-level encryption through the whole pipeline, with their full responses.

use insta::assert_snapshot;

use super::FIRST;
use super::resources::{
    CONFIGS, P256, PROFILES, PUBLIC_KEYS, config, document, made, made_key, made_profile, page, profile,
    public_key,
};
use crate::fixture::World;

#[tokio::test]
async fn an_empty_list_is_shown_with_items_also_when_they_were_left_out() {
    let world = World::new();
    let key = made_key(&world, "key").await;
    let empty = "<Quantity>0</Quantity>";
    let entity = format!(
        "<Quantity>1</Quantity><Items><EncryptionEntity><PublicKeyId>{key}</PublicKeyId><ProviderId>provider\
         </ProviderId><FieldPatterns>{empty}</FieldPatterns></EncryptionEntity></Items>"
    );
    for (name, entities) in [("none", empty), ("one", &entity)] {
        let elements = format!(
            "<Name>{name}</Name><CallerReference>{name}</CallerReference><EncryptionEntities>{entities}\
             </EncryptionEntities>"
        );
        let body = document("FieldLevelEncryptionProfileConfig", &elements);
        let with_items = body.replace(empty, &format!("{empty}<Items/>"));
        let id = made(world.control("POST", PROFILES).body(body)).await;
        let shown = world.control("GET", format!("{PROFILES}/{id}/config")).send().await;
        assert_eq!(shown.body, format!("<?xml version=\"1.0\"?>\n{with_items}"));
    }
}

#[tokio::test]
async fn a_profile_is_created_updated_and_listed() {
    let world = World::new();
    let (one, two) = (made_key(&world, "one").await, made_key(&world, "two").await);
    let create = world.control("POST", PROFILES).body(profile("profile", &[(&one, "Card*"), (&two, "Name")]));
    let created = create.send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/field-level-encryption-profile/POV23IH6F8C9OM
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <FieldLevelEncryptionProfile xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>POV23IH6F8C9OM</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><FieldLevelEncryptionProfileConfig><Name>profile</Name><CallerReference>profile</CallerReference><EncryptionEntities><Quantity>2</Quantity><Items><EncryptionEntity><PublicKeyId>KOV23IH6F8C9OI</PublicKeyId><ProviderId>provider</ProviderId><FieldPatterns><Quantity>1</Quantity><Items><FieldPattern>Card*</FieldPattern></Items></FieldPatterns></EncryptionEntity><EncryptionEntity><PublicKeyId>KOV23IH6F8C9OK</PublicKeyId><ProviderId>provider</ProviderId><FieldPatterns><Quantity>1</Quantity><Items><FieldPattern>Name</FieldPattern></Items></FieldPatterns></EncryptionEntity></Items></EncryptionEntities></FieldLevelEncryptionProfileConfig></FieldLevelEncryptionProfile>
    "#);
    let path = format!("{PROFILES}/{}/config", created.element("Id"));
    assert_snapshot!(world.control("GET", &path).send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    <?xml version="1.0"?>
    <FieldLevelEncryptionProfileConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>profile</Name><CallerReference>profile</CallerReference><EncryptionEntities><Quantity>2</Quantity><Items><EncryptionEntity><PublicKeyId>KOV23IH6F8C9OI</PublicKeyId><ProviderId>provider</ProviderId><FieldPatterns><Quantity>1</Quantity><Items><FieldPattern>Card*</FieldPattern></Items></FieldPatterns></EncryptionEntity><EncryptionEntity><PublicKeyId>KOV23IH6F8C9OK</PublicKeyId><ProviderId>provider</ProviderId><FieldPatterns><Quantity>1</Quantity><Items><FieldPattern>Name</FieldPattern></Items></FieldPatterns></EncryptionEntity></Items></EncryptionEntities></FieldLevelEncryptionProfileConfig>
    "#);
    world.clock.advance(std::time::Duration::from_secs(1));
    let renamed = profile("renamed", &[(&one, "Card*")])
        .replace("<CallerReference>renamed", "<CallerReference>profile")
        .replace("<EncryptionEntities>", "<Comment>now with</Comment><EncryptionEntities>");
    assert_snapshot!(world.control("PUT", &path).if_match(FIRST).body(renamed).send().await, @r#"
    200
    content-type: text/xml
    etag: E3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    <?xml version="1.0"?>
    <FieldLevelEncryptionProfile xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>POV23IH6F8C9OM</Id><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime><FieldLevelEncryptionProfileConfig><Name>renamed</Name><CallerReference>profile</CallerReference><Comment>now with</Comment><EncryptionEntities><Quantity>1</Quantity><Items><EncryptionEntity><PublicKeyId>KOV23IH6F8C9OI</PublicKeyId><ProviderId>provider</ProviderId><FieldPatterns><Quantity>1</Quantity><Items><FieldPattern>Card*</FieldPattern></Items></FieldPatterns></EncryptionEntity></Items></EncryptionEntities></FieldLevelEncryptionProfileConfig></FieldLevelEncryptionProfile>
    "#);
    assert_snapshot!(world.control("GET", PROFILES).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000009

    <?xml version="1.0"?>
    <FieldLevelEncryptionProfileList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><FieldLevelEncryptionProfileSummary><Id>POV23IH6F8C9OM</Id><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime><Name>renamed</Name><EncryptionEntities><Quantity>1</Quantity><Items><EncryptionEntity><PublicKeyId>KOV23IH6F8C9OI</PublicKeyId><ProviderId>provider</ProviderId><FieldPatterns><Quantity>1</Quantity><Items><FieldPattern>Card*</FieldPattern></Items></FieldPatterns></EncryptionEntity></Items></EncryptionEntities><Comment>now with</Comment></FieldLevelEncryptionProfileSummary></Items></FieldLevelEncryptionProfileList>
    "#);
    for (key, expected) in [(&two, 204), (&one, 409)] {
        let delete = world.control("DELETE", format!("{PUBLIC_KEYS}/{key}")).if_match(FIRST);
        assert_eq!(delete.send().await.status, expected);
    }
}

#[tokio::test]
async fn what_a_profile_may_not_be() {
    let world = World::new();
    let rsa = made_key(&world, "rsa").await;
    let ecdsa = made(world.control("POST", PUBLIC_KEYS).body(public_key("ecdsa", P256))).await;
    let existing = made(world.control("POST", PROFILES).body(profile("existing", &[(&rsa, "a")]))).await;
    made(world.control("POST", PROFILES).body(profile("other", &[(&rsa, "a")]))).await;
    let eleven: Vec<String> = (0..11).map(|number| format!("f{number}x")).collect();
    let eleven: Vec<(&str, &str)> = eleven.iter().map(|name| (rsa.as_str(), name.as_str())).collect();
    let eleven_patterns = {
        let patterns: Vec<_> =
            eleven.iter().map(|(_, name)| format!("<FieldPattern>{name}</FieldPattern>")).collect();
        profile("p", &[(&rsa, "a")])
            .replace("<FieldPattern>a</FieldPattern>", &patterns.concat())
            .replace("<FieldPatterns><Quantity>1", "<FieldPatterns><Quantity>11")
    };
    let good = profile("p", &[(&rsa, "a")]);
    let mut outcomes = Vec::new();
    for body in [
        profile("p", &[("K0000000000000", "a")]),
        profile("p", &[(&ecdsa, "a")]),
        profile("two words", &[(&rsa, "a")]),
        profile("p", &[(&rsa, "a b")]),
        profile("p", &[(&rsa, "ABC*"), (&rsa, "AB*")]),
        profile("p", &eleven),
        eleven_patterns,
        good.replace("<EncryptionEntities><Quantity>1", "<EncryptionEntities><Quantity>2"),
        good.replace("<FieldPatterns><Quantity>1", "<FieldPatterns><Quantity>0"),
        good.replace("<ProviderId>provider", "<ProviderId>a provider"),
        good.replace("<CallerReference>p", "<CallerReference>other"),
        good.replace("<Name>p", "<Name>other"),
    ] {
        let created = world.control("POST", PROFILES).body(body.clone()).send().await.outcome();
        // The same of an update, whose reference is that of the creation.
        let update = world.control("PUT", format!("{PROFILES}/{existing}/config")).if_match(FIRST);
        let kept = body.replace("<CallerReference>p<", "<CallerReference>existing<");
        let updated = update.body(kept.replace("<CallerReference>two words<", "<CallerReference>existing<"));
        let updated = updated.send().await.outcome();
        outcomes.push(if updated == created { created } else { format!("{created}\n  update: {updated}") });
    }
    assert_snapshot!(outcomes.join("\n"), @"
    404 NoSuchPublicKey: The specified public key doesn't exist.
    400 InvalidArgument: The parameter PublicKeyId is not valid. Field-level encryption needs an RSA key of 2048 bits.
    400 InvalidArgument: The parameter Name is not valid. It must have 1 to 128 letters, digits, hyphens and underscores.
    400 InvalidArgument: The parameter FieldPattern is not valid. It must have 1 to 128 letters, digits and characters of []._- and may end with *.
    400 InvalidArgument: The parameter FieldPatterns is not valid. Two patterns must not overlap.
    400 TooManyFieldLevelEncryptionEncryptionEntities: The maximum number of encryption entities for field-level encryption have been created.
    400 TooManyFieldLevelEncryptionFieldPatterns: The maximum number of field patterns for field-level encryption have been created.
    400 InconsistentQuantities: The value of Quantity and the size of Items don't match.
    400 InconsistentQuantities: The value of Quantity and the size of Items don't match.
    400 InvalidArgument: The parameter ProviderId is not valid. It must have 1 to 128 letters, digits, colons, underscores and hyphens.
    409 FieldLevelEncryptionProfileAlreadyExists: The specified profile for field-level encryption already exists.
      update: 400 IllegalUpdate: The update contains modifications that are not allowed.
    409 FieldLevelEncryptionProfileAlreadyExists: The specified profile for field-level encryption already exists.
    ");
}

#[tokio::test]
async fn a_profile_in_a_configuration_is_kept() {
    let world = World::new();
    let id = made_profile(&world, "profile").await;
    let user = made(world.control("POST", CONFIGS).body(config("1", Some(&id)))).await;
    let delete = || world.control("DELETE", format!("{PROFILES}/{id}")).if_match(FIRST);
    assert_eq!(
        delete().send().await.refusal(),
        "409 FieldLevelEncryptionProfileInUse: The specified profile for field-level encryption is in use."
    );
    assert_eq!(world.control("DELETE", format!("{CONFIGS}/{user}")).if_match(FIRST).send().await.status, 204);
    assert_eq!(delete().send().await.status, 204);
}

/// IAM has a resource type for profiles and one for configurations.
#[tokio::test]
async fn a_policy_can_name_a_profile() {
    let world = World::new();
    let (ours, other) = (made_profile(&world, "ours").await, made_profile(&world, "other").await);
    let user = world.users.limit(&format!(
        r#"{{"Effect":"Allow","Action":"*",
            "Resource":"arn:aws:cloudfront::111122223333:field-level-encryption-profile/{ours}"}}"#
    ));
    let mut outcomes = Vec::new();
    for path in [format!("{PROFILES}/{ours}"), format!("{PROFILES}/{other}"), PROFILES.to_owned()] {
        outcomes.push(page(&world.control("GET", path).by(user).send().await, "Name"));
    }
    assert_snapshot!(outcomes.join("\n"), @"
    ours
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:GetFieldLevelEncryptionProfile on resource: arn:aws:cloudfront::111122223333:field-level-encryption-profile/POV23IH6F8C9OO because no identity-based policy allows the cloudfront:GetFieldLevelEncryptionProfile action
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:ListFieldLevelEncryptionProfiles on resource: * because no identity-based policy allows the cloudfront:ListFieldLevelEncryptionProfiles action
    ");
}
