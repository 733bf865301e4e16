//! The operations on response headers policies through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use keyfront_domain::response_headers_policy::MANAGED;

use super::resources::{RESPONSE_HEADERS_POLICIES, ZEROTH, document, made, page, response_headers_policy};
use crate::fixture::World;

const EVERYTHING: &str = "<Comment>c</Comment><Name>headers</Name><CorsConfig><AccessControlAllowOrigins><Quantity>1</Quantity>\
    <Items><Origin>*</Origin></Items></AccessControlAllowOrigins><AccessControlAllowHeaders><Quantity>1</Quantity><Items>\
    <Header>*</Header></Items></AccessControlAllowHeaders><AccessControlAllowMethods><Quantity>2</Quantity><Items>\
    <Method>PUT</Method><Method>GET</Method></Items></AccessControlAllowMethods><AccessControlAllowCredentials>false\
    </AccessControlAllowCredentials><AccessControlExposeHeaders><Quantity>0</Quantity><Items></Items>\
    </AccessControlExposeHeaders><AccessControlMaxAgeSec>600</AccessControlMaxAgeSec><OriginOverride>true</OriginOverride>\
    </CorsConfig><SecurityHeadersConfig><XSSProtection><Override>true</Override><Protection>true</Protection><ReportUri>\
    https://r.example</ReportUri></XSSProtection><FrameOptions><Override>true</Override><FrameOption>DENY</FrameOption>\
    </FrameOptions><ReferrerPolicy><Override>false</Override><ReferrerPolicy>origin</ReferrerPolicy></ReferrerPolicy>\
    <ContentSecurityPolicy><Override>true</Override><ContentSecurityPolicy>default-src 'self'</ContentSecurityPolicy>\
    </ContentSecurityPolicy><ContentTypeOptions><Override>true</Override></ContentTypeOptions><StrictTransportSecurity>\
    <Override>true</Override><AccessControlMaxAgeSec>1</AccessControlMaxAgeSec></StrictTransportSecurity>\
    </SecurityHeadersConfig><ServerTimingHeadersConfig><Enabled>true</Enabled><SamplingRate>12.5</SamplingRate>\
    </ServerTimingHeadersConfig><CustomHeadersConfig><Quantity>1</Quantity><Items><ResponseHeadersPolicyCustomHeader>\
    <Header>X-A</Header><Value></Value><Override>false</Override></ResponseHeadersPolicyCustomHeader></Items>\
    </CustomHeadersConfig><RemoveHeadersConfig><Quantity>1</Quantity><Items><ResponseHeadersPolicyRemoveHeader>\
    <Header>Server</Header></ResponseHeadersPolicyRemoveHeader></Items></RemoveHeadersConfig>";

/// Sections and optional members that were not sent are absent, empty lists have no items.
#[tokio::test]
async fn a_response_headers_policy_comes_back_as_it_was_sent() {
    let world = World::new();
    let create = |body: String| world.control("POST", RESPONSE_HEADERS_POLICIES).body(body);
    let created = create(document("ResponseHeadersPolicyConfig", EVERYTHING)).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    location: https://cloudfront.amazonaws.com/2020-05-31/response-headers-policy/54947df8-0e9e-4471-a2f9-000000000002
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ResponseHeadersPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><ResponseHeadersPolicyConfig><Comment>c</Comment><Name>headers</Name><CorsConfig><AccessControlAllowOrigins><Quantity>1</Quantity><Items><Origin>*</Origin></Items></AccessControlAllowOrigins><AccessControlAllowHeaders><Quantity>1</Quantity><Items><Header>*</Header></Items></AccessControlAllowHeaders><AccessControlAllowMethods><Quantity>2</Quantity><Items><Method>PUT</Method><Method>GET</Method></Items></AccessControlAllowMethods><AccessControlAllowCredentials>false</AccessControlAllowCredentials><AccessControlExposeHeaders><Quantity>0</Quantity></AccessControlExposeHeaders><AccessControlMaxAgeSec>600</AccessControlMaxAgeSec><OriginOverride>true</OriginOverride></CorsConfig><SecurityHeadersConfig><XSSProtection><Override>true</Override><Protection>true</Protection><ReportUri>https://r.example</ReportUri></XSSProtection><FrameOptions><Override>true</Override><FrameOption>DENY</FrameOption></FrameOptions><ReferrerPolicy><Override>false</Override><ReferrerPolicy>origin</ReferrerPolicy></ReferrerPolicy><ContentSecurityPolicy><Override>true</Override><ContentSecurityPolicy>default-src 'self'</ContentSecurityPolicy></ContentSecurityPolicy><ContentTypeOptions><Override>true</Override></ContentTypeOptions><StrictTransportSecurity><Override>true</Override><AccessControlMaxAgeSec>1</AccessControlMaxAgeSec></StrictTransportSecurity></SecurityHeadersConfig><ServerTimingHeadersConfig><Enabled>true</Enabled><SamplingRate>12.5</SamplingRate></ServerTimingHeadersConfig><CustomHeadersConfig><Quantity>1</Quantity><Items><ResponseHeadersPolicyCustomHeader><Header>X-A</Header><Value></Value><Override>false</Override></ResponseHeadersPolicyCustomHeader></Items></CustomHeadersConfig><RemoveHeadersConfig><Quantity>1</Quantity><Items><ResponseHeadersPolicyRemoveHeader><Header>Server</Header></ResponseHeadersPolicyRemoveHeader></Items></RemoveHeadersConfig></ResponseHeadersPolicyConfig></ResponseHeadersPolicy>
    "#);
    let small = create(response_headers_policy("small")).send().await;
    assert!(
        small.body.contains("<ResponseHeadersPolicyConfig><Name>small</Name></ResponseHeadersPolicyConfig>")
    );
}

