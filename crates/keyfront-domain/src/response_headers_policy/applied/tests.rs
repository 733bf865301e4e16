//! Tests of response headers policies as they are applied.

use serde_json::{Value, json};

use super::super::MANAGED;
use super::*;

fn policy(config: Value) -> AppliedPolicy {
    let Value::Object(mut config) = config else { panic!("an object is needed") };
    config.insert("Name".to_owned(), json!("p"));
    AppliedPolicy::new(&serde_json::from_value(Value::Object(config)).unwrap())
}

fn managed(id: &str) -> AppliedPolicy {
    let managed = MANAGED.iter().find(|managed| managed.id.starts_with(id)).unwrap();
    AppliedPolicy::new(&serde_json::from_value(Value::Object(managed.config())).unwrap())
}

fn listed(items: &[&str]) -> Value {
    json!({ "Quantity": items.len(), "Items": items })
}

fn cors(origins: &[&str], credentials: bool, overrides: bool) -> AppliedCors {
    let config = json!({ "CorsConfig": {
        "AccessControlAllowOrigins": listed(origins),
        "AccessControlAllowHeaders": listed(&["X-A", "x-amz-*"]),
        "AccessControlAllowMethods": listed(&["ALL"]),
        "AccessControlAllowCredentials": credentials,
        "AccessControlExposeHeaders": listed(&["X-B", "X-C"]),
        "AccessControlMaxAgeSec": 600,
        "OriginOverride": overrides,
    } });
    policy(config).cors.unwrap()
}

/// Edits as lines.
fn lines(edits: Vec<Edit<'_>>) -> Vec<String> {
    let line = |edit| match edit {
        Edit::Remove(name) => format!("-{name}"),
        Edit::Set(name, value) => format!("{name}: {value}"),
        Edit::Vary(name) => format!("vary {name}"),
    };
    edits.into_iter().map(line).collect()
}

fn from(origin: &str) -> CorsRequest<'_> {
    CorsRequest { origin: Some(origin), ..CorsRequest::default() }
}

#[test]
fn origins_match_with_wildcards() {
    // AWS: Understand response headers policies, "Access-Control-Allow-Origin". The guide's text does not show whether
    // the last of example.org is among the matches; *.example.org shows that a missing port is any.
    for (item, origin, expected) in [
        ("http://*.example.org", "http://www.example.org", true),
        ("http://*.example.org", "http://test.example.org", true),
        ("http://*.example.org", "https://test.example.org", false),
        ("http://*.example.org", "https://test.example.org:123", false),
        ("http://*.example.org", "http://test.example.org:123", false),
        ("*.example.org", "test.example.org", true),
        ("*.example.org", "test.test.example.org", true),
        ("*.example.org", ".example.org", true),
        ("*.example.org", "http://test.example.org", true),
        ("*.example.org", "https://test.example.org", true),
        ("*.example.org", "http://test.example.org:123", true),
        ("*.example.org", "https://test.example.org:123", true),
        ("*.example.org", "example.org", false),
        ("*.example.org", "http://example.org", false),
        ("example.org", "http://example.org", true),
        ("example.org", "https://example.org", true),
        ("example.org", "http://example.org:123", true),
        ("example.org", "http://www.example.org", false),
        ("http://example.org:*", "http://example.org:123", true),
        ("http://example.org:*", "http://example.org", true),
        ("http://example.org:*", "https://example.org:123", false),
        ("http://example.org:1*3", "http://example.org:123", true),
        ("http://example.org:1*3", "http://example.org:1893", true),
        ("http://example.org:1*3", "http://example.org:13", true),
        ("http://example.org:1*3", "http://example.org:1", false),
        ("*.example.org:1*", "http://test.example.org:123", true),
        ("*.example.org:1*", "http://test.example.org:223", false),
        ("https://Example.org", "https://example.ORG", true),
        ("http://[::1]", "http://[::1]", true),
        ("http://[::1]", "http://[::1]:80", false),
        ("*", "null", true),
        ("example.org", "null", false),
    ] {
        assert_eq!(AllowedOrigin::new(item).allows(origin), expected, "{item} for {origin}");
    }
}

#[test]
fn an_allowed_origin_is_named_unless_all_are_allowed() {
    let named = cors(&["https://a.example", "*.b.example"], true, true);
    assert_eq!(
        lines(named.edits(&from("https://x.b.example"), false)),
        [
            "access-control-allow-origin: https://x.b.example",
            "vary Origin",
            "access-control-allow-credentials: true",
            "access-control-expose-headers: X-B, X-C",
        ]
    );
    let any = cors(&["*"], false, false);
    assert_eq!(
        lines(any.edits(&from("https://a.example"), false)),
        ["access-control-allow-origin: *", "access-control-expose-headers: X-B, X-C"]
    );
    let with_credentials = cors(&["*"], true, false);
    assert_eq!(
        lines(with_credentials.edits(&from("https://a.example"), false))[0],
        "access-control-allow-origin: https://a.example"
    );
}

