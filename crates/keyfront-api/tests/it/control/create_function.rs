//! `CreateFunction` through the whole pipeline, with its full responses.

use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::Quotas;

use super::functions::{CODE, associations, code, config, create, delete, describe, get, made, made_with};
use super::{FIRST, list_tags};
use crate::fixture::{STRANGER, World, tags};

#[tokio::test]
async fn a_function_is_made_in_development() {
    let world = World::new();
    let elements = format!("<Name>redirect</Name>{}{}", config("to &lt;www&gt;", ""), code(CODE));
    assert_snapshot!(create(&world, &elements).send().await, @r#"
    201
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/function/arn:aws:cloudfront::111122223333:function/redirect
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <FunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>redirect</Name><Status>UNPUBLISHED</Status><FunctionConfig><Comment>to &lt;www&gt;</Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/redirect</FunctionARN><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary>
    "#);
}

/// SDKs differ in the order of the elements, and some break base64 into lines.
#[tokio::test]
async fn the_order_of_elements_and_line_breaks_do_not_matter() {
    let world = World::new();
    let broken = code(CODE).replace("ZXZlbnQ", "ZXZ\r\nlbnQ");
    let config = "<FunctionConfig><Runtime>cloudfront-js-1.0</Runtime><Comment/></FunctionConfig>";
    let answer = create(&world, &format!("{broken}{config}<Name>a</Name>")).send().await;
    assert_eq!((answer.status, answer.element("Runtime")), (201, "cloudfront-js-1.0"), "{answer}");
    assert_eq!(get(&world, "a", "").send().await.body, CODE);
}

/// CloudFront accepts any bytes; what is wrong with them shows when the function runs.
#[tokio::test]
async fn code_is_not_read_and_kept_to_the_byte() {
    let world = World::new();
    for (name, source) in [("syntax", "function handler( {"), ("none", "\u{feff}\r\n\0"), ("one", "x")] {
        let elements = format!("<Name>{name}</Name>{}{}", config("", ""), code(source));
        assert_eq!(create(&world, &elements).send().await.outcome(), "201");
        assert_eq!(get(&world, name, "").send().await.body, source);
    }
}

/// Compatibility decision: the size that counts is that of the source.
#[tokio::test]
async fn code_has_a_quota_of_bytes() {
    let world = World::new();
    let of_size =
        |name: &str, bytes| format!("<Name>{name}</Name>{}{}", config("", ""), code("x".repeat(bytes)));
    assert_eq!(create(&world, &of_size("largest", 10_240)).send().await.outcome(), "201");
    let mut refusals = Vec::new();
    for bytes in [10_241, 40_960, 40_961, 0] {
        refusals.push(create(&world, &of_size("refused", bytes)).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    413 FunctionSizeLimitExceeded: The function is too large: it has 10241 bytes and may have 10240.
    413 FunctionSizeLimitExceeded: The function is too large: it has 40960 bytes and may have 10240.
    400 MalformedXML: 1 validation error detected: Value at 'functionCode' failed to satisfy constraint: Member must have length less than or equal to 40960
    400 MalformedXML: 1 validation error detected: Value at 'functionCode' failed to satisfy constraint: Member must have length greater than or equal to 1
    ");
    assert_eq!(describe(&world, "refused", "").send().await.status, 404);
}

#[tokio::test]
async fn associations_are_kept_as_they_were_sent() {
    let world = World::new();
    let store = world.store("routes").await;
    let arn = store.arn.to_string();
    // What was absent stays absent, and an empty list has its items.
    let absent = made(&world, "absent").await;
    assert!(!absent.body.contains("KeyValueStoreAssociations"), "{absent}");
    let quantity = "<KeyValueStoreAssociations><Quantity>0</Quantity></KeyValueStoreAssociations>";
    let empty = made_with(&world, "empty", quantity).await;
    assert_eq!(empty.element("KeyValueStoreAssociations"), "<Quantity>0</Quantity><Items/>");
    made_with(&world, "with-a-store", &associations(&[&arn])).await;
    assert_snapshot!(describe(&world, "with-a-store", "").send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000006

    <?xml version="1.0"?>
    <FunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>with-a-store</Name><Status>UNPUBLISHED</Status><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime><KeyValueStoreAssociations><Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</KeyValueStoreARN></KeyValueStoreAssociation></Items></KeyValueStoreAssociations></FunctionConfig><FunctionMetadata><FunctionARN>arn:aws:cloudfront::111122223333:function/with-a-store</FunctionARN><Stage>DEVELOPMENT</Stage><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></FunctionMetadata></FunctionSummary>
    "#);
}

#[tokio::test]
async fn a_name_is_taken_once_in_an_account() {
    let world = World::new();
    made(&world, "redirect").await;
    let elements = format!("<Name>redirect</Name>{}{}", config("", ""), code(CODE));
    assert_snapshot!(create(&world, &elements).send().await, @r#"
    409
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>FunctionAlreadyExists</Code><Message>A function with the same name already exists in this AWS account.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000002</RequestId></ErrorResponse>
    "#);
    assert_eq!(create(&world, &elements).by(STRANGER).send().await.outcome(), "201");
    assert_eq!(delete(&world, "redirect").if_match(FIRST).send().await.outcome(), "204");
    // Versions begin again with the function.
    assert_eq!(made(&world, "redirect").await.header("etag"), FIRST);
}

/// Compatibility decisions: unknown store, more than one, and a store for the runtime 1.0.
#[tokio::test]
async fn what_a_configuration_cannot_say_is_refused_with_the_rule_or_the_arn() {
    let world = World::new();
    let store = world.store("routes").await.arn.to_string();
    let theirs = world.store_of(STRANGER, "theirs").await.arn.to_string();
    let unknown = store.replace("54947df8", "00000000");
    let old = |more: &str| config("", more).replace("js-2.0", "js-1.0");
    let mut refusals = Vec::new();
    for config in [
        config("", &associations(&[&store, &store])),
        config("", &associations(&[&unknown])),
        config("", &associations(&[&theirs])),
        old(&associations(&[&store])),
        config("", &associations(&[&store]).replace("<Quantity>1", "<Quantity>2")),
        config("", &associations(&["arn:aws:cloudfront::111122223333:key-value-store/routes"])),
        config("", "<KeyValueStoreAssociations/>"),
        config(&"c".repeat(4097), ""),
        config("", "").replace("js-2.0", "js-3.0"),
        config("", "").replace("<Comment></Comment>", ""),
        config("", "").replace("<Runtime>cloudfront-js-2.0</Runtime>", ""),
        String::new(),
    ] {
        let elements = format!("<Name>refused</Name>{config}{}", code(CODE));
        refusals.push(create(&world, &elements).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @r"
    400 InvalidArgument: The parameter KeyValueStoreAssociations is not valid. A function can have at most one key value store.
    400 InvalidArgument: The parameter KeyValueStoreARN is not valid. The account has no key value store arn:aws:cloudfront::111122223333:key-value-store/00000000-0e9e-4471-a2f9-000000000002.
    400 InvalidArgument: The parameter KeyValueStoreARN is not valid. The account has no key value store arn:aws:cloudfront::444455556666:key-value-store/54947df8-0e9e-4471-a2f9-000000000004.
    400 InvalidArgument: The parameter KeyValueStoreAssociations is not valid. A function with a key value store needs the runtime cloudfront-js-2.0.
    400 InvalidArgument: The parameter KeyValueStoreAssociations is not valid. The value of Quantity and the size of Items don't match.
    400 MalformedXML: 1 validation error detected: Value 'arn:aws:cloudfront::111122223333:key-value-store/routes' at 'functionConfig.keyValueStoreAssociations.items.1.member.keyValueStoreARN' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws:cloudfront::[0-9]{12}:key-value-store\/[0-9a-fA-F-]{36}
    400 MalformedXML: 1 validation error detected: Value null at 'functionConfig.keyValueStoreAssociations.quantity' failed to satisfy constraint: Member must not be null
    400 InvalidArgument: The parameter Comment is not valid. It must have at most 4096 characters.
    400 MalformedXML: 1 validation error detected: Value 'cloudfront-js-3.0' at 'functionConfig.runtime' failed to satisfy constraint: Member must satisfy value set: [cloudfront-js-1.0, cloudfront-js-2.0]
    400 MalformedXML: 1 validation error detected: Value null at 'functionConfig.comment' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value null at 'functionConfig.runtime' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value null at 'functionConfig' failed to satisfy constraint: Member must not be null
    ");
    assert_eq!(describe(&world, "refused", "").send().await.status, 404);
}

#[tokio::test]
async fn what_the_model_does_not_allow_is_refused() {
    let world = World::new();
    let rest = format!("{}{}", config("", ""), code(CODE));
    let mut refusals = Vec::new();
    for elements in [
        rest.clone(),
        format!("<Name></Name>{rest}"),
        format!("<Name>a b</Name>{rest}"),
        format!("<Name>a</Name>{}", config("", "")),
        format!("<Name>a</Name>{}<FunctionCode>{CODE}</FunctionCode>", config("", "")),
        format!("<Name>a<b/></Name>{rest}"),
    ] {
        refusals.push(create(&world, &elements).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 2 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedXML: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedXML: 1 validation error detected: Value at 'functionCode' failed to satisfy constraint: Member must not be null
    400 MalformedInput: Invalid Base64 encoding
    400 MalformedInput: Start of list found where not expected
    ");
}

/// Compatibility decision: quotas are settings and keep the service's code.
#[tokio::test]
async fn an_account_has_a_limited_number_of_functions() {
    let quotas = Quotas { functions_per_account: 2, ..Quotas::default() };
    let world = World::with(quotas, Settings::default());
    made(&world, "a").await;
    made(&world, "b").await;
    let third = format!("<Name>c</Name>{}{}", config("", ""), code(CODE));
    assert_snapshot!(create(&world, &third).send().await, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>TooManyFunctions</Code><Message>You have reached the maximum number of CloudFront functions for this AWS account.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    assert_eq!(create(&world, &third).by(STRANGER).send().await.outcome(), "201");
    delete(&world, "a").if_match(FIRST).send().await;
    assert_eq!(create(&world, &third).send().await.outcome(), "201");
}

#[tokio::test]
async fn tags_are_attached_at_creation() {
    let world = World::new();
    let rest = format!("{}{}", config("", ""), code(CODE));
    let tagged = format!("<Name>tagged</Name>{rest}{}", tags([("team", "edge"), ("a", "")]));
    let created = create(&world, &tagged).send().await;
    assert_snapshot!(list_tags(&world, created.element("FunctionARN")).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    <?xml version="1.0"?>
    <Tags xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Items><Tag><Key>a</Key><Value></Value></Tag><Tag><Key>team</Key><Value>edge</Value></Tag></Items></Tags>
    "#);
    let mut refusals = Vec::new();
    for tags in [
        tags((0..51).map(|n| (format!("k{n}"), "v"))),
        tags([("aws:team", "edge")]),
        tags([("team", "edge"), ("team", "core")]),
    ] {
        let elements = format!("<Name>refused</Name>{rest}{tags}");
        refusals.push(create(&world, &elements).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 InvalidTagging: Too many tags.
    400 InvalidTagging: Tag key cannot start with 'aws:'.
    400 InvalidTagging: Duplicate tag key: 'team'.
    ");
    assert_eq!(describe(&world, "refused", "").send().await.status, 404);
}

/// F:*, H:* and U2:cf-duplicate-keys of the captures of 2026-10 in MiniStack's tests.
#[tokio::test]
async fn bad_tags_come_after_the_name_and_before_the_code() {
    let world = World::new();
    let rest = |code_text: &str| format!("{}{}", config("", ""), code(code_text));
    let numbered = |more: &[(&str, &str)]| {
        let many = (0..49).map(|n| (format!("k{n:02}"), "v".to_owned()));
        tags(many.chain(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))))
    };
    for (tags, message) in [
        (tags([("dup", "a"), ("dup", "b")]), "Duplicate tag key: 'dup'."),
        (tags([("a", "1"), ("b", "2"), ("b", "3"), ("a", "4")]), "Duplicate tag key: 'b'."),
        (tags([("aws:x", "x")]), "Tag key cannot start with 'aws:'."),
        (tags([("AWS:x", "x")]), "Invalid System Tag: AWS:x must be prefixed with \"aws:\" in lowercase."),
        (tags([("Aws:x", "x")]), "Invalid System Tag: Aws:x must be prefixed with \"aws:\" in lowercase."),
        (tags([("AWS:x", "x"), ("aws:y", "y")]), "Tag key cannot start with 'aws:'."),
        (tags([("aws:y", "y"), ("AWS:x", "x")]), "Tag key cannot start with 'aws:'."),
        (tags([("dup", "a"), ("dup", "b"), ("aws:x", "x")]), "Duplicate tag key: 'dup'."),
        (numbered(&[("l", ""), ("m", "")]), "Too many tags."),
        (numbered(&[("k00", ""), ("m", "")]), "Duplicate tag key: 'k00'."),
        (numbered(&[("aws:x", ""), ("m", "")]), "Tag key cannot start with 'aws:'."),
    ] {
        // More code than a function may have is what the code would be refused for.
        let elements = format!("<Name>refused</Name>{}{tags}", rest(&"x".repeat(10_241)));
        let refusal = create(&world, &elements).send().await.refusal();
        assert_eq!(refusal, format!("400 InvalidTagging: {message}"));
    }
    assert_eq!(describe(&world, "refused", "").send().await.status, 404);
    made(&world, "taken").await;
    let twice = format!("<Name>taken</Name>{}{}", rest(CODE), tags([("dup", "a"), ("dup", "b")]));
    let refusal = create(&world, &twice).send().await;
    assert_eq!((refusal.status, refusal.element("Code")), (409, "FunctionAlreadyExists"));
}
