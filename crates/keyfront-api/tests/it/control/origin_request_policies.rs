//! The operations on origin request policies through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use keyfront_domain::origin_request_policy::MANAGED;

use super::resources::{ORIGIN_REQUEST_POLICIES, ZEROTH, document, made, origin_request_policy, page};
use crate::fixture::World;

/// Managed-AllViewerExceptHostHeader.
const ALL_BUT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/// A configuration with these headers.
fn headers(behavior: &str, names: &[&str]) -> String {
    let items = names.iter().map(|name| format!("<Name>{name}</Name>")).collect::<Vec<_>>().concat();
    let headers = format!("<Headers><Quantity>{}</Quantity><Items>{items}</Items></Headers>", names.len());
    let none = "<HeaderBehavior>none</HeaderBehavior>";
    origin_request_policy("n").replace(none, &format!("<HeaderBehavior>{behavior}</HeaderBehavior>{headers}"))
}

/// A comment that was not sent is absent, and so is a list of names that is empty.
#[tokio::test]
async fn an_origin_request_policy_comes_back_as_it_was_sent() {
    let world = World::new();
    let elements = "<Name>forward</Name><HeadersConfig><HeaderBehavior>whitelist</HeaderBehavior><Headers><Quantity>2\
                    </Quantity><Items><Name>X-B</Name><Name>x-a</Name></Items></Headers></HeadersConfig>\
                    <CookiesConfig><CookieBehavior>all</CookieBehavior><Cookies><Quantity>0</Quantity><Items></Items>\
                    </Cookies></CookiesConfig><QueryStringsConfig><QueryStringBehavior>allExcept</QueryStringBehavior>\
                    <QueryStrings><Quantity>1</Quantity><Items><Name>q</Name></Items></QueryStrings>\
                    </QueryStringsConfig>";
    let create = world.control("POST", ORIGIN_REQUEST_POLICIES);
    let created = create.body(document("OriginRequestPolicyConfig", elements)).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    location: https://cloudfront.amazonaws.com/2020-05-31/origin-request-policy/54947df8-0e9e-4471-a2f9-000000000002
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <OriginRequestPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><OriginRequestPolicyConfig><Name>forward</Name><HeadersConfig><HeaderBehavior>whitelist</HeaderBehavior><Headers><Quantity>2</Quantity><Items><Name>X-B</Name><Name>x-a</Name></Items></Headers></HeadersConfig><CookiesConfig><CookieBehavior>all</CookieBehavior></CookiesConfig><QueryStringsConfig><QueryStringBehavior>allExcept</QueryStringBehavior><QueryStrings><Quantity>1</Quantity><Items><Name>q</Name></Items></QueryStrings></QueryStringsConfig></OriginRequestPolicyConfig></OriginRequestPolicy>
    "#);
}

#[tokio::test]
async fn managed_policies_are_listed_first_and_never_change() {
    let world = World::new();
    let path = format!("{ORIGIN_REQUEST_POLICIES}/{ALL_BUT_HOST}");
    assert_snapshot!(world.control("GET", &path).send().await, @r#"
    200
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <OriginRequestPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>b689b0a8-53d0-40ab-baf2-68738e2966ac</Id><LastModifiedTime>2020-08-01T00:00:00.000Z</LastModifiedTime><OriginRequestPolicyConfig><Comment>Policy to forward all parameters in viewer requests except for the Host header</Comment><Name>Managed-AllViewerExceptHostHeader</Name><HeadersConfig><HeaderBehavior>allExcept</HeaderBehavior><Headers><Quantity>1</Quantity><Items><Name>host</Name></Items></Headers></HeadersConfig><CookiesConfig><CookieBehavior>all</CookieBehavior></CookiesConfig><QueryStringsConfig><QueryStringBehavior>all</QueryStringBehavior></QueryStringsConfig></OriginRequestPolicyConfig></OriginRequestPolicy>
    "#);
    let delete = world.control("DELETE", &path).if_match(ZEROTH).send().await;
    assert_eq!(delete.refusal(), "400 IllegalDelete: Deletion is not allowed for this entity.");
    let update = world.control("PUT", &path).if_match(ZEROTH).body(origin_request_policy("mine"));
    let refused = "400 IllegalUpdate: The update contains modifications that are not allowed.";
    assert_eq!(update.send().await.refusal(), refused);
    let own = made(world.control("POST", ORIGIN_REQUEST_POLICIES).body(origin_request_policy("own"))).await;
    let managed: Vec<_> = MANAGED.iter().map(|policy| policy.id).collect();
    let managed = managed.join(" ");
    for (query, expected) in
        [("", format!("{managed} {own}")), ("?Type=managed", managed), ("?Type=custom", own.clone())]
    {
        let list = world.control("GET", format!("{ORIGIN_REQUEST_POLICIES}{query}")).send().await;
        assert_eq!(page(&list, "Id"), expected, "{query}");
    }
    let list = world.control("GET", format!("{ORIGIN_REQUEST_POLICIES}?Type=custom")).send().await;
    assert_snapshot!(list.body, @r#"
    <?xml version="1.0"?>
    <OriginRequestPolicyList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><OriginRequestPolicySummary><Type>custom</Type><OriginRequestPolicy><Id>54947df8-0e9e-4471-a2f9-000000000005</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><OriginRequestPolicyConfig><Name>own</Name><HeadersConfig><HeaderBehavior>none</HeaderBehavior></HeadersConfig><CookiesConfig><CookieBehavior>none</CookieBehavior></CookiesConfig><QueryStringsConfig><QueryStringBehavior>none</QueryStringBehavior></QueryStringsConfig></OriginRequestPolicyConfig></OriginRequestPolicy></OriginRequestPolicySummary></Items></OriginRequestPolicyList>
    "#);
}

#[tokio::test]
async fn the_rules_refuse_through_the_whole_pipeline() {
    let world = World::new();
    let eleven: Vec<_> = (0..11).map(|number| format!("x-{number}")).collect();
    let eleven: Vec<_> = eleven.iter().map(String::as_str).collect();
    let mut outcomes = Vec::new();
    for body in [
        origin_request_policy(""),
        document("OriginRequestPolicyConfig", "<Name>n</Name>"),
        headers("everything", &[]),
        headers("whitelist", &[]),
        headers("whitelist", &["Authorization"]),
        headers("allViewerAndWhitelistCloudFront", &["CloudFront-Viewer-Country"]),
        headers("whitelist", &eleven),
        headers("whitelist", &["a"]).replace("<Quantity>1", "<Quantity>2"),
    ] {
        outcomes.push(world.control("POST", ORIGIN_REQUEST_POLICIES).body(body).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter Name is required.
    400 MalformedXML: 3 validation errors detected: Value null at 'originRequestPolicyConfig.cookiesConfig' failed to satisfy constraint: Member must not be null; Value null at 'originRequestPolicyConfig.headersConfig' failed to satisfy constraint: Member must not be null; Value null at 'originRequestPolicyConfig.queryStringsConfig' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value 'everything' at 'originRequestPolicyConfig.headersConfig.headerBehavior' failed to satisfy constraint: Member must satisfy value set: [none, whitelist, allViewer, allViewerAndWhitelistCloudFront, allExcept]
    400 InvalidArgument: The parameter Headers is required.
    400 InvalidArgument: The parameter Headers contains Authorization that is not allowed.
    201
    400 TooManyHeadersInOriginRequestPolicy: The number of headers in the origin request policy exceeds the maximum. For more information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.
    400 InconsistentQuantities: The value of Quantity and the size of Items don't match.
    ");
}
