//! Rules of multi-tenant distributions.

use serde_json::{Value, json};

use super::bodies::{aws_cli, multi_tenant};
use super::{assert_found, found, with};

#[test]
fn a_multi_tenant_distribution_does_not_have_what_tenants_and_connection_groups_have() {
    let behavior = |member: &str| format!("DefaultCacheBehavior.{member}");
    let signers = json!({ "Enabled": true, "Quantity": 1, "Items": ["self"] });
    let acl = "473e64fd-f30b-4765-81a0-62ad96dd167a";
    let logging =
        json!({ "Enabled": true, "IncludeCookies": false, "Bucket": "b.s3.amazonaws.com", "Prefix": "" });
    let identity = "Origins.Items.0.S3OriginConfig.OriginAccessIdentity";
    for (place, value) in [
        ("Aliases", json!({ "Quantity": 1, "Items": ["www.example.com"] })),
        ("PriceClass", json!("PriceClass_100")),
        ("IsIPV6Enabled", json!(true)),
        ("Staging", json!(true)),
        ("ContinuousDeploymentPolicyId", json!("p")),
        ("AnycastIpListId", json!("aip_1")),
        ("WebACLId", json!(acl)),
        ("Logging", logging),
        (&behavior("TrustedSigners"), signers),
        (&behavior("SmoothStreaming"), json!(true)),
        (identity, json!("origin-access-identity/cloudfront/E2")),
        ("ViewerCertificate.SSLSupportMethod", json!("vip")),
        ("ViewerCertificate.MinimumProtocolVersion", json!("SSLv3")),
    ] {
        let member = place.rsplit('.').next().unwrap();
        let written = place.replace("Items.0", "Items[0]");
        let expected = format!("{written}: InvalidArgument: The parameter {member} is invalid.");
        assert_eq!(found(with(multi_tenant(), &[(place, value)])), [expected]);
    }
    let iam = json!({ "IAMCertificateId": "ASCA", "SSLSupportMethod": "sni-only" });
    let refused =
        "ViewerCertificate.IAMCertificateId: InvalidArgument: The parameter IAMCertificateId is invalid.";
    assert_found(
        &multi_tenant(),
        &[
            (&[("ViewerCertificate", iam)], &[refused]),
            (&[("ViewerCertificate", Value::Null)], &[]),
            (&[("WebACLId", json!("arn:aws:wafv2:us-east-1:111122223333:global/webacl/n/i"))], &[]),
        ],
    );
}

#[test]
fn caching_of_a_multi_tenant_distribution_is_by_policy() {
    let forwarded = aws_cli()["DefaultCacheBehavior"]["ForwardedValues"].clone();
    let with_policy = "DefaultCacheBehavior.ForwardedValues: InvalidArgument: The parameter ForwardedValues cannot be used \
                       when a cache policy is associated to the cache behavior.";
    let without =
        "DefaultCacheBehavior.ForwardedValues: InvalidArgument: The parameter ForwardedValues is invalid.";
    let place = "DefaultCacheBehavior.ForwardedValues";
    assert_found(
        &multi_tenant(),
        &[
            (&[(place, forwarded.clone())], &[with_policy]),
            (&[(place, forwarded), ("DefaultCacheBehavior.CachePolicyId", Value::Null)], &[without]),
        ],
    );
}

#[test]
fn parameters_stand_in_hosts_and_paths() {
    let (host, path) = ("Origins.Items.0.DomainName", "Origins.Items.0.OriginPath");
    let domain =
        "Origins.Items[0].DomainName: InvalidArgument: The parameter origin name must be a domain name.";
    assert_found(
        &multi_tenant(),
        &[
            (&[(host, json!("{{tenantName}}.s3.amazonaws.com"))], &[]),
            (&[(host, json!("{{other}}.s3.amazonaws.com"))], &[domain]),
            (&[(path, json!("/{{tenantName}}/site"))], &[]),
        ],
    );
}

#[test]
fn parameters_are_defined_once_and_only_for_tenants() {
    let definition =
        |name: &str| json!({ "Name": name, "Definition": { "StringSchema": { "Required": false } } });
    let definitions = |names: &[&str]| {
        let definitions: Vec<_> = names.iter().map(|name| definition(name)).collect();
        ("TenantConfig", json!({ "ParameterDefinitions": definitions }))
    };
    let place = "TenantConfig.ParameterDefinitions: InvalidArgument:";
    let path = ("Origins.Items.0.OriginPath", json!(""));
    assert_found(
        &multi_tenant(),
        &[
            (&[path.clone(), definitions(&["a", "b", "c", "d", "e"])], &[]),
            (
                &[path.clone(), definitions(&["a", "b", "c", "d", "e", "f"])],
                &[&format!("{place} The parameter ParameterDefinitions is too big.")],
            ),
            (&[path, definitions(&["a", "a"])], &[&format!("{place} The parameter Name is not unique.")]),
        ],
    );
    assert_found(
        &aws_cli(),
        &[
            (
                &[definitions(&["a"])],
                &["TenantConfig: InvalidArgument: The parameter TenantConfig is invalid."],
            ),
            (&[definitions(&[])], &[]),
        ],
    );
}
