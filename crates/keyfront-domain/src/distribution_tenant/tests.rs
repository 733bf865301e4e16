//! Tests of the rules of distribution tenants.

use serde_json::{Map, Value, json};

use super::{DistributionTenantConfig, Parameter, Template, check_web_acl_arn, complete};
use crate::Quotas;

const CERTIFICATE: &str =
    "arn:aws:acm:us-east-1:111122223333:certificate/ec53f564-ea5a-4e4a-a0a2-e3c989449abc";
const WEB_ACL: &str = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/a1b2";

fn completed(changes: Value) -> Map<String, Value> {
    let config =
        json!({ "DistributionId": "E1", "Name": "shop", "Domains": [{ "Domain": "shop.example.com" }] });
    let mut config: Map<String, Value> = serde_json::from_value(config).unwrap();
    config.extend(serde_json::from_value::<Map<_, _>>(changes).unwrap());
    complete(&mut config);
    config
}

fn refusal(changes: Value) -> Option<String> {
    let config: DistributionTenantConfig = serde_json::from_value(completed(changes).into()).unwrap();
    config.check(&Quotas::default()).err().map(|error| error.to_string())
}

fn domains(names: &[&str]) -> Value {
    let items: Vec<_> = names.iter().map(|name| json!({ "Domain": name })).collect();
    json!({ "Domains": items })
}

fn customized(name: &str, customization: &Value) -> Value {
    json!({ "Customizations": { name: customization } })
}

#[test]
fn what_is_left_out_is_filled_in_and_places_are_put_in_order() {
    let geo = json!({ "RestrictionType": "whitelist", "Locations": ["US", "DE", "FR"] });
    let config = completed(customized("GeoRestrictions", &geo));
    assert_eq!(config["Customizations"]["GeoRestrictions"]["Locations"], json!(["DE", "FR", "US"]));
    assert_eq!(config["Enabled"], json!(true));
    let config = completed(json!({ "Enabled": false, "ConnectionGroupId": "" }));
    assert_eq!((&config["Enabled"], config.get("ConnectionGroupId")), (&json!(false), None));
}

