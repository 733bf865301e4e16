//! Documents: which policies are accepted, and the words of what is refused.

use proptest::prelude::*;

use super::*;

#[test]
fn documents_that_iam_takes_are_taken() {
    for document in [
        r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#"{"Version":"2008-10-17","Id":"x y","Statement":[{"Effect":"Deny","NotAction":["a:B"],"NotResource":["*"]}]}"#,
        r#"{"Statement":[{"Sid":"A1","Effect":"Allow","Action":"*","Resource":"*","Condition":{}},
                         {"Sid":"A2","Resource":"arn:aws:s3:::x","Action":"s3:Get?bject","Effect":"Deny"}]}"#,
        // A policy that the service's own console writes.
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"VisualEditor0","Effect":"Allow","Action":
           ["cloudfront:ListKeyValueStores","cloudfront-keyvaluestore:*"],"Resource":"*",
           "Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:DB8:1234:5678::/64"]}}}]}"#,
    ] {
        assert_eq!(Policy::parse(document).map(|_| ()), Ok(()), "{document}");
    }
}

/// A document and the beginning of its refusal.
fn refused(document: &str, expected: &str) {
    let error = Policy::parse(document).map(|_| "accepted").unwrap_err().to_string();
    assert!(error.starts_with(expected), "{document}\n  said: {error}\n  not:  {expected}");
}

