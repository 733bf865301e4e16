//! Tests of plans.

use keyfront_functions::event::{FailoverSelection, OriginOverrides, OriginUpdate};
use serde_json::json;

use super::*;

fn origins() -> DistributionOrigins {
    let server = json!({"OriginProtocolPolicy": "http-only"});
    let config: DistributionConfig = serde_json::from_value(json!({
        "Origins": {"Quantity": 5, "Items": [
            {"Id": "a", "DomainName": "a.example.com", "CustomOriginConfig": server},
            {"Id": "b", "DomainName": "b.example.com", "CustomOriginConfig": server},
            {"Id": "s", "DomainName": "s.s3.amazonaws.com", "S3OriginConfig": {}, "OriginAccessControlId": "E1"},
            {"Id": "v", "DomainName": "v.example.com", "VpcOriginConfig": {"VpcOriginId": "vo_1"}},
            {"Id": "m", "DomainName": "m.example.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only",
             "OriginMtlsConfig": {"ClientCertificateArn": "arn:m"}}}
        ]},
        "OriginGroups": {"Quantity": 1, "Items": [
            {"Id": "g", "Members": {"Quantity": 2, "Items": [{"OriginId": "s"}, {"OriginId": "b"}]},
             "FailoverCriteria": {"StatusCodes": {"Quantity": 2, "Items": [500, 404]}}}
        ]}
    }))
    .unwrap();
    let control = |id: &str| {
        (id == "E1").then(|| OriginAccessControlConfig {
            signing_behavior: "always".to_owned(),
            origin_access_control_origin_type: "s3".to_owned(),
            ..OriginAccessControlConfig::default()
        })
    };
    DistributionOrigins::compile(&config, control).unwrap()
}

/// The names of the hosts, the `Host` headers and the statuses of a plan.
fn told(plan: Result<Plan, PlanError>) -> Result<String, PlanError> {
    let told = |origin: &OriginDescription| {
        let host = origin.host_header.as_ref().map(|host| format!("({})", host.to_str().unwrap()));
        format!("{}{}", origin.domain_name, host.unwrap_or_default())
    };
    plan.map(|plan| {
        let second = plan.second.map(|second| format!(" {} {:?}", told(&second), plan.failover));
        format!("{}{}", told(&plan.first), second.unwrap_or_default())
    })
}

fn member(id: &str, host: Option<&str>) -> GroupMember {
    let host_header = host.map(str::to_owned);
    GroupMember {
        id: id.to_owned(),
        overrides: OriginOverrides { host_header, ..OriginOverrides::default() },
    }
}

#[test]
fn a_plan_is_that_of_the_behavior_as_the_function_changed_it() {
    let update = || {
        let domain_name = Some("new.example.com".to_owned());
        OriginDecision::Update(Box::new(OriginUpdate { domain_name, ..OriginUpdate::default() }))
    };
    let select = |id: &str, host| {
        let GroupMember { id, overrides } = member(id, host);
        OriginDecision::Select { id, overrides }
    };
    let group = |one, two| {
        OriginDecision::Group(OriginGroup {
            primary: one,
            secondary: two,
            selection: FailoverSelection::Default,
            status_codes: vec![503],
        })
    };
    for (target, decision, expected) in [
        ("a", None, Ok("a.example.com")),
        ("g", None, Ok("s.s3.amazonaws.com b.example.com [500, 404]")),
        ("x", None, Err(PlanError::UnknownOrigin("x".to_owned()))),
        ("a", Some(update()), Ok("new.example.com")),
        ("g", Some(update()), Ok("new.example.com b.example.com [500, 404]")),
        ("v", Some(update()), Err(PlanError::VpcOrigin("v".to_owned()))),
        ("a", Some(select("b", None)), Ok("b.example.com")),
        ("g", Some(select("b", None)), Ok("b.example.com")),
        ("a", Some(select("v", Some("h.example.com"))), Ok("v.example.com(h.example.com)")),
        ("m", None, Ok("m.example.com")),
        ("a", Some(select("m", None)), Err(PlanError::ClientCertificate("m".to_owned()))),
        ("a", Some(select("g", None)), Err(PlanError::UnknownOrigin("g".to_owned()))),
        (
            "a",
            Some(group(member("b", Some("h.example.com")), member("a", None))),
            Ok("b.example.com(h.example.com) a.example.com [503]"),
        ),
        (
            "a",
            Some(group(member("b", None), member("y", None))),
            Err(PlanError::UnknownOrigin("y".to_owned())),
        ),
    ] {
        let plan = told(origins().plan(target, decision.as_ref()));
        assert_eq!(plan, expected.map(str::to_owned), "{target} {decision:?}");
    }
}

#[test]
fn the_first_origin_of_a_target_has_an_access_control_or_not() {
    for (target, expected) in [("a", false), ("s", true), ("g", true), ("x", false)] {
        assert_eq!(origins().has_access_control(target), expected, "{target}");
    }
}

#[test]
fn an_access_control_that_is_not_there_is_an_error() {
    let config = serde_json::from_value(json!({"Origins": {"Items": [
        {"Id": "s", "DomainName": "s.s3.amazonaws.com", "S3OriginConfig": {}, "OriginAccessControlId": "E1"}
    ]}}))
    .unwrap();
    let error = DistributionOrigins::compile(&config, |_| None).unwrap_err();
    assert_eq!(error.to_string(), "origin s: OriginAccessControlId is not valid");
}
