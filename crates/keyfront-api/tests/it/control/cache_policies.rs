//! The operations on cache policies through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use keyfront_domain::cache_policy::MANAGED;

use super::FIRST;
use super::resources::{CACHE_POLICIES, ZEROTH, cache_policy, document, made, page};
use crate::fixture::World;

/// Managed-CachingOptimized.
const OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/// The TTLs, the flags and the empty cache key are filled in; members come in the model's order.
#[tokio::test]
async fn a_cache_policy_is_created_and_completed() {
    let world = World::new();
    let created = world.control("POST", CACHE_POLICIES).body(cache_policy("pages")).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    location: https://cloudfront.amazonaws.com/2020-05-31/cache-policy/54947df8-0e9e-4471-a2f9-000000000002
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <CachePolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><CachePolicyConfig><Comment></Comment><Name>pages</Name><DefaultTTL>86400</DefaultTTL><MaxTTL>31536000</MaxTTL><MinTTL>1</MinTTL><ParametersInCacheKeyAndForwardedToOrigin><EnableAcceptEncodingGzip>false</EnableAcceptEncodingGzip><EnableAcceptEncodingBrotli>false</EnableAcceptEncodingBrotli><HeadersConfig><HeaderBehavior>none</HeaderBehavior></HeadersConfig><CookiesConfig><CookieBehavior>none</CookieBehavior></CookiesConfig><QueryStringsConfig><QueryStringBehavior>none</QueryStringBehavior></QueryStringsConfig></ParametersInCacheKeyAndForwardedToOrigin></CachePolicyConfig></CachePolicy>
    "#);
}

