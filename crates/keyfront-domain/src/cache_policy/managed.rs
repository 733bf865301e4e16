//! The cache policies that every account has (AWS: Use managed cache policies), in the order of the guide.

use serde_json::{Map, Value, json};

/// A cache policy of the service's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagedCachePolicy {
    /// The same in every account.
    pub id: &'static str,
    name: &'static str,
    comment: &'static str,
    /// MinTTL, DefaultTTL and MaxTTL, in seconds.
    ttls: (i64, i64, i64),
    /// Gzip and Brotli.
    compression: (bool, bool),
    /// Headers in the cache key; none when there are none.
    headers: &'static [&'static str],
    /// `none` or `all`.
    cookies: &'static str,
    /// Query strings in the cache key.
    query_strings: QueryStrings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QueryStrings {
    None,
    All,
    These(&'static [&'static str]),
}

const YEAR: i64 = 31_536_000;
const DAY: i64 = 86_400;
const ORIGIN_CONTROLLED: &[&str] =
    &["x-method-override", "origin", "host", "x-http-method", "x-http-method-override"];
const AMPLIFIED: &[&str] = &["Authorization", "Accept", "CloudFront-Viewer-Country", "Host"];

/// All of them.
pub const MANAGED: &[ManagedCachePolicy] = &[
    ManagedCachePolicy {
        id: "2e54312d-136d-493c-8eb9-b001f22f67d2",
        name: "Managed-Amplify",
        comment: "Policy for Amplify Origin",
        ttls: (2, 2, 600),
        compression: (true, true),
        headers: &["Authorization", "CloudFront-Viewer-Country", "Host"],
        cookies: "all",
        query_strings: QueryStrings::All,
    },
    ManagedCachePolicy {
        id: "4d1d2f1d-3a71-49ad-9e08-7ea5d843a556",
        name: "Managed-Amplify-Default",
        comment: "Default Amplify cache policy",
        ttls: (0, 0, YEAR),
        compression: (true, true),
        headers: AMPLIFIED,
        cookies: "all",
        query_strings: QueryStrings::All,
    },
    ManagedCachePolicy {
        id: "a6bad946-36c3-4c33-aa98-362c74a7fb13",
        name: "Managed-Amplify-DefaultNoCookies",
        comment: "Default Amplify cache policy without cookies",
        ttls: (0, 0, YEAR),
        compression: (true, true),
        headers: AMPLIFIED,
        cookies: "none",
        query_strings: QueryStrings::All,
    },
    ManagedCachePolicy {
        id: "1c6db51a-a33f-469a-8245-dae26771f530",
        name: "Managed-Amplify-ImageOptimization",
        comment: "Amplify cache policy for image optimization",
        ttls: (0, 0, YEAR),
        compression: (true, true),
        headers: &["Authorization", "Accept", "Host"],
        cookies: "none",
        query_strings: QueryStrings::All,
    },
    ManagedCachePolicy {
        id: "7e5fad67-ee98-4ad0-b05a-394999eefc1a",
        name: "Managed-Amplify-StaticContent",
        comment: "Amplify cache policy for static content",
        ttls: (0, 0, YEAR),
        compression: (true, true),
        headers: &["Authorization", "Host"],
        cookies: "none",
        query_strings: QueryStrings::None,
    },
    ManagedCachePolicy {
        id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        name: "Managed-CachingDisabled",
        comment: "Policy with caching disabled",
        ttls: (0, 0, 0),
        compression: (false, false),
        headers: &[],
        cookies: "none",
        query_strings: QueryStrings::None,
    },
    ManagedCachePolicy {
        id: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        name: "Managed-CachingOptimized",
        comment: "Policy with caching enabled. Supports Gzip and Brotli compression.",
        ttls: (1, DAY, YEAR),
        compression: (true, true),
        headers: &[],
        cookies: "none",
        query_strings: QueryStrings::None,
    },
    ManagedCachePolicy {
        id: "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
        name: "Managed-CachingOptimizedForUncompressedObjects",
        comment: "Default policy when compression is disabled",
        ttls: (1, DAY, YEAR),
        compression: (false, false),
        headers: &[],
        cookies: "none",
        query_strings: QueryStrings::None,
    },
    ManagedCachePolicy {
        id: "08627262-05a9-4f76-9ded-b50ca2e3a84f",
        name: "Managed-Elemental-MediaPackage",
        comment: "Policy for Elemental MediaPackage Origin",
        ttls: (0, DAY, YEAR),
        compression: (true, false),
        headers: &["origin"],
        cookies: "none",
        query_strings: QueryStrings::These(&["aws.manifestfilter", "start", "end", "m"]),
    },
    ManagedCachePolicy {
        id: "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
        name: "UseOriginCacheControlHeaders",
        comment: "Policy for origins that return Cache-Control headers. Query strings are not included in the cache key.",
        ttls: (0, 0, YEAR),
        compression: (true, true),
        headers: ORIGIN_CONTROLLED,
        cookies: "all",
        query_strings: QueryStrings::None,
    },
    ManagedCachePolicy {
        id: "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
        name: "UseOriginCacheControlHeaders-QueryStrings",
        comment: "Policy for origins that return Cache-Control headers and serve different content based on values present in the query string.",
        ttls: (0, 0, YEAR),
        compression: (true, true),
        headers: ORIGIN_CONTROLLED,
        cookies: "all",
        query_strings: QueryStrings::All,
    },
];

impl ManagedCachePolicy {
    /// Its `CachePolicyConfig`, by the model's names.
    pub fn config(&self) -> Map<String, Value> {
        let list = |names: &[&str]| json!({ "Quantity": names.len(), "Items": names });
        let headers = match self.headers {
            [] => json!({ "HeaderBehavior": "none" }),
            headers => json!({ "HeaderBehavior": "whitelist", "Headers": list(headers) }),
        };
        let query_strings = match self.query_strings {
            QueryStrings::None => json!({ "QueryStringBehavior": "none" }),
            QueryStrings::All => json!({ "QueryStringBehavior": "all" }),
            QueryStrings::These(names) => {
                json!({ "QueryStringBehavior": "whitelist", "QueryStrings": list(names) })
            }
        };
        let (min, default, max) = self.ttls;
        let (gzip, brotli) = self.compression;
        Map::from_iter([
            ("Comment".to_owned(), json!(self.comment)),
            ("Name".to_owned(), json!(self.name)),
            ("DefaultTTL".to_owned(), json!(default)),
            ("MaxTTL".to_owned(), json!(max)),
            ("MinTTL".to_owned(), json!(min)),
            (
                "ParametersInCacheKeyAndForwardedToOrigin".to_owned(),
                json!({
                    "EnableAcceptEncodingGzip": gzip,
                    "EnableAcceptEncodingBrotli": brotli,
                    "HeadersConfig": headers,
                    "CookiesConfig": { "CookieBehavior": self.cookies },
                    "QueryStringsConfig": query_strings,
                }),
            ),
        ])
    }
}
