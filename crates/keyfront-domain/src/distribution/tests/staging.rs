//! Staging distributions.

use serde_json::{Value, json};

use super::bodies::cloudformation;
use super::{completed, found, with};
use crate::distribution::{check_change_beside_policy, copied, promoted};

#[test]
fn beside_a_policy_only_some_members_change() {
    let before = completed(cloudformation());
    let refused = "IllegalUpdate: One or more fields updated are not supported for continuous deployment.";
    let certificate = json!({ "CloudFrontDefaultCertificate": true });
    for (place, value, allowed) in [
        ("Comment", json!("new"), true),
        ("DefaultRootObject", json!("home.html"), true),
        ("Origins.Items.0.OriginPath", json!("/new"), true),
        ("OriginGroups.Items.0.FailoverCriteria.StatusCodes.Items.0", json!(502), true),
        ("DefaultCacheBehavior.Compress", json!(false), true),
        ("CacheBehaviors", json!({ "Quantity": 0 }), true),
        ("CustomErrorResponses", json!({ "Quantity": 1, "Items": [{ "ErrorCode": 404 }] }), true),
        ("Restrictions.GeoRestriction.RestrictionType", json!("whitelist"), true),
        ("Logging.IncludeCookies", json!(true), true),
        ("ContinuousDeploymentPolicyId", json!("policy"), true),
        ("Aliases", json!({ "Quantity": 0 }), false),
        ("PriceClass", json!("PriceClass_All"), false),
        ("Enabled", json!(false), false),
        ("ViewerCertificate", certificate, false),
        ("WebACLId", json!("473e64fd-f30b-4765-81a0-62ad96dd167a"), false),
        ("HttpVersion", json!("http1.1"), false),
        ("IsIPV6Enabled", json!(false), false),
        ("AnycastIpListId", json!("aip_1"), false),
    ] {
        let after = completed(with(before.clone().into(), &[(place, value)]));
        let refusal = check_change_beside_policy(&before, &after).err().map(|error| error.to_string());
        assert_eq!(refusal.as_deref(), (!allowed).then_some(refused), "{place}");
        let back = check_change_beside_policy(&after, &before);
        assert_eq!(back.is_ok(), allowed, "{place} back");
    }
}

#[test]
fn a_copy_is_a_staging_distribution_without_aliases() {
    let primary = completed(with(cloudformation(), &[("ContinuousDeploymentPolicyId", json!("p"))]));
    let copy = copied(&primary, "copy", true);
    for (member, expected) in [
        ("Aliases", json!({ "Quantity": 0 })),
        ("CallerReference", json!("copy")),
        ("ContinuousDeploymentPolicyId", json!("")),
        ("Enabled", json!(true)),
        ("Staging", json!(true)),
    ] {
        assert_eq!(copy[member], expected, "{member}");
    }
    for member in ["Origins", "DefaultCacheBehavior", "ViewerCertificate", "PriceClass"] {
        assert_eq!(copy[member], primary[member], "{member}");
    }
    assert_eq!(completed(copy.clone().into()), copy);
    assert_eq!(found(copy.into()), Vec::<String>::new());
    assert_eq!(copied(&primary, "copy", false)["Enabled"], json!(false));
}

#[test]
fn a_primary_distribution_takes_over_all_but_its_names() {
    let primary = completed(with(cloudformation(), &[("ContinuousDeploymentPolicyId", json!("p"))]));
    let staging = completed(with(
        copied(&primary, "copy", true).into(),
        &[("Comment", json!("tested")), ("DefaultCacheBehavior.Compress", json!(false))],
    ));
    let promoted = promoted(&primary, &staging);
    let expected = with(
        primary.clone().into(),
        &[("Comment", json!("tested")), ("DefaultCacheBehavior.Compress", json!(false))],
    );
    assert_eq!(Value::from(promoted), expected);
}
