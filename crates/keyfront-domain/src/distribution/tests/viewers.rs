//! Rules of what concerns viewers.

use serde_json::{Value, json};

use super::bodies::{cloudformation, terraform};
use super::{assert_found, config, with};

const CERTIFICATE: &str =
    "arn:aws:acm:us-east-1:111122223333:certificate/1954f095-11b6-4daf-9952-0c308a00abcd";

#[test]
fn aliases_are_names_that_a_certificate_covers() {
    let aliases = |names: &[&str]| ("Aliases", json!({ "Quantity": names.len(), "Items": names }));
    let name = |index: usize| {
        format!(
            "Aliases.Items[{index}]: InvalidArgument: The parameter CNAME contains one or more parameters that are not \
             valid."
        )
    };
    let attach = "ViewerCertificate: InvalidViewerCertificate: To add an alternate domain name (CNAME) to a CloudFront \
                  distribution, you must attach a trusted certificate that validates your authorization to use the \
                  domain name. For more details, see: \
                  https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements";
    assert_found(
        &cloudformation(),
        &[
            (&[aliases(&["*.example.com", "www.example.com"])], &[]),
            (&[aliases(&["WWW.example.com"])], &[&name(0)]),
            (&[aliases(&["www.example.com", "a b"])], &[&name(1)]),
            (
                &[aliases(&["www.example.com", "www.example.com"])],
                &["Aliases.Items[1]: InvalidArgument: The parameter CNAME is not unique."],
            ),
            (&[("ViewerCertificate", json!({ "CloudFrontDefaultCertificate": true }))], &[attach]),
            (&[("ViewerCertificate", json!(null))], &[attach]),
            (&[("ViewerCertificate", json!(null)), aliases(&[])], &[]),
        ],
    );
    let config = config(cloudformation());
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(config.check_coverage(&names(&["example.com", "*.example.com"])), Ok(()));
    let refusal = config.check_coverage(&names(&["example.com"])).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "InvalidViewerCertificate: The certificate that is attached to your distribution doesn't cover the alternate \
         domain name (CNAME) that you're trying to add. For more details, see: \
         https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements"
    );
}