#[test]
fn preflight_requests_get_methods_headers_and_age() {
    let cors = cors(&["*"], false, false);
    let preflight = CorsRequest {
        origin: Some("https://a.example"),
        options: true,
        requested_method: Some("PUT"),
        requested_headers: Some("authorization, X-Amz-Date,x-a,other"),
    };
    assert_eq!(
        lines(cors.edits(&preflight, false)),
        [
            "access-control-allow-origin: *",
            "access-control-allow-methods: GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT",
            "access-control-allow-headers: x-a, x-amz-date",
            "access-control-max-age: 600",
            "access-control-expose-headers: X-B, X-C",
        ]
    );
    let not_a_preflight = CorsRequest { requested_method: None, ..preflight };
    assert!(!lines(cors.edits(&not_a_preflight, false)).join(" ").contains("allow-methods"));
}

#[test]
fn the_wildcard_allows_headers_as_it_is_unless_there_are_credentials() {
    let allowed = |headers: &[&str], credentials: bool| {
        let config = json!({ "CorsConfig": {
            "AccessControlAllowOrigins": listed(&["*"]),
            "AccessControlAllowHeaders": listed(headers),
            "AccessControlAllowMethods": listed(&["GET"]),
            "AccessControlAllowCredentials": credentials,
        } });
        let request = CorsRequest {
            origin: Some("https://a.example"),
            options: true,
            requested_method: Some("GET"),
            requested_headers: Some("x-amz-,x--amz,authorization"),
        };
        let policy = policy(config);
        let lines = lines(policy.cors.as_ref().unwrap().edits(&request, false));
        lines.iter().find_map(|line| Some(line.strip_prefix("access-control-allow-headers: ")?.to_owned()))
    };
    for (headers, credentials, expected) in [
        (&["*"][..], false, Some("*")),
        (&["*"], true, Some("x-amz-, x--amz")),
        (&["*", "Authorization"], false, Some("authorization, x-amz-, x--amz")),
        // AWS: Understand response headers policies, "Access-Control-Allow-Headers".
        (&["x-amz-*"], false, Some("x-amz-")),
        (&["x-*-amz"], false, Some("x--amz")),
        (&["x-b-*"], false, None),
        (&[], false, None),
    ] {
        assert_eq!(allowed(headers, credentials).as_deref(), expected, "{headers:?} {credentials}");
    }
}

#[test]
fn the_origin_server_decides_unless_the_policy_overrides() {
    let request = from("https://a.example");
    assert_eq!(lines(cors(&["*"], false, false).edits(&request, true)), Vec::<String>::new());
    assert_eq!(
        lines(cors(&["*"], false, true).edits(&request, true)),
        [
            "access-control-allow-origin: *",
            "-access-control-allow-credentials",
            "access-control-expose-headers: X-B, X-C",
        ]
    );
    let refused = cors(&["https://b.example"], false, true);
    assert_eq!(
        lines(refused.edits(&request, true)),
        ["vary Origin", "-access-control-allow-origin", "-access-control-allow-credentials"]
    );
    assert_eq!(lines(refused.edits(&CorsRequest::default(), true)), ["vary Origin"]);
}

#[test]
fn managed_policies_add_what_the_guide_lists() {
    // AWS: Use managed response headers policies.
    let security = managed("67f7725c");
    let shown: Vec<_> = security
        .added
        .iter()
        .map(|it| (it.name.as_str(), it.value.as_str(), it.overrides, it.secure))
        .collect();
    assert_eq!(
        shown,
        [
            ("Referrer-Policy", "strict-origin-when-cross-origin", false, false),
            ("Strict-Transport-Security", "max-age=31536000", false, true),
            ("X-Content-Type-Options", "nosniff", true, false),
            ("X-Frame-Options", "SAMEORIGIN", false, false),
            ("X-XSS-Protection", "1; mode=block", false, false),
        ]
    );
    assert_eq!(security.cors, None);
    let simple = managed("60669652");
    let preflight = CorsRequest { options: true, requested_method: Some("GET"), ..from("https://a.example") };
    assert_eq!(lines(simple.cors.unwrap().edits(&preflight, false)), ["access-control-allow-origin: *"]);
    assert_eq!(
        lines(managed("5cc3b908").cors.unwrap().edits(&preflight, false)),
        [
            "access-control-allow-origin: *",
            "access-control-allow-methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
            "access-control-expose-headers: *",
        ]
    );
}

