//! What a distribution refers to, and what follows for what is shown beside it.

use serde_json::json;

use super::bodies::{cloudformation, terraform};
use super::{config, with};
use crate::AccountId;
use crate::distribution::Certificate;

#[test]
fn everything_that_is_referred_to_is_named_by_kind() {
    let groups = json!({ "Enabled": true, "Quantity": 2, "Items": ["group-2", "group-1"] });
    let mtls = json!({ "Mode": "required", "TrustStoreConfig": { "TrustStoreId": "ts_1" } });
    let identity = "origin-access-identity/cloudfront/E2QWRUHAPOMQZL";
    let log = "arn:aws:cloudfront::111122223333:realtime-log-config/logs";
    let behavior = "DefaultCacheBehavior";
    let config = config(with(
        cloudformation(),
        &[
            ("Origins.Items.0.S3OriginConfig.OriginAccessIdentity", json!(identity)),
            ("Origins.Items.1.VpcOriginConfig", json!({ "VpcOriginId": "vo_1" })),
            (&format!("{behavior}.OriginRequestPolicyId"), json!("orp")),
            (&format!("{behavior}.ResponseHeadersPolicyId"), json!("rhp")),
            (&format!("{behavior}.FieldLevelEncryptionId"), json!("fle")),
            (&format!("{behavior}.RealtimeLogConfigArn"), json!(log)),
            (&format!("{behavior}.TrustedKeyGroups"), groups),
            ("ContinuousDeploymentPolicyId", json!("cdp")),
            ("AnycastIpListId", json!("aip_1")),
            ("ViewerMtlsConfig", mtls),
            ("ConnectionFunctionAssociation", json!({ "Id": "cf_1" })),
        ],
    ));
    let found: Vec<_> =
        config.references().into_iter().map(|(kind, id)| format!("{} {id}", kind.as_str())).collect();
    let expected = [
        "anycast-ip-list aip_1",
        "cache-policy 658327ea-f89d-4fab-a63d-7e88639e58f6",
        "connection-function cf_1",
        "continuous-deployment-policy cdp",
        "field-level-encryption-config fle",
        "function rewrite",
        "key-group group-1",
        "key-group group-2",
        "origin-access-control E1UOO8R317GEA1",
        "origin-access-identity E2QWRUHAPOMQZL",
        "origin-request-policy orp",
        "realtime-log-config logs",
        "response-headers-policy rhp",
        "trust-store ts_1",
        "vpcorigin vo_1",
    ];
    assert_eq!(found, expected);
    assert_eq!(config.realtime_log_config_arns().into_iter().collect::<Vec<_>>(), [log]);
    let function = "arn:aws:cloudfront::111122223333:function/rewrite";
    assert_eq!(config.function_arns().into_iter().collect::<Vec<_>>(), [function]);
}

#[test]
fn empty_ids_refer_to_nothing() {
    assert_eq!(config(terraform()).references().len(), 0);
}

#[test]
fn the_certificate_is_that_of_acm_of_iam_or_of_cloudfront() {
    assert_eq!(config(terraform()).certificate(), Certificate::Default);
    let arn = cloudformation()["ViewerCertificate"]["ACMCertificateArn"].clone();
    assert_eq!(config(cloudformation()).certificate(), Certificate::Acm(arn.as_str().unwrap()));
    let iam = json!({ "IAMCertificateId": "ASCA", "SSLSupportMethod": "vip" });
    assert_eq!(
        config(with(terraform(), &[("ViewerCertificate", iam)])).certificate(),
        Certificate::Iam("ASCA")
    );
}

#[test]
fn signers_and_key_groups_of_all_behaviors_are_active() {
    let account: AccountId = "111122223333".parse().unwrap();
    let none = config(terraform());
    let nothing = json!({ "Enabled": false, "Quantity": 0 });
    assert_eq!(none.active_trusted_signers(account), nothing);
    assert_eq!(none.active_trusted_key_groups(|_group| vec![]), nothing);

    let signers = json!({ "Enabled": true, "Quantity": 2, "Items": ["444455556666", "111122223333"] });
    let body = with(cloudformation(), &[("DefaultCacheBehavior.TrustedSigners", signers)]);
    let groups = json!({ "Enabled": true, "Quantity": 1, "Items": ["group"] });
    let other = with(
        cloudformation()["DefaultCacheBehavior"].clone(),
        &[("PathPattern", json!("/a")), ("TrustedKeyGroups", groups)],
    );
    let config = config(with(body, &[("CacheBehaviors", json!({ "Quantity": 1, "Items": [other] }))]));
    assert_eq!(config.trusted_key_groups().into_iter().collect::<Vec<_>>(), ["group"]);
    assert_eq!(
        config.active_trusted_key_groups(|group| vec![format!("key of {group}")]),
        json!({ "Enabled": true, "Quantity": 1, "Items": [
            { "KeyGroupId": "group", "KeyPairIds": { "Quantity": 1, "Items": ["key of group"] } },
        ]})
    );
    assert_eq!(
        config.active_trusted_signers(account),
        json!({ "Enabled": true, "Quantity": 2, "Items": [
            { "AwsAccountNumber": "444455556666", "KeyPairIds": { "Quantity": 0 } },
            { "AwsAccountNumber": "self", "KeyPairIds": { "Quantity": 0 } },
        ]})
    );
}