#[test]
fn there_is_one_certificate() {
    let more = "ViewerCertificate: InvalidViewerCertificate: You cannot specify more than one of ACMCertificateArn, \
                IAMCertificateId, or CloudFrontDefaultCertificate.";
    let unknown = "ViewerCertificate.ACMCertificateArn: InvalidViewerCertificate: The specified SSL certificate doesn't \
                   exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.";
    let certificate = |content: Value| ("ViewerCertificate", content);
    let elsewhere = CERTIFICATE.replace("us-east-1", "eu-central-1");
    assert_found(
        &terraform(),
        &[
            (&[certificate(json!({ "ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "vip" }))], &[]),
            (
                &[certificate(json!({ "IAMCertificateId": "ASCAEXAMPLE", "SSLSupportMethod": "sni-only" }))],
                &[],
            ),
            (
                &[certificate(
                    json!({ "ACMCertificateArn": CERTIFICATE, "IAMCertificateId": "ASCAEXAMPLE" }),
                )],
                &[more],
            ),
            (
                &[certificate(
                    json!({ "ACMCertificateArn": CERTIFICATE, "CloudFrontDefaultCertificate": true }),
                )],
                &[more],
            ),
            (
                &[certificate(json!({ "IAMCertificateId": "ASCA", "CloudFrontDefaultCertificate": true }))],
                &[more],
            ),
            (
                &[certificate(json!({ "ACMCertificateArn": elsewhere, "SSLSupportMethod": "sni-only" }))],
                &[unknown],
            ),
            (
                &[certificate(json!({ "ACMCertificateArn": "arn", "SSLSupportMethod": "sni-only" }))],
                &[unknown],
            ),
        ],
    );
}

#[test]
fn sslv3_is_too_old_for_server_names() {
    let certificate = |method: &str, version: &str| json!({ "ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": method, "MinimumProtocolVersion": version });
    let before = config(terraform());
    for (method, version, refused) in
        [("sni-only", "SSLv3", true), ("vip", "SSLv3", false), ("sni-only", "TLSv1", false)]
    {
        let after = config(with(terraform(), &[("ViewerCertificate", certificate(method, version))]));
        let [create, update] = [after.check_create(), before.check_change(&after)]
            .map(|checked| checked.err().map(|error| format!("{:?}", error.code())));
        assert_eq!(create.as_deref(), refused.then_some("InvalidProtocolSettings"), "{method} {version}");
        assert_eq!(
            update.as_deref(),
            refused.then_some("InvalidMinimumProtocolVersion"),
            "{method} {version}"
        );
    }
}

#[test]
fn countries_have_codes_and_a_list_has_a_meaning() {
    let restriction = |kind: &str, countries: &[&str]| {
        let geo = json!({ "RestrictionType": kind, "Quantity": countries.len(), "Items": countries });
        ("Restrictions", json!({ "GeoRestriction": geo }))
    };
    let meaning = "Restrictions.GeoRestriction: InvalidGeoRestrictionParameter: The specified geo restriction parameter \
                   is not valid.";
    let code = |index: usize| {
        format!(
            "Restrictions.GeoRestriction.Items[{index}]: InvalidLocationCode: The location code specified is not valid."
        )
    };
    assert_found(
        &terraform(),
        &[
            (&[restriction("whitelist", &["DE", "GB", "TW"])], &[]),
            (&[restriction("blacklist", &["ZW", "AD"])], &[]),
            (&[restriction("none", &["DE"])], &[meaning]),
            (&[restriction("whitelist", &[])], &[meaning]),
            (&[restriction("whitelist", &["DE", "UK"])], &[&code(1)]),
            (&[restriction("whitelist", &["de"])], &[&code(0)]),
            (&[restriction("whitelist", &["Germany"])], &[&code(0)]),
            (&[restriction("whitelist", &["D E"])], &[&code(0)]),
        ],
    );
}

#[test]
fn a_web_acl_is_global() {
    let global =
        "arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/a1b2c3d4-5678-90ab-cdef-111111111111";
    let regional = "WebACLId: InvalidWebACLId: Only global scoped ARNs are supported";
    let invalid = "WebACLId: InvalidWebACLId: A web ACL ID specified is not valid. To specify a web ACL created using the \
                   latest version of WAF, use the ACL ARN, for example \
                   arn:aws:wafv2:us-east-1:123456789012:global/webacl/ExampleWebACL/473e64fd-f30b-4765-81a0-62ad96dd167a. \
                   To specify a web ACL created using WAF Classic, use the ACL ID, for example \
                   473e64fd-f30b-4765-81a0-62ad96dd167a.";
    let acl = |id: &str| [("WebACLId", json!(id))];
    assert_found(
        &terraform(),
        &[
            (&acl(global), &[]),
            (&acl("473e64fd-f30b-4765-81a0-62ad96dd167a"), &[]),
            (&acl(""), &[]),
            (&acl(&global.replace("global", "regional")), &[regional]),
            (&acl(&global.replace("us-east-1", "eu-west-1")), &[regional]),
            (&acl("site"), &[invalid]),
            (&acl("arn:aws:wafv2:us-east-1:111122223333:global/webacl/site"), &[invalid]),
            (&acl("arn:aws:waf::111122223333:webacl/473e64fd-f30b-4765-81a0-62ad96dd167a"), &[invalid]),
        ],
    );
}

#[test]
fn http3_goes_neither_with_a_policy_nor_with_certificates_of_viewers() {
    let version = "HttpVersion: InvalidArgument: The parameter HttpVersion is invalid.";
    let trust = json!({ "TrustStoreId": "ts_1" });
    let mtls = ("ViewerMtlsConfig", json!({ "Mode": "required", "TrustStoreConfig": trust }));
    let plain = ("DefaultCacheBehavior.ViewerProtocolPolicy", json!("allow-all"));
    let function = ("ConnectionFunctionAssociation", json!({ "Id": "cf_1" }));
    let http3 = ("HttpVersion", json!("http2and3"));
    assert_found(
        &terraform(),
        &[
            (std::slice::from_ref(&http3), &[]),
            (&[http3.clone(), ("ContinuousDeploymentPolicyId", json!("p"))], &[version]),
            (std::slice::from_ref(&mtls), &[]),
            (&[mtls.clone(), function.clone()], &[]),
            (&[mtls.clone(), http3.clone()], &[version]),
            (
                &[mtls.clone(), plain],
                &[
                    "DefaultCacheBehavior.ViewerProtocolPolicy: InvalidArgument: The parameter ViewerProtocolPolicy is \
               invalid.",
                ],
            ),
            (
                &[("ViewerMtlsConfig", json!({ "Mode": "optional" }))],
                &[
                    "ViewerMtlsConfig.TrustStoreConfig: InvalidArgument: The parameter TrustStoreConfig is required.",
                ],
            ),
            (&[("ViewerMtlsConfig", json!({ "Mode": "passthrough" }))], &[]),
            (
                &[function],
                &[
                    "ConnectionFunctionAssociation: InvalidArgument: The parameter ConnectionFunctionAssociation is invalid.",
                ],
            ),
        ],
    );
}
