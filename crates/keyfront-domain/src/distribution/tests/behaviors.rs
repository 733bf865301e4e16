//! Rules of cache behaviors.

use serde_json::{Value, json};

use super::bodies::{aws_cli, cloudformation, terraform};
use super::{assert_found, found, with};

const NO_ORIGIN: &str = "NoSuchOrigin: One or more of your origins or origin groups do not exist.";

/// A behavior like the default one, for a path.
fn other(body: &Value, pattern: &str) -> Value {
    with(body["DefaultCacheBehavior"].clone(), &[("PathPattern", json!(pattern))])
}

fn list(items: &[Value]) -> Value {
    json!({ "Quantity": items.len(), "Items": items })
}

#[test]
fn a_behavior_has_an_origin_or_a_group() {
    let target = "DefaultCacheBehavior.TargetOriginId";
    let refused = format!("{target}: {NO_ORIGIN}");
    assert_found(
        &cloudformation(),
        &[(&[(target, json!("StackOrigin2"))], &[]), (&[(target, json!("stackgroup"))], &[&refused])],
    );
    let behaviors = with(list(&[other(&terraform(), "/a")]), &[("Items.0.TargetOriginId", json!("?"))]);
    let expected = format!("CacheBehaviors.Items[0].TargetOriginId: {NO_ORIGIN}");
    assert_found(&terraform(), &[(&[("CacheBehaviors", behaviors)], &[&expected])]);
}

#[test]
fn path_patterns_are_unique_and_not_too_long() {
    let long = "p".repeat(256);
    for (pattern, expected) in [
        ("/images/*.jpg", None),
        ("*.html", None),
        ("/a?b/$~'@:+&\"", None),
        ("", Some("The parameter PathPattern is required.")),
        (long.as_str(), Some("The parameter PathPattern is too big.")),
        ("/a b", Some("The parameter PathPattern is invalid.")),
        ("/[slug]", Some("The parameter PathPattern is invalid.")),
        ("/ü", Some("The parameter PathPattern is invalid.")),
        ("/first", Some("The parameter PathPattern is not unique.")),
    ] {
        let behaviors = list(&[other(&terraform(), "/first"), other(&terraform(), pattern)]);
        let expected: Vec<_> = expected
            .map(|text| format!("CacheBehaviors.Items[1].PathPattern: InvalidArgument: {text}"))
            .into_iter()
            .collect();
        assert_eq!(found(with(terraform(), &[("CacheBehaviors", behaviors)])), expected, "{pattern}");
    }
}

#[test]
fn methods_come_in_three_sets() {
    let methods = |allowed: &[&str], cached: &[&str]| {
        json!({
            "Quantity": allowed.len(),
            "Items": allowed,
            "CachedMethods": { "Quantity": cached.len(), "Items": cached },
        })
    };
    let allowed =
        "DefaultCacheBehavior.AllowedMethods: InvalidArgument: The parameter AllowedMethods is invalid.";
    let cached = "DefaultCacheBehavior.AllowedMethods.CachedMethods: InvalidArgument: The parameter CachedMethods is \
                  invalid.";
    let all = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];
    let place = "DefaultCacheBehavior.AllowedMethods";
    assert_found(
        &terraform(),
        &[
            (&[(place, methods(&["GET", "HEAD"], &["GET", "HEAD"]))], &[]),
            (&[(place, methods(&["GET", "HEAD", "OPTIONS"], &["OPTIONS", "GET", "HEAD"]))], &[]),
            (&[(place, methods(&all, &["GET", "HEAD", "OPTIONS"]))], &[]),
            (&[(place, methods(&["GET"], &["GET", "HEAD"]))], &[allowed, cached]),
            (&[(place, methods(&["GET", "GET"], &["GET", "HEAD"]))], &[allowed, cached]),
            (&[(place, methods(&["GET", "HEAD", "POST"], &["GET", "HEAD"]))], &[allowed]),
            (&[(place, methods(&["GET", "HEAD"], &["GET"]))], &[cached]),
            (&[(place, methods(&["GET", "HEAD"], &["GET", "HEAD", "OPTIONS"]))], &[cached]),
            (&[(place, methods(&all, &all))], &[cached]),
        ],
    );
    let writes = "DefaultCacheBehavior.AllowedMethods: InvalidArgument: The parameter AllowedMethods cannot include \
                  POST, PUT, PATCH, or DELETE for a cached behavior associated with an origin group.";
    assert_found(
        &cloudformation(),
        &[
            (&[(place, methods(&["GET", "HEAD", "OPTIONS"], &["GET", "HEAD"]))], &[]),
            (&[(place, methods(&all, &["GET", "HEAD"]))], &[writes]),
        ],
    );
}

