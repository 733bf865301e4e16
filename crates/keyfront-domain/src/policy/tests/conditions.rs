//! Conditions: keys, operators and values.

use super::*;

/// Whether a condition passes.
fn passes(condition: &str, context: &Context<'_>) -> bool {
    let policy = allow_all_with(&format!(r#","Condition":{condition}"#));
    decide(&policy, "cloudfront:GetPublicKey", "*", context) == Decision::Allow
}

/// Every operator on a tag: its value in the policy, a tag that passes, a tag that does not, and whether a
/// missing tag passes (AWS: Condition operators: a missing key is false, or true when negated).
const OPERATORS: [(&str, &str, &str, &str, bool); 25] = [
    ("StringEquals", r#""we*b""#, "we*b", "web", false),
    ("StringNotEquals", r#""web""#, "WEB", "web", true),
    ("StringEqualsIgnoreCase", r#""wéb""#, "WÉB", "webs", false),
    ("StringNotEqualsIgnoreCase", r#""web""#, "webs", "WEB", true),
    ("StringLike", r#""w?b*""#, "webs", "Web", false),
    ("StringNotLike", r#""w?b*""#, "Web", "webs", true),
    ("ArnEquals", r#""arn:aws:iam::*:user/*""#, "arn:aws:iam::1:user/a:b", "arn:aws:iam::1:role/a", false),
    ("ArnLike", r#""arn:aws:s:*:1:x/*""#, "arn:aws:s:r:1:x/y", "arn:aws:s:r:2:y:1:x/y", false),
    ("ArnNotEquals", r#""arn:aws:s:::x""#, "arn:aws:s:::y", "arn:aws:s:::x", true),
    ("ArnNotLike", r#""arn:aws:s:::x*""#, "arn:aws:s:::y", "arn:aws:s:::xy", true),
    ("IpAddress", r#""203.0.113.0/24""#, "203.0.113.9", "203.0.114.9", false),
    ("NotIpAddress", r#""2001:db8::/32""#, "2001:db9::1", "2001:db8::1", true),
    ("DateEquals", r#""2026-08-21T12:00:00Z""#, "1787313600", "1787313601", false),
    ("DateNotEquals", r#""2026-08-21T14:00:00+02:00""#, "2026-08-21", "2026-08-21T12:00:00Z", true),
    ("DateLessThan", r#""2026-08-21""#, "2026-08-20T23:59:59.999Z", "2026-08-21T00:00:00Z", false),
    ("DateLessThanEquals", r#""2026-08-21""#, "2026-08-21T00:00Z", "2026-08-21T00:00:00.001Z", false),
    ("DateGreaterThan", "1787313600", "2026-08-21T12:00:01Z", "2026-08-21T12:00:00Z", false),
    ("DateGreaterThanEquals", "1787313600", "2026-08-21T12:00:00Z", "2026-08-21T11:59:59Z", false),
    ("NumericEquals", "10", "10.0", "10.1", false),
    ("NumericNotEquals", r#""10""#, "-10", "10", true),
    ("NumericLessThan", "2.5", "2.499999999", "2.5", false),
    ("NumericLessThanEquals", "2.5", "2.50", "2.51", false),
    ("NumericGreaterThan", "-1", "-0.5", "-1", false),
    ("NumericGreaterThanEquals", "9", "10", "8.9", false),
    ("Bool", "true", "True", "false", false),
];

#[test]
fn every_operator_matches_or_not_and_knows_a_missing_key() {
    for (operator, wanted, good, bad, missing_passes) in OPERATORS {
        for (suffix, missing_passes) in [("", missing_passes), ("IfExists", true)] {
            let condition = format!(r#"{{"{operator}{suffix}":{{"aws:ResourceTag/k":{wanted}}}}}"#);
            for (value, expected) in [(good, true), (bad, false)] {
                let context = Context { resource_tags: &tags(&[("k", value)]), ..ann() };
                assert_eq!(passes(&condition, &context), expected, "{condition} on {value}");
            }
            assert_eq!(passes(&condition, &ann()), missing_passes, "{condition} on a missing key");
        }
    }
}

#[test]
fn set_operators_look_at_every_value() {
    // Condition, then what it says to: no tag, {a}, {a, b}, {b, c}.
    for (condition, expected) in [
        (r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#, [true, true, true, false]),
        (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["a"]}}"#, [false, true, true, false]),
        (r#"{"ForAllValues:StringNotEquals":{"aws:TagKeys":["a","z"]}}"#, [true, false, false, true]),
        (r#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]}}"#, [false, false, true, true]),
        (r#"{"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":["a"]}}"#, [true, true, true, false]),
        (r#"{"ForAllValues:StringLikeIfExists":{"aws:TagKeys":["[","?"]}}"#, [true, true, true, true]),
        (r#"{"Null":{"aws:TagKeys":"true"}}"#, [true, false, false, false]),
    ] {
        let requests = [vec![], vec!["a"], vec!["a", "b"], vec!["b", "c"]];
        for (names, expected) in requests.iter().zip(expected) {
            let pairs: Vec<_> = names.iter().map(|name| ((*name).to_owned(), "v".to_owned())).collect();
            let keys: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            let tagging = Context { request_tags: &pairs, ..ann() };
            let untagging = Context { request_tag_keys: &keys, ..ann() };
            assert_eq!(passes(condition, &tagging), expected, "{condition} on {names:?}");
            assert_eq!(passes(condition, &untagging), expected, "{condition} on {names:?}");
        }
    }
}

#[test]
fn null_asks_whether_a_key_is_there() {
    for (wanted, absent, present) in [
        ("\"true\"", true, false),
        ("true", true, false),
        ("false", false, true),
        ("[true,false]", true, true),
    ] {
        let condition = format!(r#"{{"Null":{{"aws:RequestTag/k":{wanted}}}}}"#);
        assert_eq!(passes(&condition, &ann()), absent, "{condition}");
        let context = Context { request_tags: &tags(&[("k", "")]), ..ann() };
        assert_eq!(passes(&condition, &context), present, "{condition}");
    }
}

#[test]
fn several_values_are_alternatives_and_negated_ones_are_neither_nor() {
    for (condition, expected) in [
        (r#"{"StringEquals":{"aws:username":["bob","ann"]}}"#, true),
        (r#"{"StringEquals":{"aws:username":["bob","eve"]}}"#, false),
        (r#"{"StringNotEquals":{"aws:username":["bob","ann"]}}"#, false),
        (r#"{"StringNotEquals":{"aws:username":["bob","eve"]}}"#, true),
        (r#"{"NotIpAddress":{"aws:SourceIp":["192.0.2.0/24","203.0.113.0/24"]}}"#, false),
        (r#"{"NotIpAddress":{"aws:SourceIp":["192.0.2.0/24","198.51.100.1"]}}"#, true),
        // Operators, and keys of one operator, have to pass all together.
        (
            r#"{"StringEquals":{"aws:username":"ann","aws:userid":"AIDAEXAMPLE"},"Bool":{"aws:SecureTransport":true}}"#,
            true,
        ),
        (r#"{"StringEquals":{"aws:username":"ann","aws:userid":"AIDAOTHER"}}"#, false),
        (r#"{"StringEquals":{"aws:username":"ann"},"Bool":{"aws:SecureTransport":false}}"#, false),
        ("{}", true),
    ] {
        assert_eq!(passes(condition, &ann()), expected, "{condition}");
    }
}

#[test]
fn every_key_shows_its_fact_whatever_the_case_of_its_name() {
    let request_tags = tags(&[("Team", "web")]);
    let resource_tags = tags(&[("TEAM", "upper"), ("team", "lower")]);
    let context = Context { request_tags: &request_tags, resource_tags: &resource_tags, ..ann() };
    for (operator, key, good, bad) in [
        ("IpAddress", "aws:SourceIp", r#""203.0.113.7""#, r#""203.0.113.8/32""#),
        ("IpAddress", "aws:SourceIp", r#""203.0.113.99/24""#, r#""::/0""#),
        ("DateEquals", "aws:CurrentTime", r#""2026-08-21T12:00:00Z""#, r#""2026-08-21T12:00:00+01:00""#),
        ("DateEquals", "aws:EpochTime", "1787313600", "1787313599"),
        ("NumericLessThan", "aws:EpochTime", "1787313600.5", "1787313600"),
        ("Bool", "aws:SecureTransport", r#""TRUE""#, "false"),
        ("StringLike", "aws:UserAgent", r#""aws-cli/*""#, r#""Boto3/*""#),
        ("StringEquals", "aws:PrincipalAccount", "123456789012", r#""000000000000""#),
        ("ArnLike", "aws:PrincipalArn", r#""arn:aws:iam::*:user/*""#, r#""arn:aws:iam::*:role/*""#),
        ("StringLike", "aws:PrincipalArn", r#""arn:aws:iam::*/ann""#, r#""arn:aws:iam::*/bob""#),
        ("StringEquals", "aws:PrincipalType", r#""User""#, r#""AssumedRole""#),
        ("StringEquals", "aws:username", r#""ann""#, r#""Ann""#),
        ("StringEquals", "aws:userid", r#""AIDAEXAMPLE""#, r#""ann""#),
        ("StringEquals", "aws:RequestTag/team", r#""web""#, r#""WEB""#),
        // The exact name comes before one that differs in case.
        ("StringEquals", "aws:ResourceTag/team", r#""lower""#, r#""upper""#),
        ("StringLike", "aws:PrincipalArn", r#""*/${aws:username}""#, r#""*/${aws:userid}""#),
        (
            "ArnEquals",
            "aws:PrincipalArn",
            r#""arn:aws:iam::*:user/ops/${aws:username}""#,
            r#""arn:aws:iam::*:${aws:username}""#,
        ),
    ] {
        let (prefix, tag) =
            key.split_once('/').map_or((key, String::new()), |(prefix, tag)| (prefix, format!("/{tag}")));
        for key in [key.to_owned(), prefix.to_uppercase() + &tag, prefix.to_lowercase() + &tag] {
            for (value, expected) in [(good, true), (bad, false)] {
                let condition = format!(r#"{{"{operator}":{{"{key}":{value}}}}}"#);
                assert_eq!(passes(&condition, &context), expected, "{condition}");
            }
        }
    }
}

#[test]
fn a_connection_without_an_address_or_agent_lacks_the_key() {
    let context = Context { source_ip: None, user_agent: None, ..ann() };
    for (condition, expected) in [
        (r#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#, false),
        (r#"{"IpAddressIfExists":{"aws:SourceIp":"192.0.2.1"}}"#, true),
        (r#"{"NotIpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#, true),
        (r#"{"StringLike":{"aws:UserAgent":"*"}}"#, false),
        (r#"{"Null":{"aws:UserAgent":"true"}}"#, true),
    ] {
        assert_eq!(passes(condition, &context), expected, "{condition}");
    }
}

#[test]
fn an_ipv4_address_on_an_ipv6_socket_is_an_ipv4_address() {
    let context = Context { source_ip: Some("::ffff:203.0.113.7".parse().unwrap()), ..ann() };
    assert!(passes(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, &context));
    assert!(!passes(r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, &context));
}

#[test]
fn a_tag_that_an_operator_cannot_read_matches_nothing() {
    let context = Context { resource_tags: &tags(&[("k", "banana")]), ..ann() };
    for (operator, value, expected) in [
        ("NumericLessThan", "5", false),
        ("NumericEqualsIfExists", "5", false),
        ("NumericNotEquals", "5", true),
        ("DateGreaterThan", r#""1970-01-01""#, false),
        ("Bool", "false", false),
        ("NotIpAddress", r#""0.0.0.0/0""#, true),
        ("ArnLike", r#""arn:*:*:*:*:*""#, false),
        ("ArnNotLike", r#""arn:*:*:*:*:*""#, true),
    ] {
        let condition = format!(r#"{{"{operator}":{{"aws:ResourceTag/k":{value}}}}}"#);
        assert_eq!(passes(&condition, &context), expected, "{condition}");
    }
}
