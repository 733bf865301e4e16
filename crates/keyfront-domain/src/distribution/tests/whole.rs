//! Rules of the configuration as a whole: quantities, texts, error pages, changes, and the order of all.

use serde_json::{Value, json};

use super::bodies::{aws_cli, cloudformation, terraform};
use super::{assert_found, config, found, with};
use crate::Quotas;

#[test]
fn a_quantity_is_the_number_of_items() {
    let text = "InconsistentQuantities: The value of Quantity and the size of Items don't match.";
    let methods = json!({ "Quantity": 1, "Items": ["GET", "HEAD"] });
    let cookies = json!({ "Forward": "whitelist", "WhitelistedNames": { "Quantity": 2, "Items": ["a"] } });
    let lambda = json!({ "Quantity": 1 });
    for (place, value) in [
        ("Aliases", json!({ "Quantity": 1 })),
        ("Origins.Quantity", json!(2)),
        ("Origins.Items.0.CustomHeaders.Quantity", json!(1)),
        ("Origins.Items.0.CustomOriginConfig.OriginSslProtocols.Quantity", json!(2)),
        ("OriginGroups", json!({ "Quantity": 1, "Items": [] })),
        ("DefaultCacheBehavior.TrustedSigners", json!({ "Enabled": true, "Quantity": 1 })),
        ("DefaultCacheBehavior.TrustedKeyGroups", json!({ "Enabled": true, "Quantity": 1 })),
        ("DefaultCacheBehavior.AllowedMethods.Quantity", json!(2)),
        ("DefaultCacheBehavior.AllowedMethods.CachedMethods", methods),
        ("DefaultCacheBehavior.LambdaFunctionAssociations", lambda.clone()),
        ("DefaultCacheBehavior.FunctionAssociations", lambda.clone()),
        ("DefaultCacheBehavior.ForwardedValues.Cookies", cookies),
        ("DefaultCacheBehavior.ForwardedValues.Headers", lambda.clone()),
        ("DefaultCacheBehavior.ForwardedValues.QueryStringCacheKeys", lambda.clone()),
        ("CacheBehaviors", lambda.clone()),
        ("CustomErrorResponses.Quantity", json!(3)),
        ("Restrictions.GeoRestriction.Quantity", json!(3)),
    ] {
        let found = found(with(terraform(), &[(place, value)]));
        let place = place.trim_end_matches(".Quantity").replace("Items.0", "Items[0]");
        let place = if place.ends_with("Cookies") { format!("{place}.WhitelistedNames") } else { place };
        assert_eq!(found, [format!("{place}: {text}")]);
    }
    let group = "OriginGroups.Items[0]";
    assert_eq!(
        found(with(
            cloudformation(),
            &[
                ("OriginGroups.Items.0.Members.Quantity", json!(1)),
                ("OriginGroups.Items.0.FailoverCriteria.StatusCodes.Quantity", json!(1)),
            ]
        )),
        [format!("{group}.FailoverCriteria.StatusCodes: {text}"), format!("{group}.Members: {text}")]
    );
}

#[test]
fn texts_have_lengths() {
    let root = "DefaultRootObject: InvalidDefaultRootObject: The default root object file name is too big or contains an \
                invalid character.";
    let logging = |bucket: &str, prefix: &str| json!({ "Enabled": true, "IncludeCookies": false, "Bucket": bucket, "Prefix": prefix });
    let bucket =
        "Logging.Bucket: InvalidArgument: The parameter Logging Bucket does not refer to a valid S3 bucket.";
    let long = "p".repeat(257);
    assert_found(
        &terraform(),
        &[
            (&[("DefaultRootObject", json!("index.html"))], &[]),
            (&[("DefaultRootObject", json!("/index.html"))], &[]),
            (&[("DefaultRootObject", json!("i".repeat(255)))], &[]),
            (&[("DefaultRootObject", json!("i".repeat(256)))], &[root]),
            (&[("DefaultRootObject", json!("index\n.html"))], &[root]),
            (&[("Comment", json!("ü".repeat(128)))], &[]),
            (
                &[("Comment", json!("c".repeat(129)))],
                &["Comment: InvalidArgument: The parameter Comment is too big."],
            ),
            (
                &[("CallerReference", json!(""))],
                &["CallerReference: InvalidArgument: The parameter CallerReference is required."],
            ),
            (&[("Logging", logging("logs.s3.amazonaws.com", "site/"))], &[]),
            (&[("Logging", logging("logs", ""))], &[bucket]),
            (&[("Logging", logging("", ""))], &[bucket]),
            (
                &[("Logging", logging("logs.s3.amazonaws.com", &long))],
                &["Logging.Prefix: InvalidArgument: The parameter Prefix is too big."],
            ),
            (
                &[("Logging", logging("logs.s3.amazonaws.com", "/site"))],
                &["Logging.Prefix: InvalidArgument: The parameter Prefix is invalid."],
            ),
        ],
    );
}