#[test]
fn security_headers_have_their_values() {
    let value = |section: Value| {
        let [header] = policy(json!({ "SecurityHeadersConfig": section })).added.try_into().unwrap();
        (header.name, header.value, header.overrides)
    };
    for (section, name, expected) in [
        (json!({ "XSSProtection": { "Protection": false, "Override": true } }), "X-XSS-Protection", "0"),
        (json!({ "XSSProtection": { "Protection": true, "Override": true } }), "X-XSS-Protection", "1"),
        (
            json!({ "XSSProtection": { "Protection": true, "ReportUri": "https://r.example", "Override": true } }),
            "X-XSS-Protection",
            "1; report=https://r.example",
        ),
        (
            json!({ "StrictTransportSecurity": { "AccessControlMaxAgeSec": 60, "IncludeSubdomains": true,
                "Preload": true, "Override": true } }),
            "Strict-Transport-Security",
            "max-age=60; includeSubDomains; preload",
        ),
        (
            json!({ "ContentSecurityPolicy": { "ContentSecurityPolicy": "default-src 'self'", "Override": true } }),
            "Content-Security-Policy",
            "default-src 'self'",
        ),
        (json!({ "FrameOptions": { "FrameOption": "DENY", "Override": true } }), "X-Frame-Options", "DENY"),
    ] {
        assert_eq!(value(section), (name.to_owned(), expected.to_owned(), true));
    }
}

#[test]
fn custom_headers_are_added_and_others_removed() {
    let policy = policy(json!({
        "CustomHeadersConfig": { "Quantity": 2, "Items": [
            { "Header": "X-A", "Value": "", "Override": true },
            { "Header": "Cache-Control", "Value": "no-store", "Override": false },
        ] },
        "RemoveHeadersConfig": { "Quantity": 1, "Items": [{ "Header": "X-Powered-By" }] },
    }));
    let shown: Vec<_> =
        policy.added.iter().map(|it| (it.name.as_str(), it.value.as_str(), it.overrides)).collect();
    assert_eq!(shown, [("X-A", "", true), ("Cache-Control", "no-store", false)]);
    assert_eq!(policy.removed, ["X-Powered-By"]);
}

#[test]
fn the_sampling_rate_decides_unless_the_viewer_asks() {
    let timing = |enabled: bool, rate: Value| {
        policy(json!({ "ServerTimingHeadersConfig": { "Enabled": enabled, "SamplingRate": rate } }))
    };
    for (policy, pragma, draw, expected) in [
        (timing(true, json!(100)), None, 99.999, true),
        (timing(true, json!(50)), None, 49.9, true),
        (timing(true, json!(50)), None, 50.0, false),
        (timing(true, json!(0)), None, 0.0, false),
        (timing(true, json!(null)), None, 0.0, false),
        (timing(true, json!(0)), Some("Server-Timing"), 50.0, true),
        (timing(true, json!(0)), Some("no-cache, server-timing"), 50.0, true),
        (timing(true, json!(0)), Some("no-cache"), 50.0, false),
        (timing(false, json!(100)), Some("server-timing"), 0.0, false),
        (policy(json!({})), Some("server-timing"), 0.0, false),
    ] {
        assert_eq!(policy.times(pragma, draw), expected, "{:?} {pragma:?} {draw}", policy.server_timing_rate);
    }
}

#[test]
fn server_timing_tells_how_the_response_came() {
    // AWS: Understand response headers policies, "Server-Timing header examples"; the hit is an edge's.
    let id = "yNPsyYn7skvTzwWkq3Wcc8Nj_foxUjQUe9H1ifslzWhb0w7aLbFvGg==";
    let miss = ServerTiming {
        cache: CacheUse::Miss,
        upstream: Some(Upstream { dns_ms: 0, connect_ms: 114, first_byte_ms: 177 }),
        location: "PHX50-C2",
        request_id: id,
        first_byte_ms: 436,
    };
    let before = r#"cdn-upstream-layer;desc="EDGE",cdn-upstream-dns;dur=0,cdn-upstream-connect;dur=114,cdn-upstream-fbl;dur=177,"#;
    let after =
        format!(r#"cdn-cache-miss,cdn-pop;desc="PHX50-C2",cdn-rid;desc="{id}",cdn-downstream-fbl;dur=436"#);
    assert_eq!(miss.value(None), format!("{before}{after}"));
    assert_eq!(miss.value(Some("db;dur=5")), format!("{before}db;dur=5,{after}"));
    let hit = ServerTiming { cache: CacheUse::Hit, upstream: None, first_byte_ms: 137, ..miss };
    assert_eq!(
        hit.value(Some("db;dur=5")),
        format!(
            r#"cdn-cache-hit,cdn-pop;desc="PHX50-C2",cdn-rid;desc="{id}",cdn-hit-layer;desc="EDGE",cdn-downstream-fbl;dur=137"#
        )
    );
    let refreshed = ServerTiming { cache: CacheUse::Refresh, ..miss };
    assert!(refreshed.value(None).starts_with("cdn-upstream-dns;dur=0,"));
    assert!(refreshed.value(None).contains(",cdn-cache-refresh,"));
}
