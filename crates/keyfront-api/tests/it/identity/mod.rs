//! STS and IAM.

mod get_caller_identity;
mod get_user;

use insta::assert_snapshot;

use crate::fixture::World;

#[tokio::test]
async fn actions_that_are_not_here_are_named() {
    let world = World::new();
    let unknown = world.query("sts", "Action=GetSessionToken&Version=2011-06-15").send().await;
    assert_snapshot!(unknown, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation GetSessionToken for version 2011-06-15</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    let mut refusals = Vec::new();
    for (service, form) in [
        ("iam", "Action=ListUsers&Version=2010-05-08"),
        // Each action belongs to one of the two.
        ("iam", "Action=GetCallerIdentity&Version=2011-06-15"),
        ("sts", "Action=GetUser&Version=2010-05-08"),
        ("sts", ""),
        ("sts", "\u{fffd}"),
    ] {
        refusals.push(world.query(service, form).send().await.refusal().trim_end().to_owned());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 InvalidAction: Could not find operation ListUsers for version 2010-05-08
    400 InvalidAction: Could not find operation GetCallerIdentity for version 2011-06-15
    400 InvalidAction: Could not find operation GetUser for version 2010-05-08
    400 InvalidAction: Could not find operation  for version
    400 InvalidAction: Could not find operation  for version
    ");
}