#[test]
fn an_error_page_has_a_path_and_a_code() {
    let page = |content: Value| ("CustomErrorResponses", json!({ "Quantity": 1, "Items": [content] }));
    let place = "CustomErrorResponses.Items[0]";
    let together = format!(
        "{place}: InvalidArgument: Your request must specify both ResponsePagePath and ResponseCode together or none of \
         them."
    );
    let code = format!("{place}.ErrorCode: InvalidErrorCode: An invalid error code was specified.");
    let response = format!("{place}.ResponseCode: InvalidResponseCode: A response code is not valid.");
    let path = format!(
        "{place}.ResponsePagePath: InvalidRelativePath: The relative path is too big, is not URL-encoded, or does not \
         begin with a slash (/)."
    );
    let seconds =
        format!("{place}.ErrorCachingMinTTL: InvalidArgument: The parameter ErrorCachingMinTTL is invalid.");
    assert_found(
        &terraform(),
        &[
            (&[page(json!({ "ErrorCode": 416 }))], &[]),
            (
                &[page(json!({ "ErrorCode": 404, "ResponsePagePath": "/404.html", "ResponseCode": "200" }))],
                &[],
            ),
            (&[page(json!({ "ErrorCode": 404, "ResponsePagePath": "", "ResponseCode": "" }))], &[]),
            (
                &[page(json!({ "ErrorCode": 404, "ResponsePagePath": "/404.html", "ResponseCode": "" }))],
                &[&together],
            ),
            (&[page(json!({ "ErrorCode": 404, "ResponseCode": "404" }))], &[&together]),
            (
                &[page(json!({ "ErrorCode": 404, "ResponsePagePath": "404.html", "ResponseCode": "404" }))],
                &[&path],
            ),
            (
                &[page(json!({ "ErrorCode": 404, "ResponsePagePath": "/", "ResponseCode": "302" }))],
                &[&response],
            ),
            (
                &[page(json!({ "ErrorCode": 404, "ResponsePagePath": "/", "ResponseCode": "ok" }))],
                &[&response],
            ),
            (&[page(json!({ "ErrorCode": 401 }))], &[&code]),
            (&[page(json!({ "ErrorCode": 404, "ErrorCachingMinTTL": -1 }))], &[&seconds]),
            (
                &[(
                    "CustomErrorResponses",
                    json!({ "Quantity": 2, "Items": [{ "ErrorCode": 404 }, { "ErrorCode": 404 }] }),
                )],
                &[
                    "CustomErrorResponses.Items[1].ErrorCode: InvalidErrorCode: An invalid error code was specified.",
                ],
            ),
        ],
    );
}

#[test]
fn some_members_cannot_change() {
    let cannot = "IllegalUpdate: You cannot update Origin or CallerReference.";
    let illegal = "IllegalUpdate: The update contains modifications that are not allowed.";
    let in_use = "StagingDistributionInUse: The specified staging distribution is currently used by a continuous \
                  deployment policy. Please the update policy before deleting.";
    let policy = "ContinuousDeploymentPolicyId";
    for (before, after, expected) in [
        (vec![], vec![("Comment", json!("new")), ("Enabled", json!(false))], None),
        (vec![], vec![("ConnectionMode", json!("direct"))], None),
        (vec![], vec![(policy, json!("p"))], None),
        (vec![(policy, json!("p"))], vec![], None),
        (vec![], vec![("CallerReference", json!("another"))], Some(cannot)),
        (vec![], vec![("Staging", json!(true))], Some(illegal)),
        (vec![], vec![("ConnectionMode", json!("tenant-only"))], Some(illegal)),
        (
            vec![("Staging", json!(true)), (policy, json!("p"))],
            vec![("Staging", json!(true)), (policy, json!("p"))],
            None,
        ),
        (vec![("Staging", json!(true)), (policy, json!("p"))], vec![("Staging", json!(true))], Some(cannot)),
        (
            vec![("Staging", json!(true)), (policy, json!("p"))],
            vec![("Staging", json!(true)), (policy, json!("p")), ("Enabled", json!(false))],
            Some(in_use),
        ),
        (vec![("Staging", json!(true))], vec![("Staging", json!(true)), ("Enabled", json!(false))], None),
    ] {
        let [before, after] = [before, after].map(|changes| config(with(aws_cli(), &changes)));
        let refusal = before.check_change(&after).err().map(|refusal| refusal.to_string());
        assert_eq!(refusal.as_deref(), expected, "{after:?}");
    }
}

#[test]
fn a_new_distribution_has_no_continuous_deployment_policy() {
    assert_eq!(config(aws_cli()).check_create(), Ok(()));
    let refused = config(with(aws_cli(), &[("ContinuousDeploymentPolicyId", json!("p"))])).check_create();
    assert_eq!(
        refused.unwrap_err().to_string(),
        "InvalidArgument: Continuous deployment policy is not supported during distribution creation."
    );
}

#[test]
fn everything_is_found_and_the_first_is_answered() {
    let body = with(
        terraform(),
        &[
            ("Aliases", json!({ "Quantity": 2, "Items": ["WWW.example.com"] })),
            ("Comment", json!("c".repeat(129))),
            ("Origins.Items.0.DomainName", json!("localhost")),
            ("DefaultCacheBehavior.TargetOriginId", json!("?")),
        ],
    );
    let found = found(body.clone());
    let places: Vec<_> = found.iter().map(|finding| finding.split(": ").next().unwrap()).collect();
    let expected = [
        "Aliases",
        "Aliases.Items[0]",
        "Origins.Items[0].DomainName",
        "DefaultCacheBehavior.TargetOriginId",
        "Comment",
        "ViewerCertificate",
    ];
    assert_eq!(places, expected);
    let first = config(body).check(&Quotas::default()).unwrap_err();
    assert_eq!(format!("Aliases: {first}"), found[0]);
}
