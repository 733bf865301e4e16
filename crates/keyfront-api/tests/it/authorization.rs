//! Policies through the whole pipeline. The rules themselves are tested where they are.

use std::net::IpAddr;

use insta::assert_snapshot;
use keyfront_api::Peer;

use crate::fixture::{Call, LIMITED, World, create_body, tags};

const STORES: &str = "/2020-05-31/key-value-store";

fn create<'w>(world: &'w World, elements: &str) -> Call<'w> {
    world.control("POST", STORES).body(create_body(elements)).by(LIMITED)
}

#[tokio::test]
async fn a_user_without_a_statement_may_do_nothing() {
    let world = World::new();
    let store = world.store("routes").await;
    let user = world.users.limit(r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#);
    assert_snapshot!(create(&world, "<Name>mine</Name>").send().await, @r#"
    403
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:CreateKeyValueStore on resource: arn:aws:cloudfront::111122223333:key-value-store/* because no identity-based policy allows the cloudfront:CreateKeyValueStore action</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(world.data("GET", store.data_path()).by(user).send().await, @r#"
    403
    content-type: application/json
    x-amzn-errortype: AccessDeniedException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"Message":"User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront-keyvaluestore:DescribeKeyValueStore on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:DescribeKeyValueStore action"}
    "#);
    let mut refusals = Vec::new();
    for call in [
        world.control("GET", STORES),
        world.control("GET", store.control_path()),
        world.control("DELETE", store.control_path()).if_match("ETVPDKIKX0DER"),
        // A store that does not exist is refused in the same way.
        world.control("GET", format!("{STORES}/nothing")),
        world.data("GET", store.key_path("a")),
        world.data("POST", format!("{}/keys", store.data_path())),
    ] {
        refusals.push(call.by(user).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:ListKeyValueStores on resource: * because no identity-based policy allows the cloudfront:ListKeyValueStores action
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:DescribeKeyValueStore on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront:DescribeKeyValueStore action
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:DeleteKeyValueStore on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront:DeleteKeyValueStore action
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:DescribeKeyValueStore on resource: arn:aws:cloudfront::111122223333:key-value-store/nothing because no identity-based policy allows the cloudfront:DescribeKeyValueStore action
    403 AccessDeniedException: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront-keyvaluestore:GetKey on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:GetKey action
    403 AccessDeniedException: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront-keyvaluestore:UpdateKeys on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:UpdateKeys action
    ");
}

/// What is wrong with a request is not for those to learn who may not send it.
#[tokio::test]
async fn a_decision_comes_before_the_checks() {
    let world = World::new();
    world.users.limit(r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#);
    assert_eq!(create(&world, "<Name>not a name</Name>").send().await.status, 403);
}

#[tokio::test]
async fn actions_are_allowed_one_by_one_and_an_explicit_deny_wins() {
    let world = World::new();
    let store = world.store("routes").await;
    let user = world.users.limit(
        r#"{"Effect":"Allow","Action":["cloudfront:*KeyValueStore*","cloudfront-keyvaluestore:*"],"Resource":"*"},
           {"Effect":"Deny","Action":"cloudfront-keyvaluestore:DeleteKey","Resource":"*"}"#,
    );
    let delete = world.data("DELETE", store.key_path("a")).if_match("KVTVPDKIKX0DER").by(user);
    assert_snapshot!(delete.send().await.refusal(), @"403 AccessDeniedException: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront-keyvaluestore:DeleteKey on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 with an explicit deny in an identity-based policy");
    let batch = world.data("POST", format!("{}/keys", store.data_path())).if_match("KVTVPDKIKX0DER").by(user);
    assert_eq!(batch.body("{\"Deletes\":[{\"Key\":\"a\"}]}").send().await.status, 200);
    let listed = world.control("GET", format!("/2020-05-31/tagging?Resource={}", store.arn)).by(user);
    assert_eq!(listed.send().await.status, 403);
}

/// Also for an operation of the control plane, which names the store by its name.
#[tokio::test]
async fn a_store_is_allowed_by_its_arn() {
    let world = World::new();
    let (ours, other) = (world.store("ours").await, world.store("other").await);
    let user = world.users.limit(&format!(r#"{{"Effect":"Allow","Action":"*","Resource":"{}"}}"#, ours.arn));
    for (call, expected) in [
        (world.control("GET", ours.control_path()), 200),
        (world.control("GET", other.control_path()), 403),
        (world.data("GET", ours.data_path()), 200),
        (world.data("GET", other.data_path()), 403),
        // A list is about no single store.
        (world.control("GET", STORES), 403),
        (world.control("GET", format!("{STORES}/nothing")), 403),
    ] {
        let answer = call.by(user).send().await;
        assert_eq!(answer.status, expected, "{answer}");
    }
    assert_eq!(create(&world, "<Name>third</Name>").send().await.status, 403);
}

/// A function is its name, also before it exists.
#[tokio::test]
async fn a_function_is_allowed_by_its_arn_and_each_action_by_its_name() {
    const FUNCTIONS: &str = "/2020-05-31/function";
    let world = World::new();
    let user = world.users.limit(
        r#"{"Effect":"Allow","Action":"cloudfront:*","Resource":"arn:aws:cloudfront::111122223333:function/ours*"},
           {"Effect":"Deny","Action":["cloudfront:PublishFunction","cloudfront:TestFunction"],"Resource":"*"}"#,
    );
    let create = |name: &str| {
        let config = "<FunctionConfig><Comment/><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig>";
        let code = "<FunctionCode>eA==</FunctionCode>";
        let body =
            format!("<CreateFunctionRequest><Name>{name}</Name>{config}{code}</CreateFunctionRequest>");
        world.control("POST", FUNCTIONS).body(body)
    };
    assert_eq!(create("theirs").send().await.status, 201);
    let tagging = |name| {
        let arn = format!("arn:aws:cloudfront::111122223333:function/{name}");
        world.control("GET", format!("/2020-05-31/tagging?Resource={arn}"))
    };
    let call = |method, rest: &str| world.control(method, format!("{FUNCTIONS}/{rest}"));
    for (call, expected) in [
        (create("ours"), 201),
        (create("others"), 403),
        (call("GET", "ours"), 200),
        (call("GET", "ours/describe"), 200),
        (call("GET", "theirs"), 403),
        (call("GET", "theirs/describe"), 403),
        (call("GET", "nothing"), 403),
        (call("POST", "ours/publish"), 403),
        (call("POST", "ours/test"), 403),
        (call("DELETE", "theirs"), 403),
        (tagging("ours"), 200),
        (tagging("theirs"), 403),
        // A list is about no single function.
        (world.control("GET", FUNCTIONS), 403),
        (call("DELETE", "ours").if_match("ETVPDKIKX0DER"), 204),
    ] {
        let answer = call.by(user).send().await;
        assert_eq!(answer.status, expected, "{answer}");
    }
    let publish = call("POST", "ours/publish").by(user).send().await;
    assert_snapshot!(publish.refusal(), @"403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:PublishFunction on resource: arn:aws:cloudfront::111122223333:function/ours with an explicit deny in an identity-based policy");
}

/// The hexadecimal digits of an id can be written in two ways; a policy means both.
#[tokio::test]
async fn a_denied_store_is_denied_in_other_letters_too() {
    let world = World::new();
    let store = world.store("secret").await;
    let user = world.users.limit(&format!(
        r#"{{"Effect":"Allow","Action":"*","Resource":"*"}},{{"Effect":"Deny","Action":"*","Resource":"{}"}}"#,
        store.arn
    ));
    for path in [store.data_path(), store.data_path().replace("54947df8", "54947DF8")] {
        assert_eq!(world.data("GET", path.clone()).by(user).send().await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_store_is_allowed_by_its_tags() {
    let world = World::new();
    let create = |name: &str, tags: &str| {
        world.control("POST", STORES).body(create_body(&format!("<Name>{name}</Name>{tags}")))
    };
    assert_eq!(create("edge", &tags([("team", "edge")])).send().await.status, 201);
    assert_eq!(create("core", &tags([("team", "core")])).send().await.status, 201);
    assert_eq!(create("none", "").send().await.status, 201);
    let user = world.users.limit(
        r#"{"Effect":"Allow","Action":"cloudfront:*","Resource":"*",
            "Condition":{"StringEquals":{"aws:ResourceTag/team":"edge"}}}"#,
    );
    for (name, expected) in [("edge", 200), ("core", 403), ("none", 403), ("nothing", 403)] {
        let answer = world.control("GET", format!("{STORES}/{name}")).by(user).send().await;
        assert_eq!(answer.status, expected, "{name}");
    }
}

#[tokio::test]
async fn a_creation_is_allowed_by_the_tags_it_brings() {
    let world = World::new();
    world.users.limit(
        r#"{"Effect":"Allow","Action":"cloudfront:*","Resource":"*",
            "Condition":{"StringEquals":{"aws:RequestTag/team":"edge"},
                         "ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}}"#,
    );
    for (tags, expected) in [
        (tags([("team", "core")]), 403),
        (tags([("team", "edge"), ("more", "")]), 403),
        (String::new(), 403),
        (tags([("team", "edge")]), 201),
    ] {
        assert_eq!(create(&world, &format!("<Name>a</Name>{tags}")).send().await.status, expected, "{tags}");
    }
}

#[tokio::test]
async fn the_tag_keys_of_an_untag_can_be_limited() {
    let world = World::new();
    let store = world.store("routes").await;
    let user = world.users.limit(
        r#"{"Effect":"Allow","Action":"cloudfront:UntagResource","Resource":"*"},
           {"Effect":"Deny","Action":"*","Resource":"*",
            "Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":["owner"]}}}"#,
    );
    for (key, expected) in [("team", 204), ("owner", 403)] {
        let path = format!("/2020-05-31/tagging?Operation=Untag&Resource={}", store.arn);
        let body = format!("<TagKeys><Items><Key>{key}</Key></Items></TagKeys>");
        assert_eq!(world.control("POST", path).body(body).by(user).send().await.status, expected, "{key}");
    }
}

#[tokio::test]
async fn a_request_is_allowed_by_where_it_comes_from() {
    let world = World::new();
    let user = world.users.limit(
        r#"{"Effect":"Allow","Action":"*","Resource":"*",
            "Condition":{"IpAddress":{"aws:SourceIp":["192.0.2.0/24","2001:db8::/32"]},
                         "Bool":{"aws:SecureTransport":"true"}}}"#,
    );
    let ip = |text: &str| Some(text.parse::<IpAddr>().unwrap());
    for (ip, secure, expected) in [
        (ip("192.0.2.7"), true, 200),
        (ip("2001:db8::7"), true, 200),
        (ip("192.0.2.7"), false, 403),
        (ip("198.51.100.7"), true, 403),
        (None, true, 403),
    ] {
        let call = world.control("GET", STORES).by(user).from(Peer { ip, secure, ..Peer::default() });
        assert_eq!(call.send().await.status, expected, "{ip:?} {secure}");
    }
}

#[tokio::test]
async fn a_permission_can_end() {
    let world = World::new();
    let user = world.users.limit(
        r#"{"Effect":"Allow","Action":"*","Resource":"*",
            "Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-22T04:00:00Z"}}}"#,
    );
    assert_eq!(world.control("GET", STORES).by(user).send().await.status, 200);
    world.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(world.control("GET", STORES).by(user).send().await.status, 403);
}