#[test]
fn a_document_of_the_wrong_form_is_refused_with_its_place() {
    for (document, expected) in [
        ("", "the policy is not valid JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "policy: is an array; it must be an object"),
        ("{}", "Statement: is missing or empty; a policy has at least one statement"),
        (r#"{"Statement":[]}"#, "Statement: is missing or empty"),
        (r#"{"Statement":[7]}"#, "statement 1: is a number; it must be an object"),
        (r#"{"Version":"2012-10-18","Statement":[]}"#, "Version: must be \"2012-10-17\""),
        (r#"{"Id":7,"Statement":[]}"#, "Id: has a number where a string belongs"),
        (r#"{"statement":[]}"#, "statement: is not an element of a policy; it has Version, Id and Statement"),
        (
            r#"{"Version":"2012-10-17","Version":"2012-10-17"}"#,
            "the policy is not valid JSON: the member \"Version\" comes twice in one object at line 1 column 33",
        ),
        (
            r#"{"Statement":{"Effect":"Allow","Effect":"Deny"}}"#,
            "the policy is not valid JSON: the member \"Effect\" comes twice",
        ),
        (
            r#"{"Statement":[{"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"},
                             {"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]}"#,
            "statement 2 (A): another statement has the same Sid",
        ),
    ] {
        refused(document, expected);
    }
    refused(&"[".repeat(1_000), "the policy is not valid JSON: recursion limit exceeded");
}

#[test]
fn a_statement_that_is_not_understood_is_refused() {
    for (statement, expected) in [
        (r#""Sid":"a b""#, "statement 1.Sid: \"a b\" may hold only letters and digits"),
        (r#""Sid":"S","Action":"*","Resource":"*""#, "statement 1 (S).Effect: must be \"Allow\" or \"Deny\""),
        (r#""Effect":"allow","Action":"*","Resource":"*""#, "statement 1.Effect: must be"),
        (r#""Effect":"Allow","Resource":"*""#, "statement 1.Action: is missing; write Action or NotAction"),
        (
            r#""Effect":"Allow","Action":"*""#,
            "statement 1.Resource: is missing; write Resource or NotResource",
        ),
        (
            r#""Effect":"Allow","Action":"*","NotAction":"*","Resource":"*""#,
            "statement 1.Action: comes together with NotAction",
        ),
        (
            r#""Effect":"Allow","Action":"*","NotResource":"*","Resource":"*""#,
            "statement 1.Resource: comes together with NotResource",
        ),
        (r#""Effect":"Allow","Action":[],"Resource":"*""#, "statement 1.Action: is empty"),
        (
            r#""Effect":"Allow","Action":[1],"Resource":"*""#,
            "statement 1.Action: has a number where a string",
        ),
        (
            r#""Effect":"Allow","Action":"GetKey","Resource":"*""#,
            "statement 1.Action: `GetKey` is not an action",
        ),
        (r#""Effect":"Allow","Action":"*:GetKey","Resource":"*""#, "statement 1.Action: `*:GetKey` is not"),
        (r#""Effect":"Allow","Action":"s3:${aws:username}","Resource":"*""#, "statement 1.Action: `s3:${aws"),
        (
            r#""Effect":"Allow","NotAction":"s3:","Resource":"*""#,
            "statement 1.NotAction: `s3:` is not an action",
        ),
        (
            r#""Effect":"Allow","Action":"*","Resource":"mystore""#,
            "statement 1.Resource: `mystore` is not an ARN",
        ),
        (
            r#""Effect":"Allow","Action":"*","Resource":"arn:aws:cloudfront""#,
            "statement 1.Resource: `arn:aws:cloudfront` can match no ARN: it has 3 of the six parts",
        ),
        (
            r#""Effect":"Allow","Action":"*","NotResource":"arn:aws:s3::${aws:PrincipalAccount}:x""#,
            "statement 1.NotResource: `arn:aws:s3::${aws:PrincipalAccount}:x` has a variable in `${aws`",
        ),
        (
            r#""Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/team}""#,
            "statement 1.Resource: the policy variable `${aws:PrincipalTag/team}` is not supported",
        ),
        (
            r#""Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws""#,
            "statement 1.Resource: `${` is never closed",
        ),
        (
            r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*""#,
            "statement 1.Principal: belongs to policies of resources",
        ),
        (
            r#""NotPrincipal":{},"Effect":"Allow""#,
            "statement 1.NotPrincipal: belongs to policies of resources",
        ),
        (
            r#""Effect":"Allow","Action":"*","Resource":"*","Conditions":{}"#,
            "statement 1.Conditions: is not an element of a statement; it has Sid, Effect,",
        ),
    ] {
        refused(&format!(r#"{{"Version":"2012-10-17","Statement":{{{statement}}}}}"#), expected);
    }
}

/// Conditions, and how their refusal begins after `statement 1.Condition`.
const REFUSED_CONDITIONS: &[(&str, &str)] = &[
    ("7", ": is a number; it must be an object of operators"),
    (r#"{"StringEquals":"x"}"#, ".StringEquals: is a string; it must be an object of condition keys"),
    (r#"{"StringEquals":{}}"#, ".StringEquals: is empty"),
    (r#"{"stringequals":{}}"#, ".stringequals: unknown operator `stringequals`; write `StringEquals`"),
    (r#"{"StringEqual":{}}"#, ".StringEqual: unknown operator `StringEqual`; Keyfront knows StringEquals,"),
    (r#"{"BinaryEquals":{}}"#, ".BinaryEquals: unknown operator `BinaryEquals`; Keyfront knows"),
    (r#"{"ForSomeValues:StringEquals":{}}"#, ".ForSomeValues:StringEquals: unknown set operator"),
    (r#"{"NullIfExists":{}}"#, ".NullIfExists: `Null` asks whether a key is there at all"),
    (r#"{"ForAnyValue:Null":{}}"#, ".ForAnyValue:Null: `Null` asks whether a key is there at all"),
    (
        r#"{"StringEquals":{"s3:prefix":"a"}}"#,
        ".StringEquals.s3:prefix: unknown condition key; Keyfront knows",
    ),
    (r#"{"StringEquals":{"aws:ResourceTag/":"a"}}"#, ".StringEquals.aws:ResourceTag/: unknown condition key"),
    (
        r#"{"StringEquals":{"aws:SourceIp":"203.0.113.7"}}"#,
        ".StringEquals.aws:SourceIp: this operator cannot read this key; use IpAddress or NotIpAddress",
    ),
    (
        r#"{"NumericLessThan":{"aws:CurrentTime":1}}"#,
        ".NumericLessThan.aws:CurrentTime: this operator cannot",
    ),
    (
        r#"{"StringEquals":{"aws:TagKeys":"a"}}"#,
        ".StringEquals.aws:TagKeys: the key has many values; write ForAll",
    ),
    (r#"{"StringEquals":{"aws:username":[]}}"#, ".StringEquals.aws:username: has no values"),
    (r#"{"StringEquals":{"aws:username":null}}"#, ".StringEquals.aws:username: has null as a value"),
    (
        r#"{"StringEquals":{"aws:username":["a",["b"]]}}"#,
        ".StringEquals.aws:username: has an array as a value",
    ),
    (
        r#"{"StringEquals":{"aws:username":"a","AWS:USERNAME":"b"}}"#,
        ".StringEquals.AWS:USERNAME: comes twice",
    ),
    (
        r#"{"StringEquals":{"aws:username":"${s3:prefix}"}}"#,
        ".StringEquals.aws:username: the policy variable `${s3",
    ),
    (
        r#"{"IpAddress":{"aws:SourceIp":"203.0.113"}}"#,
        ".IpAddress.aws:SourceIp: `203.0.113` is not an address",
    ),
    (
        r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/33"}}"#,
        ".IpAddress.aws:SourceIp: `203.0.113.0/33` is not",
    ),
    (r#"{"DateLessThan":{"aws:CurrentTime":"2026"}}"#, ".DateLessThan.aws:CurrentTime: `2026` is not a date"),
    (
        r#"{"DateLessThan":{"aws:CurrentTime":"2026-13-01"}}"#,
        ".DateLessThan.aws:CurrentTime: `2026-13-01` is not",
    ),
    (r#"{"DateLessThan":{"aws:CurrentTime":"21 Aug 2026"}}"#, ".DateLessThan.aws:CurrentTime: `21 Aug 2026`"),
    (r#"{"NumericEquals":{"aws:EpochTime":"1e3"}}"#, ".NumericEquals.aws:EpochTime: `1e3` is not a number"),
    (r#"{"NumericEquals":{"aws:EpochTime":"+-1"}}"#, ".NumericEquals.aws:EpochTime: `+-1` is not a number"),
    (r#"{"NumericEquals":{"aws:EpochTime":"1."}}"#, ".NumericEquals.aws:EpochTime: `1.` is not a number"),
    (r#"{"NumericEquals":{"aws:EpochTime":1e300}}"#, ".NumericEquals.aws:EpochTime: `1000000"),
    (r#"{"Bool":{"aws:SecureTransport":"yes"}}"#, ".Bool.aws:SecureTransport: `yes` is not true or false"),
    (r#"{"Null":{"aws:UserAgent":"${aws:username}"}}"#, ".Null.aws:UserAgent: `${aws:username}` is not true"),
    (r#"{"ArnLike":{"aws:PrincipalArn":"*"}}"#, ".ArnLike.aws:PrincipalArn: `*` is not an ARN"),
    (
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*"}}"#,
        ".ArnLike.aws:PrincipalArn: `arn:aws:iam::*` is not",
    ),
];

#[test]
fn a_condition_that_is_not_understood_is_refused() {
    for (condition, expected) in REFUSED_CONDITIONS {
        let document = allow_all_with(&format!(r#","Condition":{condition}"#));
        refused(&document, &format!("statement 1.Condition{expected}"));
    }
}

#[test]
fn variables_need_the_version_that_has_them() {
    for version in ["", r#""Version":"2008-10-17","#] {
        for element in [
            r#""Resource":"arn:aws:s3:::${aws:username}""#,
            r#""Resource":"*","Condition":{"StringLike":{"aws:username":"${*}"}}"#,
        ] {
            let document = format!(r#"{{{version}"Statement":{{"Effect":"Allow","Action":"*",{element}}}}}"#);
            let error = Policy::parse(&document).unwrap_err().to_string();
            assert!(error.contains("they need \"Version\": \"2012-10-17\""), "{error}");
        }
    }
}

#[test]
fn size_is_counted_in_characters_and_without_white_space() {
    let of_size = |size: usize| {
        let frame = allow_all_with(r#","Condition":{"StringEquals":{"aws:username":""}}"#);
        frame.replace("\"\"", &format!("\"{}\"", "é".repeat(size - frame.chars().count())))
    };
    assert_eq!(Policy::parse(&of_size(MAX_POLICY_CHARACTERS)).map(|_| ()), Ok(()));
    assert_eq!(Policy::parse(&of_size(MAX_POLICY_CHARACTERS).replace(',', " ,\n\t")).map(|_| ()), Ok(()));
    assert_eq!(
        Policy::parse(&of_size(MAX_POLICY_CHARACTERS + 1)).unwrap_err().to_string(),
        "the policy has 6145 characters without white space, and the limit is 6144; split it into several policies"
    );
    let padded = allow_all_with("") + &" ".repeat(MAX_DOCUMENT_CHARACTERS);
    assert!(matches!(
        Policy::parse(&padded),
        Err(PolicyError::TooLong { limit: MAX_DOCUMENT_CHARACTERS, .. })
    ));
}

/// The seven things that the closest peer gets wrong, each by its outcome.
#[test]
fn known_mistakes_of_other_evaluators_are_not_made() {
    let allows = |statement: &str, context: &Context<'_>, resource: &str| {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*",{statement}}}}}"#
        );
        decide(&policy, "cloudfront:GetFunction", resource, context)
    };
    let function = "arn:aws:cloudfront::123456789012:function/ann-edge";
    let star = Context { principal: principal("*"), ..ann() };
    // 1. A wildcard in a variable's value is expanded.
    let own = r#""Resource":"arn:aws:cloudfront::123456789012:function/${aws:username}-*""#;
    assert_eq!(allows(own, &star, function), Decision::ImplicitDeny);
    // 2. and 3. A resource pattern shorter than an ARN is an error.
    assert_eq!(allows(r#""Resource":"arn:aws:cloudfront:*""#, &ann(), function), Decision::Allow);
    assert_eq!(allows(r#""Resource":"arn:*""#, &ann(), function), Decision::Allow);
    // 4. Escapes are not understood.
    let escaped = r#""Resource":"arn:aws:cloudfront::123456789012:function/${*}-edge""#;
    assert_eq!(allows(escaped, &ann(), function), Decision::ImplicitDeny);
    assert_eq!(allows(escaped, &ann(), &function.replace("ann", "*")), Decision::Allow);
    // 5. Unknown elements are ignored.
    refused(
        &allow_all_with(r#","Condtion":{"Bool":{"aws:SecureTransport":true}}"#),
        "statement 1.Condtion: is not",
    );
    // 6. A statement without a resource is accepted.
    refused(r#"{"Statement":{"Effect":"Allow","Action":"*"}}"#, "statement 1.Resource: is missing");
    // 7. A JSON boolean does not match.
    let secure = r#""Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true}}"#;
    assert_eq!(allows(secure, &ann(), function), Decision::Allow);
}

/// Text that looks enough like a policy to get past the first checks.
fn almost_a_policy() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "*",
        "a:B",
        "arn:aws:s3:::x",
        "${aws:username}",
        "${",
        "${*}",
        "2012-10-17",
        "Allow",
        "",
        "true",
        "10",
    ]);
    let operators = prop::sample::select(vec![
        "StringLike",
        "ForAnyValue:ArnLikeIfExists",
        "DateEquals",
        "NumericEquals",
        "IpAddress",
        "Bool",
        "Null",
    ]);
    let keys =
        prop::sample::select(vec!["aws:TagKeys", "aws:RequestTag/a", "aws:EpochTime", "aws:SourceIp", "x"]);
    (words.clone(), words.clone(), words.clone(), words, operators, keys).prop_map(|(v, a, r, c, operator, key)| {
        format!(
            r#"{{"Version":"{v}","Statement":{{"Effect":"Allow","Action":"{a}","Resource":"{r}","Condition":{{"{operator}":{{"{key}":"{c}"}}}}}}}}"#
        )
    })
}

proptest! {
    #[test]
    fn text_of_any_kind_never_panics(text in "\\PC{0,80}") {
        drop(Policy::parse(&text));
    }

    #[test]
    fn what_is_almost_a_policy_never_panics(text in almost_a_policy()) {
        if let Ok(policy) = Policy::parse(&text) {
            let context = ann();
            let decision = evaluate(&[&policy], &Request { action: "a:B", resource: STORE, context: &context });
            prop_assert_ne!(decision, Decision::ExplicitDeny);
        }
    }
}
