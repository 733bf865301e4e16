//! `GetUser` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use crate::fixture::World;

const FORM: &str = "Action=GetUser&Version=2010-05-08";

#[tokio::test]
async fn a_caller_learns_who_he_is_with_or_without_his_name() {
    let world = World::new();
    let answer = world.query("iam", FORM).send().await;
    assert_snapshot!(answer, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><User><Path>/</Path><UserName>admin</UserName><UserId>AIDAADMIN</UserId><Arn>arn:aws:iam::111122223333:user/admin</Arn><CreateDate>2026-11-18T11:06:40.000Z</CreateDate></User></GetUserResult><ResponseMetadata><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ResponseMetadata></GetUserResponse>
    "#);
    let named = world.query("iam", &format!("{FORM}&UserName=admin")).send().await;
    assert_eq!(named.element("User"), answer.element("User"));
}

#[tokio::test]
async fn other_users_are_not_found() {
    let world = World::new();
    assert_snapshot!(world.query("iam", &format!("{FORM}&UserName=a+%3Cb%3E")).send().await, @r#"
    404
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The user with name a &lt;b&gt; cannot be found.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
}

#[tokio::test]
async fn it_needs_a_permission_on_the_own_user() {
    let world = World::new();
    let user = world.users.limit(r#"{"Effect":"Allow","Action":"cloudfront:*","Resource":"*"}"#);
    assert_snapshot!(world.query("iam", FORM).by(user).send().await, @r#"
    403
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/limited is not authorized to perform: iam:GetUser on resource: arn:aws:iam::111122223333:user/limited because no identity-based policy allows the iam:GetUser action</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    let own = r#"{"Effect":"Allow","Action":"iam:GetUser","Resource":"arn:aws:iam::*:user/${aws:username}"}"#;
    let user = world.users.limit(own);
    assert_eq!(world.query("iam", FORM).by(user).send().await.status, 200);
}