#[tokio::test]
async fn a_managed_policy_is_there_for_every_account_and_never_changes() {
    let world = World::new();
    let path = format!("{CACHE_POLICIES}/{OPTIMIZED}");
    assert_snapshot!(world.control("GET", &path).send().await, @r#"
    200
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <CachePolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>658327ea-f89d-4fab-a63d-7e88639e58f6</Id><LastModifiedTime>2020-08-01T00:00:00.000Z</LastModifiedTime><CachePolicyConfig><Comment>Policy with caching enabled. Supports Gzip and Brotli compression.</Comment><Name>Managed-CachingOptimized</Name><DefaultTTL>86400</DefaultTTL><MaxTTL>31536000</MaxTTL><MinTTL>1</MinTTL><ParametersInCacheKeyAndForwardedToOrigin><EnableAcceptEncodingGzip>true</EnableAcceptEncodingGzip><EnableAcceptEncodingBrotli>true</EnableAcceptEncodingBrotli><HeadersConfig><HeaderBehavior>none</HeaderBehavior></HeadersConfig><CookiesConfig><CookieBehavior>none</CookieBehavior></CookiesConfig><QueryStringsConfig><QueryStringBehavior>none</QueryStringBehavior></QueryStringsConfig></ParametersInCacheKeyAndForwardedToOrigin></CachePolicyConfig></CachePolicy>
    "#);
    let config = world.control("GET", format!("{path}/config")).send().await;
    assert_eq!((config.status, config.element("Name")), (200, "Managed-CachingOptimized"));
    let missing = "400 InvalidIfMatchVersion: The If-Match version is missing or not valid for the resource.";
    let delete = || world.control("DELETE", &path);
    assert_eq!(delete().send().await.refusal(), missing);
    let refused = "400 IllegalDelete: Deletion is not allowed for this entity.";
    assert_eq!(delete().if_match(ZEROTH).send().await.refusal(), refused);
    let update = world.control("PUT", &path).if_match(ZEROTH).body(cache_policy("mine"));
    let refused = "400 IllegalUpdate: The update contains modifications that are not allowed.";
    assert_eq!(update.send().await.refusal(), refused);
}

#[tokio::test]
async fn managed_policies_come_before_custom_ones_and_are_listed_by_type() {
    let world = World::new();
    let mut own = Vec::new();
    for name in ["b", "a"] {
        own.push(made(world.control("POST", CACHE_POLICIES).body(cache_policy(name))).await);
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let managed: Vec<_> = MANAGED.iter().map(|policy| policy.id.to_owned()).collect();
    let all = [managed.clone(), own.clone()].concat();
    let list = |query: &str| {
        let call = world.control("GET", format!("{CACHE_POLICIES}?{query}"));
        async move { page(&call.send().await, "Id") }
    };
    assert_eq!(list("").await, all.join(" "));
    assert_eq!(list("Type=managed").await, managed.join(" "));
    assert_eq!(list("Type=custom").await, own.join(" "));
    for size in 1..=all.len() {
        let (mut seen, mut marker) = (Vec::new(), String::new());
        loop {
            let part = list(&format!("MaxItems={size}&Marker={marker}")).await;
            let (ids, more) = part.strip_suffix(" …").map_or((part.as_str(), false), |ids| (ids, true));
            seen.extend(ids.split(' ').map(str::to_owned));
            if !more {
                break;
            }
            marker = seen.last().unwrap().clone();
        }
        assert_eq!(seen, all, "in pages of {size}");
    }
    assert_snapshot!(world.control("GET", format!("{CACHE_POLICIES}?Type=custom&MaxItems=1")).send().await.body, @r#"
    <?xml version="1.0"?>
    <CachePolicyList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><NextMarker>54947df8-0e9e-4471-a2f9-000000000002</NextMarker><MaxItems>1</MaxItems><Quantity>1</Quantity><Items><CachePolicySummary><Type>custom</Type><CachePolicy><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><CachePolicyConfig><Comment></Comment><Name>b</Name><DefaultTTL>86400</DefaultTTL><MaxTTL>31536000</MaxTTL><MinTTL>1</MinTTL><ParametersInCacheKeyAndForwardedToOrigin><EnableAcceptEncodingGzip>false</EnableAcceptEncodingGzip><EnableAcceptEncodingBrotli>false</EnableAcceptEncodingBrotli><HeadersConfig><HeaderBehavior>none</HeaderBehavior></HeadersConfig><CookiesConfig><CookieBehavior>none</CookieBehavior></CookiesConfig><QueryStringsConfig><QueryStringBehavior>none</QueryStringBehavior></QueryStringsConfig></ParametersInCacheKeyAndForwardedToOrigin></CachePolicyConfig></CachePolicy></CachePolicySummary></Items></CachePolicyList>
    "#);
    assert!(list("Type=other").await.starts_with("400 MalformedXML: 1 validation error detected"));
}

#[tokio::test]
async fn names_are_listed_as_they_were_sent_and_empty_lists_are_left_out() {
    let world = World::new();
    let parameters = "<ParametersInCacheKeyAndForwardedToOrigin><EnableAcceptEncodingGzip>true\
                      </EnableAcceptEncodingGzip><HeadersConfig><HeaderBehavior>whitelist</HeaderBehavior><Headers>\
                      <Quantity>2</Quantity><Items><Name>X-B</Name><Name>x-a</Name></Items></Headers></HeadersConfig>\
                      <CookiesConfig><CookieBehavior>all</CookieBehavior><Cookies><Quantity>0</Quantity></Cookies>\
                      </CookiesConfig><QueryStringsConfig><QueryStringBehavior>allExcept</QueryStringBehavior>\
                      <QueryStrings><Quantity>1</Quantity><Items><Name>q</Name></Items></QueryStrings>\
                      </QueryStringsConfig></ParametersInCacheKeyAndForwardedToOrigin>";
    let body = document("CachePolicyConfig", &format!("<Name>pages</Name><MinTTL>0</MinTTL>{parameters}"));
    let created = world.control("POST", CACHE_POLICIES).body(body).send().await;
    assert_eq!(created.status, 201, "{created}");
    assert_eq!(created.elements("Name"), ["pages", "X-B", "x-a", "q"]);
    assert!(!created.body.contains("<Cookies>"), "{created}");
    assert_eq!(created.element("EnableAcceptEncodingBrotli"), "false");
}

#[tokio::test]
async fn an_update_replaces_the_whole_configuration() {
    let world = World::new();
    made(world.control("POST", CACHE_POLICIES).body(cache_policy("taken"))).await;
    let body = document(
        "CachePolicyConfig",
        "<Comment>first</Comment><Name>pages</Name><DefaultTTL>5</DefaultTTL><MaxTTL>6</MaxTTL><MinTTL>4</MinTTL>",
    );
    let id = made(world.control("POST", CACHE_POLICIES).body(body)).await;
    let update =
        |body: String| world.control("PUT", format!("{CACHE_POLICIES}/{id}")).if_match(ZEROTH).body(body);
    let taken = "409 CachePolicyAlreadyExists: Another cache policy with the same name already exists within the \
                 aws account.";
    assert_eq!(update(cache_policy("taken")).send().await.refusal(), taken);
    let updated = update(cache_policy("other")).send().await;
    let members = ["Comment", "Name", "DefaultTTL", "MaxTTL", "MinTTL"].map(|name| updated.element(name));
    assert_eq!(members, ["", "other", "86400", "31536000", "1"]);
    assert_eq!(updated.header("etag"), FIRST);
}

#[tokio::test]
async fn the_rules_refuse_through_the_whole_pipeline() {
    let world = World::new();
    let mut outcomes = Vec::new();
    for elements in [
        "<Name>n</Name>",
        "<Name></Name><MinTTL>0</MinTTL>",
        "<Name>n</Name><MinTTL>-1</MinTTL>",
        "<Name>n</Name><DefaultTTL>0</DefaultTTL><MinTTL>1</MinTTL>",
        "<Name>n</Name><DefaultTTL>0</DefaultTTL><MaxTTL>0</MaxTTL><MinTTL>0</MinTTL>\
         <ParametersInCacheKeyAndForwardedToOrigin><EnableAcceptEncodingGzip>true</EnableAcceptEncodingGzip>\
         <HeadersConfig><HeaderBehavior>none</HeaderBehavior></HeadersConfig><CookiesConfig><CookieBehavior>none\
         </CookieBehavior></CookiesConfig><QueryStringsConfig><QueryStringBehavior>none</QueryStringBehavior>\
         </QueryStringsConfig></ParametersInCacheKeyAndForwardedToOrigin>",
    ] {
        let body = document("CachePolicyConfig", elements);
        outcomes.push(world.control("POST", CACHE_POLICIES).body(body).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value null at 'cachePolicyConfig.minTTL' failed to satisfy constraint: Member must not be null
    400 InvalidArgument: The parameter Name is required.
    400 InvalidArgument: The parameter MinTTL is invalid.
    400 InvalidArgument: MinTTL, MaxTTL and DefaultTTL should follow order MinTTL less than or equal to DefaultTTL less than or equal to MaxTTL
    400 InvalidArgument: The parameter EnableAcceptEncodingGzip is invalid for policy with caching disabled.
    ");
}

#[tokio::test]
async fn the_distributions_of_a_policy_are_none_and_a_policy_must_exist() {
    let world = World::new();
    let list = |id: &str| world.control("GET", format!("/2020-05-31/distributionsByCachePolicyId/{id}"));
    let empty = "<?xml version=\"1.0\"?>\n<DistributionIdList xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
                 <Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>0</Quantity>\
                 </DistributionIdList>";
    let own = made(world.control("POST", CACHE_POLICIES).body(cache_policy("pages"))).await;
    for id in [own.as_str(), OPTIMIZED] {
        assert_eq!(list(id).send().await.body, empty, "{id}");
    }
    let absent = "404 NoSuchCachePolicy: The specified cache policy does not exist.";
    assert_eq!(list("54947df8-0e9e-4471-a2f9-999999999999").send().await.refusal(), absent);
}
