//! The operations on configurations of field-level encryption through the whole pipeline, with their full responses.

use insta::assert_snapshot;

use super::FIRST;
use super::resources::{CONFIGS, config, document, made, made_profile};
use crate::fixture::World;

/// The elements of a configuration that names one profile for a query argument.
fn by_query_arg(reference: &str, argument: &str, profile: &str) -> String {
    let elements = format!(
        "<CallerReference>{reference}</CallerReference><QueryArgProfileConfig>\
         <ForwardWhenQueryArgProfileIsUnknown>false</ForwardWhenQueryArgProfileIsUnknown><QueryArgProfiles>\
         <Quantity>1</Quantity><Items><QueryArgProfile><QueryArg>{argument}</QueryArg><ProfileId>{profile}\
         </ProfileId></QueryArgProfile></Items></QueryArgProfiles></QueryArgProfileConfig>"
    );
    document("FieldLevelEncryptionConfig", &elements)
}

#[tokio::test]
async fn a_configuration_is_created_updated_and_listed() {
    let world = World::new();
    let profile = made_profile(&world, "profile").await;
    let created = world.control("POST", CONFIGS).body(config("1", Some(&profile))).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/field-level-encryption/COV23IH6F8C9OM
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <FieldLevelEncryption xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>COV23IH6F8C9OM</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><FieldLevelEncryptionConfig><CallerReference>1</CallerReference><ContentTypeProfileConfig><ForwardWhenContentTypeIsUnknown>true</ForwardWhenContentTypeIsUnknown><ContentTypeProfiles><Quantity>1</Quantity><Items><ContentTypeProfile><Format>URLEncoded</Format><ProfileId>POV23IH6F8C9OK</ProfileId><ContentType>application/x-www-form-urlencoded</ContentType></ContentTypeProfile></Items></ContentTypeProfiles></ContentTypeProfileConfig></FieldLevelEncryptionConfig></FieldLevelEncryption>
    "#);
    let path = format!("{CONFIGS}/{}/config", created.element("Id"));
    assert_snapshot!(world.control("GET", &path).send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    <?xml version="1.0"?>
    <FieldLevelEncryptionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>1</CallerReference><ContentTypeProfileConfig><ForwardWhenContentTypeIsUnknown>true</ForwardWhenContentTypeIsUnknown><ContentTypeProfiles><Quantity>1</Quantity><Items><ContentTypeProfile><Format>URLEncoded</Format><ProfileId>POV23IH6F8C9OK</ProfileId><ContentType>application/x-www-form-urlencoded</ContentType></ContentTypeProfile></Items></ContentTypeProfiles></ContentTypeProfileConfig></FieldLevelEncryptionConfig>
    "#);
    world.clock.advance(std::time::Duration::from_secs(1));
    let body = by_query_arg("1", "fle", &profile);
    assert_snapshot!(world.control("PUT", &path).if_match(FIRST).body(body).send().await, @r#"
    200
    content-type: text/xml
    etag: E3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    <?xml version="1.0"?>
    <FieldLevelEncryption xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>COV23IH6F8C9OM</Id><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime><FieldLevelEncryptionConfig><CallerReference>1</CallerReference><QueryArgProfileConfig><ForwardWhenQueryArgProfileIsUnknown>false</ForwardWhenQueryArgProfileIsUnknown><QueryArgProfiles><Quantity>1</Quantity><Items><QueryArgProfile><QueryArg>fle</QueryArg><ProfileId>POV23IH6F8C9OK</ProfileId></QueryArgProfile></Items></QueryArgProfiles></QueryArgProfileConfig></FieldLevelEncryptionConfig></FieldLevelEncryption>
    "#);
    assert_snapshot!(world.control("GET", CONFIGS).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000009

    <?xml version="1.0"?>
    <FieldLevelEncryptionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><FieldLevelEncryptionSummary><Id>COV23IH6F8C9OM</Id><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime><QueryArgProfileConfig><ForwardWhenQueryArgProfileIsUnknown>false</ForwardWhenQueryArgProfileIsUnknown><QueryArgProfiles><Quantity>1</Quantity><Items><QueryArgProfile><QueryArg>fle</QueryArg><ProfileId>POV23IH6F8C9OK</ProfileId></QueryArgProfile></Items></QueryArgProfiles></QueryArgProfileConfig></FieldLevelEncryptionSummary></Items></FieldLevelEncryptionList>
    "#);
}

/// What was absent stays absent, what was empty stays empty.
#[tokio::test]
async fn a_configuration_comes_back_with_the_elements_that_were_sent() {
    let world = World::new();
    let empty = "<Comment></Comment><QueryArgProfileConfig><ForwardWhenQueryArgProfileIsUnknown>true\
                 </ForwardWhenQueryArgProfileIsUnknown><QueryArgProfiles><Quantity>0</Quantity><Items/>\
                 </QueryArgProfiles></QueryArgProfileConfig>";
    let terraform = "<QueryArgProfileConfig><ForwardWhenQueryArgProfileIsUnknown>true\
                     </ForwardWhenQueryArgProfileIsUnknown></QueryArgProfileConfig>";
    for (number, elements) in ["", empty, terraform].into_iter().enumerate() {
        let elements = format!("<CallerReference>{number}</CallerReference>{elements}");
        let body = document("FieldLevelEncryptionConfig", &elements);
        let id = made(world.control("POST", CONFIGS).body(body.clone())).await;
        let shown = world.control("GET", format!("{CONFIGS}/{id}/config")).send().await;
        assert_eq!(shown.body, format!("<?xml version=\"1.0\"?>\n{body}"));
    }
}

#[tokio::test]
async fn an_empty_list_is_shown_with_items_also_when_they_were_left_out() {
    let world = World::new();
    let list = |name: &str, forward: &str, lists: &str| {
        format!("<{name}><{forward}>true</{forward}><{lists}><Quantity>0</Quantity></{lists}></{name}>")
    };
    let elements = [
        list("QueryArgProfileConfig", "ForwardWhenQueryArgProfileIsUnknown", "QueryArgProfiles"),
        list("ContentTypeProfileConfig", "ForwardWhenContentTypeIsUnknown", "ContentTypeProfiles"),
    ];
    let elements = format!("<CallerReference>1</CallerReference>{}", elements.concat());
    let body = document("FieldLevelEncryptionConfig", &elements);
    let with_items = body.replace("</Quantity>", "</Quantity><Items/>");
    let id = made(world.control("POST", CONFIGS).body(body.clone())).await;
    let path = format!("{CONFIGS}/{id}/config");
    let shown = async || world.control("GET", &path).send().await.body;
    assert_eq!(shown().await, format!("<?xml version=\"1.0\"?>\n{with_items}"));
    let updated = world.control("PUT", &path).if_match(FIRST).body(body).send().await;
    assert_eq!(updated.status, 200, "{updated}");
    assert_eq!(shown().await, format!("<?xml version=\"1.0\"?>\n{with_items}"));
}

#[tokio::test]
async fn what_a_configuration_may_not_be() {
    let world = World::new();
    let profile = made_profile(&world, "profile").await;
    let existing = made(world.control("POST", CONFIGS).body(config("existing", None))).await;
    let good = config("1", Some(&profile));
    let argument = by_query_arg("1", "a", &profile);
    let item = argument.split_once("<Items>").unwrap().1.split_once("</Items>").unwrap().0.to_owned();
    let arguments = |count: usize, items: String| {
        let quantity = format!("<Quantity>{count}</Quantity>");
        argument.replace(&item, &items).replace("<Quantity>1</Quantity>", &quantity)
    };
    let six: String = (0..6).map(|n| item.replace("<QueryArg>a", &format!("<QueryArg>a{n}"))).collect();
    let kind = good.split_once("<Items>").unwrap().1.split_once("</Items>").unwrap().0.to_owned();
    let mut outcomes = Vec::new();
    for body in [
        config("1", Some("P0000000000000")),
        by_query_arg("1", "a", "P0000000000000"),
        by_query_arg("1", "a", ""),
        by_query_arg("1", "a b", &profile),
        arguments(6, six),
        arguments(2, item.repeat(2)),
        arguments(2, item.clone()),
        good.replace("application/x-www-form-urlencoded", "application/json"),
        good.replace("URLEncoded", "JSON"),
        good.replace(&kind, &kind.repeat(2)).replace("<Quantity>1", "<Quantity>2"),
        good.replace("<CallerReference>1", "<CallerReference>"),
        config("existing", None),
    ] {
        let created = world.control("POST", CONFIGS).body(body.clone()).send().await.outcome();
        let update = world.control("PUT", format!("{CONFIGS}/{existing}/config")).if_match(FIRST);
        let kept = body.replace("<CallerReference>1<", "<CallerReference>existing<");
        let updated = update.body(kept).send().await.outcome();
        outcomes.push(if updated == created { created } else { format!("{created}\n  update: {updated}") });
    }
    assert_snapshot!(outcomes.join("\n"), @"
    404 NoSuchFieldLevelEncryptionProfile: The specified profile for field-level encryption doesn't exist.
    404 NoSuchFieldLevelEncryptionProfile: The specified profile for field-level encryption doesn't exist.
    400 QueryArgProfileEmpty: No profile specified for the field-level encryption query argument.
    400 InvalidArgument: The parameter QueryArg is not valid. It must have 1 to 128 letters, digits and characters of -._*+%.
    400 TooManyFieldLevelEncryptionQueryArgProfiles: The maximum number of query arg profiles for field-level encryption have been created.
    400 InvalidArgument: The parameter QueryArgProfiles is not valid. A query argument is given more than once.
    400 InconsistentQuantities: The value of Quantity and the size of Items don't match.
    400 InvalidArgument: The parameter ContentType is not valid. It must be application/x-www-form-urlencoded.
    400 MalformedXML: 1 validation error detected: Value 'JSON' at 'fieldLevelEncryptionConfig.contentTypeProfileConfig.contentTypeProfiles.items.1.member.format' failed to satisfy constraint: Member must satisfy value set: [URLEncoded]
    400 TooManyFieldLevelEncryptionContentTypeProfiles: The maximum number of content type profiles for field-level encryption have been created.
    400 InvalidArgument: The parameter CallerReference is required.
      update: 400 IllegalUpdate: The update contains modifications that are not allowed.
    409 FieldLevelEncryptionConfigAlreadyExists: The specified configuration for field-level encryption already exists.
      update: 200
    ");
}

#[tokio::test]
async fn a_configuration_in_use_is_kept() {
    let world = World::new();
    let id = made(world.control("POST", CONFIGS).body(config("1", None))).await;
    let target = format!("arn:aws:cloudfront::111122223333:field-level-encryption-config/{id}");
    world.refer("distribution/E1", &target).await;
    let delete = world.control("DELETE", format!("{CONFIGS}/{id}")).if_match(FIRST).send().await;
    assert_eq!(
        delete.refusal(),
        "409 FieldLevelEncryptionConfigInUse: The specified configuration for field-level encryption is in use."
    );
}