#[test]
fn a_cache_policy_stands_in_for_forwarded_values() {
    let policy = "DefaultCacheBehavior.CachePolicyId";
    let cannot = |member: &str| {
        format!(
            "DefaultCacheBehavior.{member}: InvalidArgument: The parameter {member} cannot be used when a cache policy \
             is associated to the cache behavior."
        )
    };
    let all = ["ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"].map(cannot);
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    let request_policy = "DefaultCacheBehavior.OriginRequestPolicyId";
    assert_found(
        &terraform(),
        &[
            (&[(policy, json!("658327ea-f89d-4fab-a63d-7e88639e58f6"))], &all),
            (
                &[(request_policy, json!("216adef6-5c7f-47e4-b989-5492eafa07d3"))],
                &[
                    "DefaultCacheBehavior.OriginRequestPolicyId: InvalidArgument: The parameter OriginRequestPolicyId is \
               invalid.",
                ],
            ),
            (
                &[(
                    "DefaultCacheBehavior.ResponseHeadersPolicyId",
                    json!("67f7725c-6f97-4210-82d7-5512b31e9d03"),
                )],
                &[],
            ),
        ],
    );
    assert_found(&cloudformation(), &[(&[("DefaultCacheBehavior.MinTTL", json!(0))], &[&cannot("MinTTL")])]);
}

#[test]
fn ttls_have_an_order() {
    let [min, default, max] =
        ["MinTTL", "DefaultTTL", "MaxTTL"].map(|ttl| format!("DefaultCacheBehavior.{ttl}"));
    let order = "DefaultCacheBehavior.DefaultTTL: InvalidTTLOrder: MinTTL, MaxTTL and DefaultTTL should follow order \
                 MinTTL less than or equal to DefaultTTL less than or equal to MaxTTL";
    assert_found(
        &terraform(),
        &[
            (&[(&min, json!(1)), (&default, json!(1)), (&max, json!(1))], &[]),
            (&[(&min, json!(1))], &[order]),
            (&[(&default, json!(5)), (&max, json!(4))], &[order]),
            (&[(&max, json!(3600)), (&default, json!(null))], &[order]),
            (
                &[(&min, json!(-1))],
                &["DefaultCacheBehavior.MinTTL: InvalidArgument: The parameter MinTTL is invalid."],
            ),
        ],
    );
}

#[test]
fn forwarded_values_name_what_they_forward() {
    let values = |member: &str| format!("DefaultCacheBehavior.ForwardedValues.{member}");
    let [cookies, headers, keys] = ["Cookies", "Headers", "QueryStringCacheKeys"].map(values);
    let names = |names: &[&str]| json!({ "Quantity": names.len(), "Items": names });
    let refused_cookies = "DefaultCacheBehavior.ForwardedValues.Cookies: InvalidForwardCookies: Your request contains \
                           forward cookies option which doesn't match with the expectation for the whitelisted list of \
                           cookie names. Either list of cookie names has been specified when not allowed or list of \
                           cookie names is missing when expected.";
    let place = "DefaultCacheBehavior.ForwardedValues.Headers";
    let header = |name: &str| {
        format!("{place}: InvalidArgument: The parameter Headers contains {name} that is not allowed.")
    };
    let bucket = format!(
        "{place}: InvalidHeadersForS3Origin: The headers specified are not valid for an Amazon S3 origin."
    );
    let min_ttl = format!("{place}: InvalidArgument: The parameter MinTTL is invalid.");
    let ttls: &[(&str, Value)] =
        &[("DefaultCacheBehavior.MaxTTL", json!(9)), ("DefaultCacheBehavior.DefaultTTL", json!(9))];
    assert_found(
        &terraform(),
        &[
            (&[(&cookies, json!({ "Forward": "whitelist", "WhitelistedNames": names(&["session"]) }))], &[]),
            (&[(&cookies, json!({ "Forward": "whitelist" }))], &[refused_cookies]),
            (
                &[(&cookies, json!({ "Forward": "whitelist", "WhitelistedNames": names(&[]) }))],
                &[refused_cookies],
            ),
            (&[(&headers, names(&["Host", "Authorization", "Origin"]))], &[]),
            (&[(&headers, names(&["*"]))], &[]),
            (
                &[
                    (&headers, names(&["*"])),
                    ttls[0].clone(),
                    ttls[1].clone(),
                    ("DefaultCacheBehavior.MinTTL", json!(9)),
                ],
                &[&min_ttl],
            ),
            (
                &[(&headers, names(&["*", "Origin"]))],
                &[
                    "DefaultCacheBehavior.ForwardedValues.Headers: InvalidArgument: The parameter Headers is invalid.",
                ],
            ),
            (&[(&headers, names(&["Cookie"]))], &[&header("Cookie")]),
            (&[(&headers, names(&["X-Edge-Location"]))], &[&header("X-Edge-Location")]),
            (&[(&headers, names(&["a b"]))], &[&header("a b")]),
            (
                &[(&keys, names(&["page", ""]))],
                &["DefaultCacheBehavior.ForwardedValues.QueryStringCacheKeys: \
             InvalidQueryStringParameters: The query string parameters specified are not valid."],
            ),
        ],
    );
    assert_found(
        &aws_cli(),
        &[
            (&[(&headers, names(&["Origin", "Access-Control-Request-Method"]))], &[]),
            (&[(&headers, names(&["Host"]))], &[&bucket]),
            (&[(&headers, names(&["*"]))], &[&bucket]),
        ],
    );
}

