//! The response headers policies that every account has (AWS: Use managed response headers policies), in the order of
//! the guide.

use serde_json::{Map, Value, json};

/// A response headers policy of the service's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagedResponseHeadersPolicy {
    /// The same in every account.
    pub id: &'static str,
    name: &'static str,
    comment: &'static str,
    cors: Cors,
    /// Whether it adds the security headers.
    security: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cors {
    None,
    Simple,
    WithPreflight,
}

/// All of them.
pub const MANAGED: &[ManagedResponseHeadersPolicy] = &[
    ManagedResponseHeadersPolicy {
        id: "e61eb60c-9c35-4d20-a928-2b84e02af89c",
        name: "Managed-CORS-and-SecurityHeadersPolicy",
        comment: "Allows all origins for simple CORS requests and adds security headers",
        cors: Cors::Simple,
        security: true,
    },
    ManagedResponseHeadersPolicy {
        id: "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
        name: "Managed-CORS-With-Preflight",
        comment: "Allows all origins for CORS requests, including preflight requests",
        cors: Cors::WithPreflight,
        security: false,
    },
    ManagedResponseHeadersPolicy {
        id: "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
        name: "Managed-CORS-with-preflight-and-SecurityHeadersPolicy",
        comment: "Allows all origins for CORS requests, including preflight requests, and adds security headers",
        cors: Cors::WithPreflight,
        security: true,
    },
    ManagedResponseHeadersPolicy {
        id: "67f7725c-6f97-4210-82d7-5512b31e9d03",
        name: "Managed-SecurityHeadersPolicy",
        comment: "Adds a set of security headers to every response",
        cors: Cors::None,
        security: true,
    },
    ManagedResponseHeadersPolicy {
        id: "60669652-455b-4ae9-85a4-c4c02393f86c",
        name: "Managed-SimpleCORS",
        comment: "Allows all origins for simple CORS requests",
        cors: Cors::Simple,
        security: false,
    },
];

/// The methods of preflight requests, in the order of the guide.
const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// A year in seconds.
const YEAR: i64 = 31_536_000;

impl ManagedResponseHeadersPolicy {
    /// Its `ResponseHeadersPolicyConfig`, by the model's names.
    pub fn config(&self) -> Map<String, Value> {
        let cors = match self.cors {
            Cors::None => None,
            Cors::Simple => Some(cors(&[], &[])),
            Cors::WithPreflight => Some(cors(&METHODS, &["*"])),
        };
        let sections = [("CorsConfig", cors), ("SecurityHeadersConfig", self.security.then(security))];
        let described = [("Comment", json!(self.comment)), ("Name", json!(self.name))];
        let sections = sections.into_iter().filter_map(|(member, section)| Some((member, section?)));
        described.into_iter().chain(sections).map(|(member, value)| (member.to_owned(), value)).collect()
    }
}

/// Every origin, with the origin's own headers before these.
fn cors(methods: &[&str], exposed: &[&str]) -> Value {
    json!({
        "AccessControlAllowOrigins": listed(&["*"]),
        "AccessControlAllowHeaders": listed(&[]),
        "AccessControlAllowMethods": listed(methods),
        "AccessControlAllowCredentials": false,
        "AccessControlExposeHeaders": listed(exposed),
        "OriginOverride": false,
    })
}

/// A list, which has no items where it is empty.
fn listed(items: &[&str]) -> Value {
    match items {
        [] => json!({ "Quantity": 0 }),
        items => json!({ "Quantity": items.len(), "Items": items }),
    }
}

fn security() -> Value {
    json!({
        "XSSProtection": { "Override": false, "Protection": true, "ModeBlock": true },
        "FrameOptions": { "Override": false, "FrameOption": "SAMEORIGIN" },
        "ReferrerPolicy": { "Override": false, "ReferrerPolicy": "strict-origin-when-cross-origin" },
        "ContentTypeOptions": { "Override": true },
        "StrictTransportSecurity": {
            "Override": false,
            "IncludeSubdomains": false,
            "Preload": false,
            "AccessControlMaxAgeSec": YEAR,
        },
    })
}
