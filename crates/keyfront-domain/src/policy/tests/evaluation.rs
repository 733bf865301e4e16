//! Evaluation: allow, explicit deny, implicit deny.

use super::*;

#[test]
fn actions_resources_and_their_negations_select_requests() {
    const OTHER: &str = "arn:aws:cloudfront::123456789012:public-key/K1";
    for (statement, action, resource, applies) in [
        // Actions ignore case.
        (r#""Action":"cloudfront:GetPublicKey","Resource":"*""#, "cloudfront:GetPublicKey", OTHER, true),
        (r#""Action":"CLOUDFRONT:getpublickey","Resource":"*""#, "cloudfront:GetPublicKey", OTHER, true),
        (r#""Action":"cloudfront:Get*","Resource":"*""#, "cloudfront:ListPublicKeys", "*", false),
        (r#""Action":"cloudfront:*","Resource":"*""#, "cloudfront-keyvaluestore:GetKey", STORE, false),
        (
            r#""Action":["s3:*","cloudfront:?istPublicKeys"],"Resource":"*""#,
            "cloudfront:ListPublicKeys",
            "*",
            true,
        ),
        (r#""Action":"*","Resource":"*""#, "cloudfront-keyvaluestore:GetKey", STORE, true),
        (r#""NotAction":"cloudfront:Delete*","Resource":"*""#, "cloudfront:GetPublicKey", OTHER, true),
        (
            r#""NotAction":["s3:*","cloudfront:delete*"],"Resource":"*""#,
            "cloudfront:DeletePublicKey",
            OTHER,
            false,
        ),
        // Resources do not.
        (r#""Action":"*","Resource":"arn:aws:cloudfront::123456789012:public-key/K1""#, "a:B", OTHER, true),
        (r#""Action":"*","Resource":"arn:aws:cloudfront::123456789012:public-key/k1""#, "a:B", OTHER, false),
        (r#""Action":"*","Resource":"arn:aws:cloudfront:*""#, "a:B", OTHER, true),
        (r#""Action":"*","Resource":"arn:*""#, "a:B", OTHER, true),
        (r#""Action":"*","Resource":"arn:aws:cloudfront::*:public-key/?1""#, "a:B", OTHER, true),
        (r#""Action":"*","Resource":"arn:aws:cloudfront::*:public-key/?1""#, "a:B", STORE, false),
        (
            r#""Action":"*","Resource":["arn:aws:s3:::*","arn:aws:cloudfront::*:key-value-store/*"]"#,
            "a:B",
            STORE,
            true,
        ),
        // An action without a resource is allowed only on `*`.
        (r#""Action":"*","Resource":"arn:aws:cloudfront:*""#, "a:B", "*", false),
        (r#""Action":"*","NotResource":"arn:aws:cloudfront::*:public-key/*""#, "a:B", OTHER, false),
        (
            r#""Action":"*","NotResource":["arn:aws:s3:::*","arn:aws:cloudfront::*:public-key/*"]"#,
            "a:B",
            STORE,
            true,
        ),
        (r#""Action":"*","NotResource":"*""#, "a:B", STORE, false),
        (
            r#""Action":"*","Resource":"arn:aws:cloudfront::123456789012:public-key/${aws:userid}""#,
            "a:B",
            OTHER,
            false,
        ),
    ] {
        for (effect, decision) in [("Allow", Decision::Allow), ("Deny", Decision::ExplicitDeny)] {
            let policy =
                format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}",{statement}}}}}"#);
            let expected = if applies { decision } else { Decision::ImplicitDeny };
            assert_eq!(decide(&policy, action, resource, &ann()), expected, "{statement}");
        }
    }
}

#[test]
fn a_wildcard_in_a_users_name_opens_nobody_elses_resources() {
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*",
        "Resource":"arn:aws:cloudfront::123456789012:function/${aws:username}-*"}}"#;
    let star = Context { principal: principal("*"), ..ann() };
    let of = |name: &str| format!("arn:aws:cloudfront::123456789012:function/{name}-edge");
    assert_eq!(decide(policy, "a:B", &of("ann"), &ann()), Decision::Allow);
    assert_eq!(decide(policy, "a:B", &of("ann"), &star), Decision::ImplicitDeny);
    assert_eq!(decide(policy, "a:B", &of("*"), &star), Decision::Allow);
}

#[test]
fn deny_wins_in_any_order_and_across_policies() {
    let [allow, deny, silent] =
        [("Allow", "cloudfront:*"), ("Deny", "cloudfront:Delete*"), ("Allow", "s3:*")].map(
            |(effect, action)| {
                let text = format!(
                    r#"{{"Statement":[{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}]}}"#
                );
                Policy::parse(&text).unwrap()
            },
        );
    let both = Policy::parse(
        r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
                         {"Effect":"Deny","Action":"cloudfront:Delete*","Resource":"*"}]}"#,
    )
    .unwrap();
    let cases: [(&[&Policy], &str, Decision); 8] = [
        (&[], "cloudfront:DeletePublicKey", Decision::ImplicitDeny),
        (&[&silent], "cloudfront:DeletePublicKey", Decision::ImplicitDeny),
        (&[&allow], "cloudfront:DeletePublicKey", Decision::Allow),
        (&[&allow, &deny], "cloudfront:DeletePublicKey", Decision::ExplicitDeny),
        (&[&deny, &allow], "cloudfront:DeletePublicKey", Decision::ExplicitDeny),
        (&[&deny, &silent, &allow], "cloudfront:GetPublicKey", Decision::Allow),
        (&[&both], "cloudfront:DeletePublicKey", Decision::ExplicitDeny),
        (&[&both], "cloudfront:GetPublicKey", Decision::Allow),
    ];
    for (policies, action, expected) in cases {
        let decision = evaluate(policies, &Request { action, resource: STORE, context: &ann() });
        assert_eq!(decision, expected, "{action}");
    }
}

#[test]
fn a_refusal_names_user_action_and_resource_as_the_service_does() {
    let context = ann();
    let request = Request { action: "cloudfront:DeleteKeyValueStore", resource: STORE, context: &context };
    let start = format!(
        "User: arn:aws:iam::123456789012:user/ops/ann is not authorized to perform: \
         cloudfront:DeleteKeyValueStore on resource: {STORE}"
    );
    for (decision, expected) in [
        (Decision::Allow, None),
        (
            Decision::ImplicitDeny,
            Some(" because no identity-based policy allows the cloudfront:DeleteKeyValueStore action"),
        ),
        (Decision::ExplicitDeny, Some(" with an explicit deny in an identity-based policy")),
    ] {
        assert_eq!(decision.refusal(&request), expected.map(|end| format!("{start}{end}")));
    }
}

#[test]
fn only_conditions_on_resource_tags_ask_for_them() {
    for (condition, expected) in [
        ("", false),
        (r#","Condition":{"StringEquals":{"aws:RequestTag/team":"web"}}"#, false),
        (
            r#","Condition":{"StringEquals":{"aws:username":"ann"},"Null":{"AWS:resourcetag/Team":"false"}}"#,
            true,
        ),
    ] {
        let policy = Policy::parse(&allow_all_with(condition)).unwrap();
        assert_eq!(policy.uses_resource_tags(), expected, "{condition}");
    }
}
