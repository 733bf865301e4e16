//! The origin request policies that every account has (AWS: Use managed origin request policies), in the order of the
//! guide.

use serde_json::{Map, Value, json};

/// An origin request policy of the service's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagedOriginRequestPolicy {
    /// The same in every account.
    pub id: &'static str,
    name: &'static str,
    comment: &'static str,
    header_behavior: &'static str,
    /// The headers that belong to the behavior; none where it takes none.
    headers: &'static [&'static str],
    /// `none` or `all`, for cookies.
    cookies: &'static str,
    /// `none` or `all`, for query strings.
    query_strings: &'static str,
}

/// What CloudFront told of a viewer in June 2022, which is what the name of the policy says.
const CLOUDFRONT_HEADERS: &[&str] = &[
    "CloudFront-Viewer-Time-Zone",
    "CloudFront-Viewer-Address",
    "CloudFront-Viewer-Country",
    "CloudFront-Is-IOS-Viewer",
    "CloudFront-Is-Tablet-Viewer",
    "CloudFront-Forwarded-Proto",
    "CloudFront-Viewer-Country-Name",
    "CloudFront-Is-Mobile-Viewer",
    "CloudFront-Is-SmartTV-Viewer",
    "CloudFront-Viewer-Country-Region",
    "CloudFront-Is-Android-Viewer",
    "CloudFront-Viewer-Country-Region-Name",
    "CloudFront-Viewer-City",
    "CloudFront-Viewer-Latitude",
    "CloudFront-Viewer-Longitude",
    "CloudFront-Viewer-Http-Version",
    "CloudFront-Viewer-Postal-Code",
    "CloudFront-Viewer-ASN",
    "CloudFront-Is-Desktop-Viewer",
    "CloudFront-Viewer-Metro-Code",
    "CloudFront-Viewer-TLS",
];

/// All of them.
pub const MANAGED: &[ManagedOriginRequestPolicy] = &[
    ManagedOriginRequestPolicy {
        id: "216adef6-5c7f-47e4-b989-5492eafa07d3",
        name: "Managed-AllViewer",
        comment: "Policy to forward all parameters in viewer requests",
        header_behavior: "allViewer",
        headers: &[],
        cookies: "all",
        query_strings: "all",
    },
    ManagedOriginRequestPolicy {
        id: "33f36d7e-f396-46d9-90e0-52428a34d9dc",
        name: "Managed-AllViewerAndCloudFrontHeaders-2022-06",
        comment: "Policy to forward all parameters in viewer requests and all CloudFront headers as of June 2022",
        header_behavior: "allViewerAndWhitelistCloudFront",
        headers: CLOUDFRONT_HEADERS,
        cookies: "all",
        query_strings: "all",
    },
    ManagedOriginRequestPolicy {
        id: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        name: "Managed-AllViewerExceptHostHeader",
        comment: "Policy to forward all parameters in viewer requests except for the Host header",
        header_behavior: "allExcept",
        headers: &["host"],
        cookies: "all",
        query_strings: "all",
    },
    ManagedOriginRequestPolicy {
        id: "59781a5b-3903-41f3-afcb-af62929ccde1",
        name: "Managed-CORS-CustomOrigin",
        comment: "Policy for custom origin with CORS",
        header_behavior: "whitelist",
        headers: &["origin"],
        cookies: "none",
        query_strings: "none",
    },
    ManagedOriginRequestPolicy {
        id: "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
        name: "Managed-CORS-S3Origin",
        comment: "Policy for S3 origin with CORS",
        header_behavior: "whitelist",
        headers: &["origin", "access-control-request-headers", "access-control-request-method"],
        cookies: "none",
        query_strings: "none",
    },
    ManagedOriginRequestPolicy {
        id: "775133bc-15f2-49f9-abea-afb2e0bf67d2",
        name: "Managed-Elemental-MediaTailor-PersonalizedManifests",
        comment: "Policy for Elemental MediaTailor Origin",
        header_behavior: "whitelist",
        headers: &[
            "origin",
            "access-control-request-headers",
            "x-forwarded-for",
            "access-control-request-method",
            "user-agent",
        ],
        cookies: "none",
        query_strings: "all",
    },
    ManagedOriginRequestPolicy {
        id: "bf0718e1-ba1e-49d1-88b1-f726733018ae",
        name: "Managed-HostHeaderOnly",
        comment: "Policy to forward only the Host header",
        header_behavior: "whitelist",
        headers: &["host"],
        cookies: "none",
        query_strings: "none",
    },
    ManagedOriginRequestPolicy {
        id: "acba4595-bd28-49b8-b9fe-13317c0390fa",
        name: "Managed-UserAgentRefererHeaders",
        comment: "Policy to forward user-agent and referer headers to origin",
        header_behavior: "whitelist",
        headers: &["referer", "user-agent"],
        cookies: "none",
        query_strings: "none",
    },
];

impl ManagedOriginRequestPolicy {
    /// Its `OriginRequestPolicyConfig`, by the model's names.
    pub fn config(&self) -> Map<String, Value> {
        let headers = match self.headers {
            [] => json!({ "HeaderBehavior": self.header_behavior }),
            headers => json!({
                "HeaderBehavior": self.header_behavior,
                "Headers": { "Quantity": headers.len(), "Items": headers },
            }),
        };
        Map::from_iter([
            ("Comment".to_owned(), json!(self.comment)),
            ("Name".to_owned(), json!(self.name)),
            ("HeadersConfig".to_owned(), headers),
            ("CookiesConfig".to_owned(), json!({ "CookieBehavior": self.cookies })),
            ("QueryStringsConfig".to_owned(), json!({ "QueryStringBehavior": self.query_strings })),
        ])
    }
}
