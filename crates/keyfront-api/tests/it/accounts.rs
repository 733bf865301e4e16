//! Accounts are separate worlds.

use insta::assert_snapshot;

use crate::fixture::{ADMIN, STRANGER, World, create_body, escaped, tags};

#[tokio::test]
async fn two_accounts_have_stores_of_one_name_that_have_nothing_in_common() {
    let world = World::new();
    let ours = world.store("routes").await;
    let theirs = world.store_of(STRANGER, "routes").await;
    world.put(&ours, &[("a", "ours")]).await;
    let found = world.control("GET", theirs.control_path()).by(STRANGER).send().await;
    assert_eq!(found.element("ARN"), theirs.arn.to_string());
    for (user, expected) in [(ADMIN, ours.arn), (STRANGER, theirs.arn)] {
        let listed = world.control("GET", "/2020-05-31/key-value-store").by(user).send().await;
        assert_eq!(listed.elements("ARN"), [expected.to_string()]);
    }
    // An update or a deletion by name is one of the own store.
    let deleted =
        world.control("DELETE", ours.control_path()).by(STRANGER).if_match("ETVPDKIKX0DER").send().await;
    assert_eq!(deleted.status, 204);
    assert_eq!(world.pairs(&ours).await.len(), 1);
}

/// A stranger who may do everything in his own account learns nothing about another's stores, not even
/// which exist.
#[tokio::test]
async fn an_arn_of_another_account_is_denied_whether_it_exists_or_not() {
    let world = World::new();
    let ours = world.store("routes").await;
    world.put(&ours, &[("a", "ours")]).await;
    let never = ours.arn.to_string().replace("54947df8", "54947df9");
    let resource = escaped(&ours.arn.to_string());
    let put = "{\"Value\":\"theirs\"}";
    let answer = world.data("GET", ours.data_path()).by(STRANGER).send().await;
    assert_snapshot!(answer, @r#"
    403
    content-type: application/json
    x-amzn-errortype: AccessDeniedException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    {"Message":"User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront-keyvaluestore:DescribeKeyValueStore on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:DescribeKeyValueStore action"}
    "#);
    let keys = format!("{}/keys", ours.data_path());
    let calls = [
        world.data("GET", format!("/key-value-stores/{}", escaped(&never))),
        world.data("GET", keys.clone()),
        world.data("GET", ours.key_path("a")),
        world.data("PUT", ours.key_path("a")).if_match("KV3UN6WX5RRO2AG").body(put),
        world.data("DELETE", ours.key_path("a")).if_match("KV3UN6WX5RRO2AG"),
        world.data("POST", keys).if_match("KV3UN6WX5RRO2AG").body("{\"Deletes\":[{\"Key\":\"a\"}]}"),
        world.control("GET", format!("/2020-05-31/tagging?Resource={resource}")),
        world
            .control("POST", format!("/2020-05-31/tagging?Operation=Tag&Resource={resource}"))
            .body(tags([("a", "b")])),
        world
            .control("POST", format!("/2020-05-31/tagging?Operation=Untag&Resource={resource}"))
            .body("<TagKeys><Items><Key>a</Key></Items></TagKeys>"),
    ];
    let mut refusals = Vec::new();
    for call in calls {
        refusals.push(call.by(STRANGER).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    403 AccessDeniedException: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront-keyvaluestore:DescribeKeyValueStore on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df9-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:DescribeKeyValueStore action
    403 AccessDeniedException: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront-keyvaluestore:ListKeys on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:ListKeys action
    403 AccessDeniedException: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront-keyvaluestore:GetKey on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:GetKey action
    403 AccessDeniedException: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront-keyvaluestore:PutKey on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:PutKey action
    403 AccessDeniedException: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront-keyvaluestore:DeleteKey on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:DeleteKey action
    403 AccessDeniedException: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront-keyvaluestore:UpdateKeys on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:UpdateKeys action
    403 AccessDenied: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront:ListTagsForResource on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront:ListTagsForResource action
    403 AccessDenied: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront:TagResource on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront:TagResource action
    403 AccessDenied: User: arn:aws:iam::444455556666:user/stranger is not authorized to perform: cloudfront:UntagResource on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront:UntagResource action
    ");
    assert_eq!(world.pairs(&ours).await, [("a".to_owned(), "ours".to_owned())]);
}

#[tokio::test]
async fn the_account_in_the_host_plays_no_part() {
    let world = World::new();
    let ours = world.store("routes").await;
    for host in ["444455556666.localhost:4700", "localhost", "127.0.0.1:4700"] {
        let mut request = world.data("GET", ours.data_path()).unsigned().request();
        request.headers_mut().insert("host", host.parse().unwrap());
        let signer = keyfront_testkit::signing::Signer::data_plane(ADMIN.access_key_id, &ADMIN.secret());
        let answer =
            world.send(signer.sign(request, crate::fixture::NOW), keyfront_api::Peer::default()).await;
        assert_eq!(answer.status, 200, "{host}: {answer}");
    }
    let created = world.control("POST", "/2020-05-31/key-value-store").body(create_body("<Name>b</Name>"));
    assert!(created.send().await.element("ARN").contains(ADMIN.account));
}
