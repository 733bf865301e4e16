//! `GetCallerIdentity` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use keyfront_testkit::signing::Signer;

use crate::fixture::World;

const FORM: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn a_caller_learns_who_he_is() {
    let world = World::new();
    assert_snapshot!(world.query("sts", FORM).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/admin</Arn><UserId>AIDAADMIN</UserId><Account>111122223333</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ResponseMetadata></GetCallerIdentityResponse>
    "#);
}

/// AWS: GetCallerIdentity, "No permissions are required to perform this operation."
#[tokio::test]
async fn no_policy_can_deny_it() {
    let world = World::new();
    let user = world.users.limit(r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#);
    assert_eq!(world.query("sts", FORM).by(user).send().await.element("UserId"), "AIDALIMITED");
}

/// Vault and EKS ask with a presigned GET.
#[tokio::test]
async fn the_question_may_stand_in_the_query() {
    let world = World::new();
    let call = world
        .control("GET", format!("/?{FORM}"))
        .signed(|signer| Signer { service: "sts".to_owned(), ..signer });
    assert_eq!(call.send().await.element("UserId"), "AIDAADMIN");
}
