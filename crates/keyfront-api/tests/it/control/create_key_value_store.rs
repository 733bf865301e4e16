//! `CreateKeyValueStore` through the whole pipeline, with its full responses.

use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::Quotas;

use super::{STORES, create, list_tags};
use crate::fixture::{STRANGER, World, create_body, tags};

/// Compatibility decision: the 201 says `PROVISIONING`, and a store without an import is `READY` at the
/// first look after it; the first ETag is the service's own first.
#[tokio::test]
async fn a_store_is_created_provisioning_and_found_ready() {
    let world = World::new();
    let created = create(&world, "<Name>routes</Name><Comment>Where to &amp; how</Comment>").send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/key-value-store/arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <KeyValueStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>routes</Name><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><Comment>Where to &amp; how</Comment><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</ARN><Status>PROVISIONING</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></KeyValueStore>
    "#);
    let found = world.control("GET", format!("{STORES}/routes")).send().await;
    assert_snapshot!(found, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <KeyValueStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>routes</Name><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><Comment>Where to &amp; how</Comment><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</ARN><Status>READY</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></KeyValueStore>
    "#);
}

/// Compatibility decision: a comment that was never given is left out, an empty one comes back empty.
#[tokio::test]
async fn an_absent_comment_stays_absent_and_an_empty_one_empty() {
    let world = World::new();
    let longest = format!("<Comment>{}</Comment>", "ü".repeat(128));
    for (name, comment) in [
        ("none", ""),
        ("empty", "<Comment></Comment>"),
        ("text", "<Comment>a &lt; b</Comment>"),
        ("long", &longest),
    ] {
        let created = create(&world, &format!("<Name>{name}</Name>{comment}")).send().await;
        let found = world.control("GET", format!("{STORES}/{name}")).send().await;
        for answer in [created, found] {
            assert!(answer.status < 300 && answer.body.contains(comment), "{answer}");
            assert_eq!(answer.body.contains("<Comment"), !comment.is_empty(), "{answer}");
        }
    }
}

/// As SDKs send it whose model is from before the path lost its slash.
#[tokio::test]
async fn a_store_is_created_at_the_path_of_older_models() {
    let world = World::new();
    let create = world.control("POST", format!("{STORES}/")).body(create_body("<Name>routes</Name>"));
    let created = create.send().await;
    assert_eq!(created.status, 201, "{created}");
    assert_eq!(world.control("GET", format!("{STORES}/routes")).send().await.status, 200);
}

#[tokio::test]
async fn a_name_is_unique_in_its_account() {
    let world = World::new();
    world.store("routes").await;
    let again = create(&world, "<Name>routes</Name>").send().await;
    assert_snapshot!(again, @r#"
    409
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>EntityAlreadyExists</Code><Message>The entity already exists. You must provide a unique entity.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    world.store("Routes").await;
    world.store_of(STRANGER, "routes").await;
}

#[tokio::test]
async fn a_deleted_name_can_be_used_again_for_another_store() {
    let world = World::new();
    let first = world.store("routes").await;
    world.delete(&first).await;
    assert_ne!(world.store("routes").await.arn, first.arn);
}

#[tokio::test]
async fn what_the_model_does_not_allow_is_refused() {
    let world = World::new();
    let name = |length| format!("<Name>{}</Name>", "n".repeat(length));
    assert_eq!(create(&world, &name(64)).send().await.status, 201);
    let mut refusals = Vec::new();
    for elements in [
        String::new(),
        "<Name></Name>".to_owned(),
        name(65),
        "<Name>a b</Name>".to_owned(),
        "<Name>a<b/></Name>".to_owned(),
        format!("<Name>a</Name><Comment>{}</Comment>", "c".repeat(129)),
        "<Name>a</Name><ImportSource></ImportSource>".to_owned(),
        "<Name>a</Name><ImportSource><SourceType>FTP</SourceType><SourceARN>arn:aws:s3:::bucket/k</SourceARN></ImportSource>".to_owned(),
        "<Name>a</Name><ImportSource><SourceType>S3</SourceType><SourceARN>s3://bucket/k</SourceARN></ImportSource>".to_owned(),
        "<Name>a</Name><ImportSource><SourceType>S3</SourceType><SourceARN>arn:aws:s3:::bucket</SourceARN></ImportSource>".to_owned(),
    ] {
        refusals.push(create(&world, &elements).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 2 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedXML: 2 validation errors detected: Value 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn' at 'name' failed to satisfy constraint: Member must have length less than or equal to 64; Value 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedXML: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedInput: Start of list found where not expected
    400 MalformedXML: 1 validation error detected: Value 'ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc' at 'comment' failed to satisfy constraint: Member must have length less than or equal to 128
    400 MalformedXML: 2 validation errors detected: Value null at 'importSource.sourceARN' failed to satisfy constraint: Member must not be null; Value null at 'importSource.sourceType' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value 'FTP' at 'importSource.sourceType' failed to satisfy constraint: Member must satisfy value set: [S3]
    400 InvalidArgument: The parameter ImportSource SourceARN is not valid. It must have the form arn:aws:s3:::bucket/key.
    400 InvalidArgument: The parameter ImportSource SourceARN is not valid. It must have the form arn:aws:s3:::bucket/key.
    ");
}

#[tokio::test]
async fn a_body_that_is_no_such_document_is_refused() {
    let world = World::new();
    let mut refusals = Vec::new();
    for body in [
        "",
        "<CreateKeyValueStoreRequest>",
        "<PublicKeyConfig><Name>a</Name></PublicKeyConfig>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><CreateKeyValueStoreRequest><Name>&b;</Name></CreateKeyValueStoreRequest>",
        "{\"Name\":\"a\"}",
    ] {
        refusals.push(world.control("POST", STORES).body(body).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null
    400 MalformedInput: Could not parse XML
    400 MalformedInput: PublicKeyConfig is not valid, expected CreateKeyValueStoreRequest
    400 MalformedInput: Could not parse XML
    400 MalformedInput: Could not parse XML
    ");
}

/// Compatibility decision: quotas are settings and keep the service's text.
#[tokio::test]
async fn an_account_has_a_limited_number_of_stores() {
    let quotas = Quotas { key_value_stores_per_account: 2, ..Quotas::default() };
    let world = World::with(quotas, Settings::default());
    let first = world.store("first").await;
    world.store("second").await;
    let third = create(&world, "<Name>third</Name>").send().await;
    assert_snapshot!(third, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>EntityLimitExceeded</Code><Message>The entity limit has been exceeded.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000005</RequestId></ErrorResponse>
    "#);
    world.store_of(STRANGER, "third").await;
    world.delete(&first).await;
    world.store("third").await;
}

#[tokio::test]
async fn tags_are_attached_at_creation() {
    let world = World::new();
    let created =
        create(&world, &format!("<Name>tagged</Name>{}", tags([("team", "edge"), ("a", "")]))).send().await;
    let listed = list_tags(&world, created.element("ARN")).send().await;
    assert_snapshot!(listed, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <Tags xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Items><Tag><Key>a</Key><Value></Value></Tag><Tag><Key>team</Key><Value>edge</Value></Tag></Items></Tags>
    "#);
}

#[tokio::test]
async fn tags_are_refused_for_what_is_wrong_with_them() {
    let world = World::new();
    let numbered = |count| tags((0..count).map(|n| (format!("k{n}"), "v")));
    assert_eq!(create(&world, &format!("<Name>full</Name>{}", numbered(50))).send().await.status, 201);
    let mut refusals = Vec::new();
    for tags in [
        numbered(51),
        tags([("aws:team", "edge")]),
        tags([("AWS:team", "edge")]),
        tags([("team", "edge"), ("team", "core")]),
        tags([("", "edge")]),
        tags([("k".repeat(129), "v")]),
        tags([("k", "v".repeat(257))]),
        tags([("k!", "v")]),
    ] {
        refusals.push(create(&world, &format!("<Name>refused</Name>{tags}")).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @r#"
    400 InvalidArgument: Too many tags.
    400 InvalidArgument: Tag key cannot start with 'aws:'.
    400 InvalidArgument: Invalid System Tag: AWS:team must be prefixed with "aws:" in lowercase.
    400 InvalidArgument: Duplicate tag key: 'team'.
    400 MalformedXML: 1 validation error detected: Value '' at 'tags.items.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1
    400 MalformedXML: 1 validation error detected: Value 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk' at 'tags.items.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128
    400 MalformedXML: 1 validation error detected: Value 'vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv' at 'tags.items.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256
    400 MalformedXML: 1 validation error detected: Value 'k!' at 'tags.items.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ([\p{L}\p{Z}\p{N}_.:/=+\-@]*)
    "#);
    assert_eq!(world.control("GET", format!("{STORES}/refused")).send().await.status, 404);
}

#[tokio::test]
async fn a_store_with_an_import_source_stays_provisioning_until_the_import_ends() {
    let world = World::new();
    let source = "<ImportSource><SourceType>S3</SourceType><SourceARN>arn:aws:s3:::bucket/k.json</SourceARN></ImportSource>";
    let created = world.control("POST", STORES).body(create_body(&format!("<Name>seeded</Name>{source}")));
    assert_eq!(created.send().await.element("Status"), "PROVISIONING");
    let found = world.control("GET", format!("{STORES}/seeded")).send().await;
    assert_snapshot!(found, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <KeyValueStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>seeded</Name><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</ARN><Status>PROVISIONING</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></KeyValueStore>
    "#);
}