#[tokio::test]
async fn managed_policies_are_listed_first_and_never_change() {
    let world = World::new();
    let mut bodies = Vec::new();
    for policy in MANAGED {
        let shown = world.control("GET", format!("{RESPONSE_HEADERS_POLICIES}/{}", policy.id)).send().await;
        assert_eq!((shown.status, shown.header("etag")), (200, ZEROTH));
        bodies.push(shown.body.lines().last().unwrap().to_owned());
    }
    assert_snapshot!(bodies.join("\n"), @r#"
    <ResponseHeadersPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>e61eb60c-9c35-4d20-a928-2b84e02af89c</Id><LastModifiedTime>2020-08-01T00:00:00.000Z</LastModifiedTime><ResponseHeadersPolicyConfig><Comment>Allows all origins for simple CORS requests and adds security headers</Comment><Name>Managed-CORS-and-SecurityHeadersPolicy</Name><CorsConfig><AccessControlAllowOrigins><Quantity>1</Quantity><Items><Origin>*</Origin></Items></AccessControlAllowOrigins><AccessControlAllowHeaders><Quantity>0</Quantity></AccessControlAllowHeaders><AccessControlAllowMethods><Quantity>0</Quantity></AccessControlAllowMethods><AccessControlAllowCredentials>false</AccessControlAllowCredentials><AccessControlExposeHeaders><Quantity>0</Quantity></AccessControlExposeHeaders><OriginOverride>false</OriginOverride></CorsConfig><SecurityHeadersConfig><XSSProtection><Override>false</Override><Protection>true</Protection><ModeBlock>true</ModeBlock></XSSProtection><FrameOptions><Override>false</Override><FrameOption>SAMEORIGIN</FrameOption></FrameOptions><ReferrerPolicy><Override>false</Override><ReferrerPolicy>strict-origin-when-cross-origin</ReferrerPolicy></ReferrerPolicy><ContentTypeOptions><Override>true</Override></ContentTypeOptions><StrictTransportSecurity><Override>false</Override><IncludeSubdomains>false</IncludeSubdomains><Preload>false</Preload><AccessControlMaxAgeSec>31536000</AccessControlMaxAgeSec></StrictTransportSecurity></SecurityHeadersConfig></ResponseHeadersPolicyConfig></ResponseHeadersPolicy>
    <ResponseHeadersPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>5cc3b908-e619-4b99-88e5-2cf7f45965bd</Id><LastModifiedTime>2020-08-01T00:00:00.000Z</LastModifiedTime><ResponseHeadersPolicyConfig><Comment>Allows all origins for CORS requests, including preflight requests</Comment><Name>Managed-CORS-With-Preflight</Name><CorsConfig><AccessControlAllowOrigins><Quantity>1</Quantity><Items><Origin>*</Origin></Items></AccessControlAllowOrigins><AccessControlAllowHeaders><Quantity>0</Quantity></AccessControlAllowHeaders><AccessControlAllowMethods><Quantity>7</Quantity><Items><Method>DELETE</Method><Method>GET</Method><Method>HEAD</Method><Method>OPTIONS</Method><Method>PATCH</Method><Method>POST</Method><Method>PUT</Method></Items></AccessControlAllowMethods><AccessControlAllowCredentials>false</AccessControlAllowCredentials><AccessControlExposeHeaders><Quantity>1</Quantity><Items><Header>*</Header></Items></AccessControlExposeHeaders><OriginOverride>false</OriginOverride></CorsConfig></ResponseHeadersPolicyConfig></ResponseHeadersPolicy>
    <ResponseHeadersPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>eaab4381-ed33-4a86-88ca-d9558dc6cd63</Id><LastModifiedTime>2020-08-01T00:00:00.000Z</LastModifiedTime><ResponseHeadersPolicyConfig><Comment>Allows all origins for CORS requests, including preflight requests, and adds security headers</Comment><Name>Managed-CORS-with-preflight-and-SecurityHeadersPolicy</Name><CorsConfig><AccessControlAllowOrigins><Quantity>1</Quantity><Items><Origin>*</Origin></Items></AccessControlAllowOrigins><AccessControlAllowHeaders><Quantity>0</Quantity></AccessControlAllowHeaders><AccessControlAllowMethods><Quantity>7</Quantity><Items><Method>DELETE</Method><Method>GET</Method><Method>HEAD</Method><Method>OPTIONS</Method><Method>PATCH</Method><Method>POST</Method><Method>PUT</Method></Items></AccessControlAllowMethods><AccessControlAllowCredentials>false</AccessControlAllowCredentials><AccessControlExposeHeaders><Quantity>1</Quantity><Items><Header>*</Header></Items></AccessControlExposeHeaders><OriginOverride>false</OriginOverride></CorsConfig><SecurityHeadersConfig><XSSProtection><Override>false</Override><Protection>true</Protection><ModeBlock>true</ModeBlock></XSSProtection><FrameOptions><Override>false</Override><FrameOption>SAMEORIGIN</FrameOption></FrameOptions><ReferrerPolicy><Override>false</Override><ReferrerPolicy>strict-origin-when-cross-origin</ReferrerPolicy></ReferrerPolicy><ContentTypeOptions><Override>true</Override></ContentTypeOptions><StrictTransportSecurity><Override>false</Override><IncludeSubdomains>false</IncludeSubdomains><Preload>false</Preload><AccessControlMaxAgeSec>31536000</AccessControlMaxAgeSec></StrictTransportSecurity></SecurityHeadersConfig></ResponseHeadersPolicyConfig></ResponseHeadersPolicy>
    <ResponseHeadersPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>67f7725c-6f97-4210-82d7-5512b31e9d03</Id><LastModifiedTime>2020-08-01T00:00:00.000Z</LastModifiedTime><ResponseHeadersPolicyConfig><Comment>Adds a set of security headers to every response</Comment><Name>Managed-SecurityHeadersPolicy</Name><SecurityHeadersConfig><XSSProtection><Override>false</Override><Protection>true</Protection><ModeBlock>true</ModeBlock></XSSProtection><FrameOptions><Override>false</Override><FrameOption>SAMEORIGIN</FrameOption></FrameOptions><ReferrerPolicy><Override>false</Override><ReferrerPolicy>strict-origin-when-cross-origin</ReferrerPolicy></ReferrerPolicy><ContentTypeOptions><Override>true</Override></ContentTypeOptions><StrictTransportSecurity><Override>false</Override><IncludeSubdomains>false</IncludeSubdomains><Preload>false</Preload><AccessControlMaxAgeSec>31536000</AccessControlMaxAgeSec></StrictTransportSecurity></SecurityHeadersConfig></ResponseHeadersPolicyConfig></ResponseHeadersPolicy>
    <ResponseHeadersPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>60669652-455b-4ae9-85a4-c4c02393f86c</Id><LastModifiedTime>2020-08-01T00:00:00.000Z</LastModifiedTime><ResponseHeadersPolicyConfig><Comment>Allows all origins for simple CORS requests</Comment><Name>Managed-SimpleCORS</Name><CorsConfig><AccessControlAllowOrigins><Quantity>1</Quantity><Items><Origin>*</Origin></Items></AccessControlAllowOrigins><AccessControlAllowHeaders><Quantity>0</Quantity></AccessControlAllowHeaders><AccessControlAllowMethods><Quantity>0</Quantity></AccessControlAllowMethods><AccessControlAllowCredentials>false</AccessControlAllowCredentials><AccessControlExposeHeaders><Quantity>0</Quantity></AccessControlExposeHeaders><OriginOverride>false</OriginOverride></CorsConfig></ResponseHeadersPolicyConfig></ResponseHeadersPolicy>
    "#);
    let path = format!("{RESPONSE_HEADERS_POLICIES}/{}", MANAGED[0].id);
    let delete = world.control("DELETE", &path).if_match(ZEROTH).send().await;
    assert_eq!(delete.refusal(), "400 IllegalDelete: Deletion is not allowed for this entity.");
    let update = world.control("PUT", &path).if_match(ZEROTH).body(response_headers_policy("mine"));
    let refused = "400 IllegalUpdate: The update contains modifications that are not allowed.";
    assert_eq!(update.send().await.refusal(), refused);
    let own =
        made(world.control("POST", RESPONSE_HEADERS_POLICIES).body(response_headers_policy("own"))).await;
    let managed: Vec<_> = MANAGED.iter().map(|policy| policy.id).collect();
    let managed = managed.join(" ");
    for (query, expected) in
        [("", format!("{managed} {own}")), ("?Type=managed", managed), ("?Type=custom", own.clone())]
    {
        let list = world.control("GET", format!("{RESPONSE_HEADERS_POLICIES}{query}")).send().await;
        assert_eq!(page(&list, "Id"), expected, "{query}");
    }
    let list = world.control("GET", format!("{RESPONSE_HEADERS_POLICIES}?Type=custom")).send().await;
    assert_snapshot!(list.body, @r#"
    <?xml version="1.0"?>
    <ResponseHeadersPolicyList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><ResponseHeadersPolicySummary><Type>custom</Type><ResponseHeadersPolicy><Id>54947df8-0e9e-4471-a2f9-000000000009</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><ResponseHeadersPolicyConfig><Name>own</Name></ResponseHeadersPolicyConfig></ResponseHeadersPolicy></ResponseHeadersPolicySummary></Items></ResponseHeadersPolicyList>
    "#);
}

#[tokio::test]
async fn the_rules_refuse_through_the_whole_pipeline() {
    let world = World::new();
    let mut outcomes = Vec::new();
    for (given, wrong) in [
        ("<Name>headers</Name>", "<Name></Name>".to_owned()),
        ("<Origin>*</Origin>", "<Origin>a.*</Origin>".to_owned()),
        ("<Items><Origin>*</Origin></Items>", String::new()),
        ("<Quantity>2</Quantity>", "<Quantity>3</Quantity>".to_owned()),
        ("<Method>PUT</Method>", "<Method>TRACE</Method>".to_owned()),
        ("<ReportUri>", "<ModeBlock>true</ModeBlock><ReportUri>".to_owned()),
        ("default-src 'self'", "c".repeat(1784)),
        ("12.5", "12.34567".to_owned()),
        ("12.5", "101".to_owned()),
        ("<Header>X-A</Header>", "<Header>X A</Header>".to_owned()),
        ("<Header>Server</Header>", "<Header>Via</Header>".to_owned()),
    ] {
        let body = document("ResponseHeadersPolicyConfig", &EVERYTHING.replacen(given, &wrong, 1));
        outcomes.push(world.control("POST", RESPONSE_HEADERS_POLICIES).body(body).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter Name is required.
    400 InvalidArgument: The parameter AccessControlAllowOrigins contains a.* that is not allowed.
    400 MalformedXML: 1 validation error detected: Value null at 'responseHeadersPolicyConfig.corsConfig.accessControlAllowOrigins.items' failed to satisfy constraint: Member must not be null
    400 InconsistentQuantities: The value of Quantity and the size of Items don't match.
    400 MalformedXML: 1 validation error detected: Value '[TRACE, GET]' at 'responseHeadersPolicyConfig.corsConfig.accessControlAllowMethods.items' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy value set: [GET, POST, OPTIONS, PUT, DELETE, PATCH, HEAD, ALL]]
    400 InvalidArgument: The parameter ReportUri is invalid.
    400 TooLongCSPInResponseHeadersPolicy: The length of the Content-Security-Policy header value in the response headers policy exceeds the maximum. For more information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.
    400 InvalidArgument: The parameter SamplingRate is invalid.
    400 MalformedXML: 1 validation error detected: Value '101.0' at 'responseHeadersPolicyConfig.serverTimingHeadersConfig.samplingRate' failed to satisfy constraint: Member must have value less than or equal to 100
    400 InvalidArgument: The parameter Header is invalid.
    400 InvalidArgument: The parameter RemoveHeadersConfig contains Via that is not allowed.
    ");
}
