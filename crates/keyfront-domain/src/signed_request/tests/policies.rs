//! Custom policies: what is read, what is refused, and who passes.

use super::*;

fn parse(condition: &str) -> Result<Policy, Denial> {
    Policy::parse(format!(r#"{{"Statement":[{{"Resource":"*","Condition":{condition}}}]}}"#).as_bytes())
}

const UNTIL: &str = r#""DateLessThan":{"AWS:EpochTime":100}"#;

#[test]
fn policies_are_read_in_every_way_that_the_documentation_writes_them() {
    let plain = Policy { resource: None, expires: 100, not_before: None, source_ip: None };
    for json in [
        format!(r#"{{"Statement":[{{"Condition":{{{UNTIL}}}}}]}}"#),
        format!("\r\n{{ \"Statement\" :\t[ {{ \"Condition\": {{ {UNTIL} }} }} ] }}\n"),
    ] {
        assert_eq!(Policy::parse(json.as_bytes()), Ok(plain.clone()), "{json}");
    }
    let full = parse(
        r#"{"IpAddress":{"AWS:SourceIp":"192.0.2.7"},"DateGreaterThan":{"AWS:EpochTime":50},"DateLessThan":{"AWS:EpochTime":100}}"#,
    );
    let full = full.unwrap();
    assert_eq!((full.resource.as_deref(), full.not_before), (Some("*"), Some(50)));
    assert_eq!(full.source_ip.unwrap().to_string(), "192.0.2.7/32");
}

#[test]
fn policies_that_are_not_as_documented_are_malformed_and_say_why() {
    let one = format!(r#"{{"Condition":{{{UNTIL}}}}}"#);
    for (json, reason) in [
        (String::new(), "EOF"),
        ("{}".to_owned(), "missing field `Statement`"),
        ("[]".to_owned(), "invalid type"),
        (r#"{"Statement":[]}"#.to_owned(), "there is no statement"),
        (format!(r#"{{"Statement":{one}}}"#), "invalid type: map, expected an array with one statement"),
        (format!(r#"{{"Statement":[{one},{one}]}}"#), "more than one statement"),
        (format!(r#"{{"Statement":[{one}],"Statement":[{one}]}}"#), "duplicate field `Statement`"),
        (format!(r#"{{"Version":"2012-10-17","Statement":[{one}]}}"#), "unknown field `Version`"),
        (format!(r#"{{"Statement":[{one}]}} x"#), "trailing characters"),
        (r#"{"Statement":[{"Resource":"*"}]}"#.to_owned(), "missing field `Condition`"),
        (format!(r#"{{"Statement":[{{"Resource":null,"Condition":{{{UNTIL}}}}}]}}"#), "expected a string"),
        (format!(r#"{{"Statement":[{{"Resource":["*"],"Condition":{{{UNTIL}}}}}]}}"#), "expected a string"),
        (format!(r#"{{"Statement":[{{"Resource":"a\?b","Condition":{{{UNTIL}}}}}]}}"#), "invalid escape"),
    ] {
        let Err(Denial::MalformedPolicy { reason: found, policy }) = Policy::parse(json.as_bytes()) else {
            panic!("{json} was read");
        };
        assert!(found.contains(reason), "{json}: {found}");
        assert_eq!(policy, json);
    }
}

#[test]
fn conditions_that_are_not_as_documented_are_malformed() {
    for condition in [
        "{}",
        "[]",
        r#"{"DateLessThan":{"AWS:EpochTime":"100"}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":-1}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":1e3}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":99999999999999999999}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":253402300800}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":1},"DateGreaterThan":{"AWS:EpochTime":1767290400000}}"#,
        r#"{"DateLessThan":{"aws:epochtime":1}}"#,
        r#"{"DateLessThan":[1]}"#,
        r#"{"DateLessThan":{}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":1},"DateGreaterThan":null}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":1},"IPAddress":{"AWS:SourceIp":"192.0.2.7"}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":{"AWS:SourceIp":"192.0.2"}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":{"AWS:SourceIp":"192.0.2.7/33"}}"#,
        r#"{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":{"AWS:SourceIp":["192.0.2.7"]}}"#,
    ] {
        assert!(matches!(parse(condition), Err(Denial::MalformedPolicy { .. })), "{condition}");
    }
}

#[test]
fn dates_hold_strictly_between_their_two_seconds() {
    let policy = parse(r#"{"DateGreaterThan":{"AWS:EpochTime":50},"DateLessThan":{"AWS:EpochTime":100}}"#);
    let policy = policy.unwrap();
    let url = Url { scheme: "https", host: "h", target: "/" };
    for (now, passes) in [(0, false), (49, false), (50, false), (51, true), (99, true), (100, false)] {
        assert_eq!(policy.violations(url, VIEWER, now).next().is_none(), passes, "{now}");
    }
}

#[test]
fn addresses_are_of_ipv4_and_nobody_has_any_other() {
    for (range, viewer, passes) in [
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7/32", "192.0.2.8", false),
        ("192.0.2.0/24", "192.0.2.255", true),
        ("192.0.2.99/24", "192.0.2.1", true),
        ("192.0.2.0/24", "192.0.3.0", false),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("192.0.2.0/24", "::ffff:192.0.2.1", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("2001:db8::/32", "2001:db8::1", false),
        ("2001:db8::1", "2001:db8::1", false),
    ] {
        let condition = format!(r#"{{{UNTIL},"IpAddress":{{"AWS:SourceIp":"{range}"}}}}"#);
        let policy = parse(&condition).unwrap();
        let url = Url { scheme: "https", host: "h", target: "/" };
        let refused = policy.violations(url, viewer.parse().unwrap(), 0).next();
        assert_eq!(refused.is_none(), passes, "{range} {viewer}: {refused:?}");
    }
}
