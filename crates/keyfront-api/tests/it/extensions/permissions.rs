//! Existing policies decide, in the words that they have.

use insta::assert_snapshot;

use super::{FIRST, SECOND, answers, body, read, write};
use crate::fixture::World;

#[tokio::test]
async fn a_read_needs_list_keys_and_a_write_needs_update_keys() {
    let world = World::new();
    let store = world.store("routes").await;
    for (actions, expected) in [
        (r#""cloudfront-keyvaluestore:ListKeys""#, (200, 403)),
        (r#""cloudfront-keyvaluestore:UpdateKeys""#, (403, 400)),
        (r#""cloudfront-keyvaluestore:*Keys""#, (200, 400)),
        // Names of no action of AWS give nothing.
        (r#""cloudfront-keyvaluestore:*Pairs""#, (403, 403)),
        (r#""cloudfront-keyvaluestore:*Key","cloudfront:*","keyfront:*""#, (403, 403)),
    ] {
        let user = world
            .users
            .limit(&format!(r#"{{"Effect":"Allow","Action":[{actions}],"Resource":"{}"}}"#, store.arn));
        let read = read(&world, &store).by(user).send().await;
        // A caller that may write is told that the ETag is stale.
        let write = write(&world, &store, "{}").if_match(SECOND).by(user).send().await;
        assert_eq!((read.status, write.status), expected, "{actions}\n{read}\n{write}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_action_of_the_service() {
    let world = World::new();
    let store = world.store("routes").await;
    let user = world.users.limit(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},
           {"Effect":"Deny","Action":"cloudfront-keyvaluestore:UpdateKeys","Resource":"*"}"#,
    );
    let denied = write(&world, &store, &body(&[("a", "1")], &[])).if_match(FIRST).by(user).send().await;
    assert_snapshot!(denied, @r#"
    403
    content-type: application/json
    x-amzn-errortype: AccessDeniedException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"Message":"User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront-keyvaluestore:UpdateKeys on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 with an explicit deny in an identity-based policy"}
    "#);
    let user = world.users.limit(r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#);
    assert_snapshot!(read(&world, &store).by(user).send().await.refusal(), @"403 AccessDeniedException: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront-keyvaluestore:ListKeys on resource: arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002 because no identity-based policy allows the cloudfront-keyvaluestore:ListKeys action");
    assert_eq!(answers(&world, &store).await, "ReadPairs  200\nWritePairs 200");
}

/// What is wrong with a body is not for those to learn who may not send it.
#[tokio::test]
async fn a_decision_comes_before_the_body_is_looked_at() {
    let world = World::new();
    let store = world.store("routes").await;
    let user = world.users.limit(r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#);
    assert_eq!(write(&world, &store, "no JSON").if_match(FIRST).by(user).send().await.status, 403);
}