#[test]
fn a_tenant_has_domains_and_each_once() {
    let many: Vec<_> = (0..101).map(|n| format!("a{n}.example.com")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    for (names, expected) in [
        (vec!["example.com", "*.example.com"], None),
        (many[..100].to_vec(), None),
        (vec![], Some("InvalidArgument: The parameter Domains is required.")),
        (many.clone(), Some("EntityLimitExceeded: The entity limit has been exceeded.")),
        (vec!["Example.com"], Some("InvalidArgument: The parameter Domain is invalid.")),
        (vec!["example.com", "example.com"], Some("InvalidArgument: The parameter Domains is invalid.")),
    ] {
        assert_eq!(refusal(domains(&names)).as_deref(), expected, "{names:?}");
    }
}

#[test]
fn customizations_have_arns_and_places() {
    let geo = |kind: &str, places: &[&str]| json!({ "RestrictionType": kind, "Locations": places });
    for (name, customization, expected) in [
        ("WebAcl", json!({ "Action": "disable" }), None),
        ("WebAcl", json!({ "Action": "override", "Arn": WEB_ACL }), None),
        ("WebAcl", json!({ "Action": "override" }), Some("The parameter Arn is required.")),
        ("WebAcl", json!({ "Action": "disable", "Arn": WEB_ACL }), Some("The parameter Arn is invalid.")),
        ("WebAcl", json!({ "Action": "override", "Arn": "x" }), Some("The parameter WebACLArn is invalid.")),
        ("Certificate", json!({ "Arn": CERTIFICATE }), None),
        (
            "Certificate",
            json!({ "Arn": CERTIFICATE.replace("us-east-1", "eu-west-1") }),
            Some("The parameter Certificate is invalid."),
        ),
        ("GeoRestrictions", geo("none", &[]), None),
        ("GeoRestrictions", geo("blacklist", &["DE"]), None),
        ("GeoRestrictions", geo("none", &["DE"]), Some("The parameter Locations is invalid.")),
        ("GeoRestrictions", geo("whitelist", &[]), Some("The parameter Locations is required.")),
        ("GeoRestrictions", geo("whitelist", &["de"]), Some("The parameter Locations is invalid.")),
    ] {
        let expected = expected.map(|text| format!("InvalidArgument: {text}"));
        assert_eq!(refusal(customized(name, &customization)), expected, "{name} {customization}");
    }
}

#[test]
fn a_web_acl_is_global() {
    for (arn, expected) in [
        (WEB_ACL.to_owned(), None),
        (WEB_ACL.replace("global", "regional"), Some("Only global scoped ARNs are supported")),
        (WEB_ACL.replace("us-east-1", "eu-west-1"), Some("The parameter WebACLArn is invalid.")),
        (WEB_ACL.replace("wafv2", "waf"), Some("The parameter WebACLArn is invalid.")),
        (WEB_ACL.replace("111122223333", "1"), Some("The parameter WebACLArn is invalid.")),
        (WEB_ACL.replace("/a1b2", ""), Some("The parameter WebACLArn is invalid.")),
        (String::new(), Some("The parameter WebACLArn is invalid.")),
    ] {
        let refusal = check_web_acl_arn(&arn).err().map(|error| error.message().to_owned());
        assert_eq!(refusal.as_deref(), expected, "{arn}");
    }
}

#[test]
fn parameters_are_given_once_and_only_so_many() {
    let given = |names: &[&str]| {
        let items: Vec<_> = names.iter().map(|name| json!({ "Name": name, "Value": "v" })).collect();
        json!({ "Parameters": items })
    };
    for (names, expected) in [
        (vec!["a", "b", "c", "d", "e"], None),
        (
            vec!["a", "b", "c", "d", "e", "f"],
            Some("EntityLimitExceeded: The entity limit has been exceeded."),
        ),
        (vec!["a", "a"], Some("InvalidArgument: The parameter Parameters is invalid.")),
    ] {
        assert_eq!(refusal(given(&names)).as_deref(), expected, "{names:?}");
    }
}

#[test]
fn a_managed_certificate_is_for_one_of_the_domains() {
    let request = |name: &str| json!({ "ManagedCertificateRequest": { "ValidationTokenHost": "cloudfront", "PrimaryDomainName": name } });
    assert_eq!(refusal(request("shop.example.com")), None);
    let expected = Some("InvalidArgument: The parameter PrimaryDomainName is invalid.");
    assert_eq!(refusal(request("example.com")).as_deref(), expected);
}

#[test]
fn a_distribution_without_tenants_cannot_be_had_and_one_with_them_asks_for_parameters() {
    let template = |config: Value| Template::of(config.as_object().unwrap()).unwrap();
    let refused = "InvalidAssociation: The specified CloudFront resource can't be associated.";
    for (config, expected) in [
        (json!({ "Comment": "" }), Some(refused)),
        (json!({ "ConnectionMode": "direct" }), Some(refused)),
        (json!({ "ConnectionMode": "tenant-only" }), None),
    ] {
        assert_eq!(template(config).check().err().map(|error| error.to_string()).as_deref(), expected);
    }
    let definition =
        |name: &str, schema: Value| json!({ "Name": name, "Definition": { "StringSchema": schema } });
    let config = json!({
        "ConnectionMode": "tenant-only",
        "TenantConfig": { "ParameterDefinitions": [
            definition("optional", json!({ "Required": false })),
            definition("preset", json!({ "Required": true, "DefaultValue": "v" })),
            definition("needed", json!({ "Required": true })),
        ] },
    });
    let given = |name: &str| [Parameter { name: name.to_owned(), value: "v".to_owned() }];
    let check = |parameters: &[Parameter]| {
        template(config.clone()).check_parameters(parameters).err().map(|error| error.to_string())
    };
    assert_eq!(check(&given("needed")), None);
    let refused = Some("InvalidArgument: The parameter needed is required.".to_owned());
    assert_eq!((check(&[]), check(&given("optional"))), (refused.clone(), refused));
}