#[test]
fn fields_are_encrypted_over_https_with_all_methods() {
    let refused = "DefaultCacheBehavior.FieldLevelEncryptionId: \
                   IllegalFieldLevelEncryptionConfigAssociationWithCacheBehavior: The specified configuration for \
                   field-level encryption can't be associated with the specified cache behavior.";
    let all = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];
    let body = with(
        terraform(),
        &[
            ("DefaultCacheBehavior.FieldLevelEncryptionId", json!("C3KM2WVD605UAY")),
            ("DefaultCacheBehavior.AllowedMethods", json!({ "Quantity": 7, "Items": all })),
        ],
    );
    let policy = "Origins.Items.0.CustomOriginConfig.OriginProtocolPolicy";
    let two = json!({ "Quantity": 2, "Items": ["GET", "HEAD"] });
    assert_found(
        &body,
        &[
            (&[], &[]),
            (&[(policy, json!("match-viewer"))], &[]),
            (&[(policy, json!("http-only"))], &[refused]),
            (&[("DefaultCacheBehavior.ViewerProtocolPolicy", json!("allow-all"))], &[refused]),
            (&[("DefaultCacheBehavior.AllowedMethods", two)], &[refused]),
        ],
    );
}

#[test]
fn grpc_needs_http2_and_post() {
    let refused = "DefaultCacheBehavior.GrpcConfig: InvalidArgument: The parameter GrpcConfig is invalid.";
    let all = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];
    let grpc = ("DefaultCacheBehavior.GrpcConfig", json!({ "Enabled": true }));
    let methods = ("DefaultCacheBehavior.AllowedMethods", json!({ "Quantity": 7, "Items": all }));
    assert_found(
        &terraform(),
        &[
            (&[grpc.clone(), methods.clone()], &[]),
            (&[grpc.clone(), methods.clone(), ("HttpVersion", json!("http2and3"))], &[]),
            (std::slice::from_ref(&grpc), &[refused]),
            (&[grpc.clone(), methods.clone(), ("HttpVersion", json!("http1.1"))], &[refused]),
            (&[grpc.clone(), methods, ("HttpVersion", json!("http3"))], &[refused]),
        ],
    );
}

#[test]
fn signers_are_accounts_or_key_groups() {
    let signers = |items: &[&str]| json!({ "Enabled": true, "Quantity": items.len(), "Items": items });
    let (accounts, groups) = ("DefaultCacheBehavior.TrustedSigners", "DefaultCacheBehavior.TrustedKeyGroups");
    assert_found(
        &terraform(),
        &[
            (&[(accounts, signers(&["self", "111122223333"]))], &[]),
            (&[(groups, signers(&["g1", "g2"]))], &[]),
            (
                &[(accounts, signers(&["me"]))],
                &[
                    "DefaultCacheBehavior.TrustedSigners: TrustedSignerDoesNotExist: One or more of your trusted signers \
               don't exist.",
                ],
            ),
            (
                &[(accounts, signers(&["self"])), (groups, signers(&["g1"]))],
                &[
                    "DefaultCacheBehavior.TrustedKeyGroups: InvalidArgument: The parameter TrustedKeyGroups is invalid.",
                ],
            ),
        ],
    );
}

#[test]
fn a_real_time_log_configuration_is_named_by_its_arn() {
    let place = "DefaultCacheBehavior.RealtimeLogConfigArn";
    let refused = format!("{place}: InvalidArgument: The parameter RealtimeLogConfigArn is invalid.");
    assert_found(
        &terraform(),
        &[
            (&[(place, json!("arn:aws:cloudfront::111122223333:realtime-log-config/logs"))], &[]),
            (&[(place, json!("arn:aws:cloudfront::111122223333:function/logs"))], &[&refused]),
            (&[(place, json!("logs"))], &[&refused]),
        ],
    );
}
