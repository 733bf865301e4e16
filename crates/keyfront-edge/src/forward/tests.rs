//! Tests of the requests that origins get.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use keyfront_domain::cache_policy::{CachePolicyConfig, MANAGED};
use keyfront_domain::distribution::ForwardedValues;
use keyfront_domain::forwarding::{CloudFrontHeader, ForwardingRules, Names, Selection};
use keyfront_domain::origin_request_policy::{self, OriginRequestPolicyConfig};
use serde_json::{Value, json};

use super::{
    Audience, ForwardPlan, MAX_PASSES, Marks, is_loop, selected_cookies, selected_query, set_viewer_headers,
};
use crate::message::{RequestHead, Viewer, ViewerTls};
use crate::origin::OriginRequest;

const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const AMPLIFY: &str = "2e54312d-136d-493c-8eb9-b001f22f67d2";
const ALL_VIEWER: &str = "216adef6-5c7f-47e4-b989-5492eafa07d3";
const EXCEPT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

fn policies(cache: &str, origin_request: Option<&str>) -> ForwardingRules {
    let cache = MANAGED.iter().find(|policy| policy.id == cache).unwrap().config();
    let cache: CachePolicyConfig = serde_json::from_value(cache.into()).unwrap();
    let origin_request = origin_request.map(|id| {
        let managed = origin_request_policy::MANAGED.iter().find(|policy| policy.id == id).unwrap();
        serde_json::from_value::<OriginRequestPolicyConfig>(managed.config().into()).unwrap()
    });
    ForwardingRules::of_policies(&cache, origin_request.as_ref())
}

/// `CachingDisabled` with an origin request policy of headers alone.
pub(super) fn headers(config: &Value) -> ForwardingRules {
    let cache = MANAGED.iter().find(|policy| policy.id == CACHING_DISABLED).unwrap().config();
    let cache: CachePolicyConfig = serde_json::from_value(cache.into()).unwrap();
    let policy = json!({
        "Name": "headers",
        "HeadersConfig": config,
        "CookiesConfig": { "CookieBehavior": "none" },
        "QueryStringsConfig": { "QueryStringBehavior": "none" },
    });
    let policy: OriginRequestPolicyConfig = serde_json::from_value(policy).unwrap();
    ForwardingRules::of_policies(&cache, Some(&policy))
}

fn legacy(values: Value) -> ForwardingRules {
    let values: ForwardedValues = serde_json::from_value(values).unwrap();
    ForwardingRules::of_forwarded_values(&values, (0, 86_400, 31_536_000))
}

pub(super) fn viewer() -> Viewer {
    Viewer {
        address: "192.0.2.2:1234".parse().unwrap(),
        secure: true,
        version: Version::HTTP_11,
        country: "DE".to_owned(),
        tls: Some(ViewerTls { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256" }),
        mtls: None,
    }
}

fn map(headers: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    let mut map = HeaderMap::new();
    for (name, value) in headers.iter().map(pair) {
        map.append(name, value);
    }
    map
}

pub(super) fn head(method: Method, headers: &[(&str, &str)]) -> RequestHead {
    RequestHead {
        method,
        host: "www.example.com".to_owned(),
        path: "/a%2Fb".to_owned(),
        query: Some("q=1&r=2".to_owned()),
        headers: map(headers),
    }
}

fn ask(rules: &ForwardingRules, head: &RequestHead, audience: Audience) -> OriginRequest {
    request(rules, head, &viewer(), audience)
}

pub(super) fn request(
    rules: &ForwardingRules,
    head: &RequestHead,
    viewer: &Viewer,
    audience: Audience,
) -> OriginRequest {
    let via = HeaderValue::from_static("1.1 edge (CloudFront)");
    let request_id = HeaderValue::from_static("id==");
    ForwardPlan::new(rules).origin_request(
        head,
        viewer,
        audience,
        Marks { via: &via, request_id: &request_id },
    )
}

/// The headers that an origin gets, sorted, without those that it always gets in the same form.
fn forwarded(rules: &ForwardingRules, method: Method, sent: &[(&str, &str)], audience: Audience) -> String {
    let asked = ask(rules, &head(method, sent), audience);
    let own = ["x-forwarded-for", "via", "cdn-loop", "x-amz-cf-id"];
    let others = asked.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let mut lines: Vec<_> =
        others.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    lines.sort();
    lines.join(", ")
}

/// Each row of AWS: Request and response behavior for custom origins, "HTTP request headers and CloudFront behavior",
/// where the header is not selected: with `ForwardedValues`, with policies for the cache, and for the viewer alone.
#[test]
fn a_header_that_is_not_selected_is_forwarded_by_aws_table() {
    const YES: bool = true;
    const NO: bool = false;
    let old = legacy(json!({}));
    let new = policies(CACHING_OPTIMIZED, None);
    for (name, by_legacy, by_policies, alone) in [
        ("x-other-defined", YES, NO, NO),
        ("accept", NO, NO, NO),
        ("accept-charset", NO, NO, NO),
        ("accept-language", NO, NO, NO),
        ("authorization", NO, NO, NO),
        ("cache-control", YES, NO, YES),
        ("cloudfront-forwarded-proto", NO, NO, NO),
        ("cloudfront-is-mobile-viewer", NO, NO, NO),
        ("connection", NO, NO, NO),
        ("content-length", NO, NO, NO),
        ("content-md5", YES, NO, YES),
        ("content-type", YES, NO, YES),
        ("cookie", NO, NO, NO),
        ("date", YES, NO, YES),
        ("expect", NO, NO, NO),
        ("from", YES, NO, YES),
        ("if-match", NO, NO, YES),
        ("if-modified-since", NO, NO, YES),
        ("if-none-match", NO, NO, YES),
        ("if-range", NO, NO, YES),
        ("if-unmodified-since", NO, NO, YES),
        ("keep-alive", NO, NO, NO),
        ("max-forwards", YES, NO, YES),
        ("origin", YES, NO, YES),
        ("pragma", YES, NO, YES),
        ("proxy-authenticate", NO, NO, NO),
        ("proxy-authorization", NO, NO, NO),
        ("proxy-connection", NO, NO, NO),
        ("range", NO, NO, YES),
        ("referer", NO, NO, NO),
        ("request-range", NO, NO, YES),
        ("te", NO, NO, NO),
        ("trailer", NO, NO, NO),
        ("transfer-encoding", NO, NO, NO),
        ("upgrade", NO, NO, NO),
        ("warning", YES, NO, YES),
        ("x-edge-location", NO, NO, NO),
        ("x-forwarded-proto", NO, NO, NO),
        ("x-http-method-override", NO, NO, NO),
        ("x-real-ip", NO, NO, NO),
        ("x_forwarded_for", NO, NO, NO),
        ("content_length", NO, NO, NO),
    ] {
        let agent = "user-agent: Amazon CloudFront";
        let expected = |passes: bool| {
            let mut lines = vec![agent.to_owned()];
            lines.extend(passes.then(|| format!("{name}: a=1")));
            lines.sort();
            lines.join(", ")
        };
        let sent = [(name, "a=1")];
        for (rules, audience, passes) in [
            (&old, Audience::Everyone, by_legacy),
            (&old, Audience::Viewer, by_legacy || alone),
            (&new, Audience::Everyone, by_policies),
            (&new, Audience::Viewer, alone),
        ] {
            assert_eq!(
                forwarded(rules, Method::GET, &sent, audience),
                expected(passes),
                "{name} {audience:?}"
            );
        }
    }
}

/// What never reaches an origin does not either where a policy forwards all.
#[test]
fn all_viewer_headers_are_all_but_those_of_the_connection() {
    let rules = policies(CACHING_DISABLED, Some(ALL_VIEWER));
    let sent = [
        ("host", "www.example.com:8443"),
        ("user-agent", "curl/8.5.0"),
        ("accept", "*/*"),
        ("accept-encoding", "zstd, gzip"),
        ("accept-language", "de"),
        ("authorization", "Bearer x"),
        ("cookie", "b=2; a=1"),
        ("referer", "https://example.com/"),
        ("if-none-match", "\"x\""),
        ("range", "bytes=0-1"),
        ("x-custom", "1"),
        ("x-custom", "2"),
        ("x-secret", "3"),
        ("connection", "close, X-Secret, Authorization"),
        ("te", "trailers"),
        ("expect", "100-continue"),
        ("transfer-encoding", "chunked"),
        ("content-length", "5"),
        ("upgrade", "h2c"),
        ("http2-settings", "AAMAAABkAAQAAP__"),
        ("proxy-authorization", "Basic x"),
        ("x-real-ip", "192.0.2.9"),
        ("x-forwarded-proto", "https"),
        ("x-edge-location", "x"),
        ("x-amz-cf-id", "spoofed"),
        ("x-amz-cf-pop", "spoofed"),
        ("transfer_encoding", "chunked"),
    ];
    let kept = "accept-encoding: zstd, gzip, accept-language: de, accept: */*, authorization: Bearer x, cookie: a=1; b=2, \
                host: www.example.com:8443, if-none-match: \"x\", range: bytes=0-1, referer: https://example.com/, \
                user-agent: curl/8.5.0, x-custom: 1, x-custom: 2";
    assert_eq!(forwarded(&rules, Method::GET, &sent, Audience::Viewer), kept);
    let shared = forwarded(&rules, Method::GET, &sent, Audience::Everyone);
    assert_eq!(shared, kept.replace("if-none-match: \"x\", range: bytes=0-1, ", ""));
    let rules = policies(CACHING_DISABLED, Some(EXCEPT_HOST));
    let without = forwarded(&rules, Method::GET, &sent, Audience::Viewer);
    assert_eq!(without, kept.replace("host: www.example.com:8443, ", ""));
}

#[test]
fn a_block_list_holds_against_defaults() {
    let blocked = ["If-None-Match", "Authorization", "Content-Type", "User-Agent", "X-Custom"];
    let rules = headers(&json!({
        "HeaderBehavior": "allExcept",
        "Headers": { "Quantity": blocked.len(), "Items": blocked },
    }));
    let sent = blocked.map(|name| (name, "1"));
    let told = forwarded(&rules, Method::POST, &sent, Audience::Viewer);
    assert_eq!(told, "host: www.example.com, user-agent: Amazon CloudFront");
}

/// AWS: the row `Authorization` of the same table, and "Configure CloudFront to forward the Authorization header".
#[test]
fn authorization_is_forwarded_by_method() {
    let key = policies(AMPLIFY, None);
    let old = legacy(json!({}));
    let new = policies(CACHING_DISABLED, None);
    for (rules, method, audience, passes) in [
        (&old, Method::GET, Audience::Viewer, false),
        (&old, Method::HEAD, Audience::Everyone, false),
        (&new, Method::GET, Audience::Viewer, false),
        (&new, Method::OPTIONS, Audience::Viewer, true),
        (&new, Method::OPTIONS, Audience::Everyone, false),
        (&new, Method::POST, Audience::Viewer, true),
        (&old, Method::DELETE, Audience::Viewer, true),
        (&new, Method::PUT, Audience::Viewer, true),
        (&new, Method::PATCH, Audience::Viewer, true),
        (&key, Method::GET, Audience::Everyone, true),
    ] {
        let told = forwarded(rules, method.clone(), &[("authorization", "x")], audience);
        assert_eq!(told.contains("authorization: x"), passes, "{method} {audience:?}");
    }
}

/// AWS: Understand cache policies, "Compression support"; for `ForwardedValues` the row `Accept-Encoding`.
#[test]
fn accept_encoding_reaches_the_origin_in_its_one_form() {
    let both = policies(CACHING_OPTIMIZED, None);
    let none = policies(CACHING_DISABLED, None);
    let raw = policies(CACHING_DISABLED, Some(ALL_VIEWER));
    let old = legacy(json!({}));
    let listed = legacy(json!({ "Headers": { "Quantity": 1, "Items": ["Accept-Encoding"] } }));
    for (rules, sent, asked) in [
        (&both, Some("gzip, deflate, br"), Some("br,gzip")),
        (&both, Some("deflate"), Some("identity")),
        (&both, None, None),
        (&none, Some("gzip"), None),
        (&raw, Some("deflate, gzip"), Some("deflate, gzip")),
        (&old, Some("gzip, br"), Some("gzip")),
        (&old, Some("deflate"), None),
        (&listed, Some("deflate"), Some("deflate")),
    ] {
        let sent: Vec<_> = sent.map(|value| ("accept-encoding", value)).into_iter().collect();
        let asked_of = ask(rules, &head(Method::GET, &sent), Audience::Everyone);
        let told = asked_of.headers.get("accept-encoding").map(|value| value.to_str().unwrap());
        assert_eq!(told, asked, "{sent:?}");
    }
}

/// AWS: "Client IP addresses", with its example; RFC 9110, 7.6.3; RFC 8586.
#[test]
fn every_request_says_where_it_came_from() {
    let rules = policies(CACHING_OPTIMIZED, None);
    for (sent, expected) in [
        (&[][..], ["192.0.2.2", "1.1 edge (CloudFront)", "keyfront"]),
        (
            &[("x-forwarded-for", "192.0.2.4,192.0.2.3"), ("via", "1.0 fred"), ("cdn-loop", "other; v=1")],
            ["192.0.2.4,192.0.2.3,192.0.2.2", "1.0 fred, 1.1 edge (CloudFront)", "other; v=1, keyfront"],
        ),
        (
            &[
                ("x-forwarded-for", "192.0.2.4"),
                ("x-forwarded-for", ""),
                ("x-forwarded-for", "192.0.2.3"),
                ("connection", "via, x-forwarded-for"),
            ],
            ["192.0.2.4,192.0.2.3,192.0.2.2", "1.1 edge (CloudFront)", "keyfront"],
        ),
    ] {
        let asked = ask(&rules, &head(Method::GET, sent), Audience::Everyone);
        for (name, value) in ["x-forwarded-for", "via", "cdn-loop"].into_iter().zip(expected) {
            let values: Vec<_> = asked.headers.get_all(name).iter().collect();
            assert_eq!(values, [value], "{name}");
        }
        assert_eq!(asked.headers["x-amz-cf-id"], "id==");
    }
}

#[test]
fn path_and_query_are_those_of_the_request() {
    for (rules, query) in [
        (policies(CACHING_OPTIMIZED, None), None),
        (policies(CACHING_DISABLED, Some(ALL_VIEWER)), Some("q=1&r=2")),
        (
            legacy(json!({ "QueryString": true, "QueryStringCacheKeys": { "Quantity": 1, "Items": ["r"] } })),
            Some("q=1&r=2"),
        ),
    ] {
        let asked = ask(&rules, &head(Method::POST, &[]), Audience::Viewer);
        assert_eq!(
            (asked.path.as_str(), asked.query.as_deref(), asked.method),
            ("/a%2Fb", query, Method::POST)
        );
        assert!(asked.secure && asked.body.is_none());
    }
}

/// AWS: Cache content based on query string parameters; the examples with `;` are its own.
#[test]
fn query_strings_are_selected_by_name() {
    let only = |names: &[&str]| Selection::Only(Names::of(names.iter().copied()));
    let except = |names: &[&str]| Selection::Except(Names::of(names.iter().copied()));
    for (selection, query, selected) in [
        (Selection::None, Some("a=1"), None),
        (Selection::All, Some("a=1&&b"), Some("a=1&&b")),
        (Selection::All, Some(""), Some("")),
        (Selection::All, None, None),
        (only(&["color"]), Some("color=red;size=large"), Some("color=red;size=large")), // AWS
        (only(&["color"]), Some("size=large;color=red"), None),                         // AWS
        (only(&["color"]), Some("Color=red&color=Red"), Some("color=Red")),
        (only(&["b", "a"]), Some("c&b=1&a&b=2"), Some("b=1&a&b=2")),
        (only(&["a"]), Some("%61=1&a%3D=2"), Some("%61=1")),
        (only(&["a"]), Some(""), None),
        (except(&["a"]), Some("a=1&b=2&&%61=3&A"), Some("b=2&A")),
        (except(&["a"]), Some("a"), None),
        (except(&["a"]), None, None),
    ] {
        assert_eq!(selected_query(query, &selection).as_deref(), selected, "{selection:?} {query:?}");
    }
}

/// AWS: Cache content based on cookies.
#[test]
fn cookies_are_selected_by_name_and_sorted() {
    let only = |names: &[&str]| Selection::Only(Names::of(names.iter().copied()));
    for (selection, lines, selected) in [
        (Selection::None, &["a=1"][..], ""),
        (Selection::All, &["b=2; a=1", "c=3;a=0"], "a=1; a=0; b=2; c=3"),
        (Selection::All, &["plain; =x; $Version=1; a=; b==; c=1=2"], "a=; b==; c=1=2"),
        (Selection::All, &[" ; ;"], ""),
        (only(&["a", "B"]), &["b=1; B=2; a=3; ab=4"], "B=2; a=3"),
        (Selection::Except(Names::of(["a"])), &["b=1; B=2; a=3"], "B=2; b=1"),
    ] {
        let headers: Vec<_> = lines.iter().map(|line| ("cookie", *line)).collect();
        let cookies = selected_cookies(&map(&headers), &selection).join(&b"; "[..]);
        assert_eq!(String::from_utf8(cookies).unwrap(), selected, "{lines:?}");
    }
}

#[test]
fn viewers_cannot_speak_for_cloudfront() {
    let sent = [
        ("host", "www.example.com"),
        ("user-agent", "curl/8.5.0"),
        ("x-a", "1"),
        ("cloudfront-viewer-country", "XX"),
        ("cloudfront-viewer-city", "Nowhere"),
        ("cloudfront_viewer_country", "XX"),
        ("x-a", "2"),
    ];
    let named = [
        CloudFrontHeader::ViewerCountry,
        CloudFrontHeader::ViewerHeaderCount,
        CloudFrontHeader::ViewerHeaderOrder,
        CloudFrontHeader::ViewerTls,
        CloudFrontHeader::ViewerAsn,
        CloudFrontHeader::ViewerHttpVersion,
        CloudFrontHeader::IsDesktopViewer,
    ];
    let mut told = head(Method::GET, &sent);
    set_viewer_headers(&mut told, &viewer(), &named);
    let expected = map(&[
        ("host", "www.example.com"),
        ("user-agent", "curl/8.5.0"),
        ("x-a", "1"),
        ("x-a", "2"),
        ("cloudfront-viewer-country", "DE"),
        ("cloudfront-viewer-header-count", "7"),
        (
            "cloudfront-viewer-header-order",
            "Host:User-Agent:X-A:X-A:Cloudfront-Viewer-Country:Cloudfront-Viewer-City:Cloudfront_viewer_country",
        ),
        ("cloudfront-viewer-tls", "TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake"),
        ("cloudfront-viewer-http-version", "1.1"),
        ("cloudfront-is-desktop-viewer", "true"),
    ]);
    assert_eq!(told.headers, expected);

    let mut quiet = head(Method::GET, &sent);
    let unknown = Viewer { country: String::new(), version: Version::HTTP_2, tls: None, ..viewer() };
    set_viewer_headers(&mut quiet, &unknown, &[]);
    assert_eq!(quiet.headers, map(&[sent[0], sent[1], sent[2], sent[6]]));
    set_viewer_headers(&mut quiet, &unknown, &named);
    assert_eq!(quiet.headers["cloudfront-viewer-header-order"], "host:user-agent:x-a:x-a");
    assert_eq!(quiet.headers["cloudfront-viewer-http-version"], "2.0");
    assert!(!quiet.headers.contains_key("cloudfront-viewer-country"));
}

/// A country that a policy names reaches the origin, whatever `Connection` says; one that none names does not.
#[test]
fn cloudfront_headers_are_forwarded_where_they_are_named() {
    let rules = policies(AMPLIFY, None);
    let mut told = head(Method::GET, &[("connection", "cloudfront-viewer-country")]);
    set_viewer_headers(&mut told, &viewer(), &rules.cloudfront_headers);
    assert_eq!(ask(&rules, &told, Audience::Everyone).headers["cloudfront-viewer-country"], "DE");
    let rules = policies(CACHING_OPTIMIZED, None);
    assert!(!ask(&rules, &told, Audience::Viewer).headers.contains_key("cloudfront-viewer-country"));
}

#[test]
fn a_request_may_come_back_a_few_times() {
    let times = |count: usize| map(&[("cdn-loop", &vec!["keyfront; v=1"; count].join(" , "))]);
    assert!(!is_loop(&HeaderMap::new()));
    assert!(!is_loop(&times(MAX_PASSES)));
    assert!(is_loop(&times(MAX_PASSES + 1)));
    let mut lines = times(MAX_PASSES);
    lines.append("cdn-loop", HeaderValue::from_static("other, KEYFRONT"));
    assert!(is_loop(&lines));
    let others = vec!["keyfronts"; 20].join(",");
    assert!(!is_loop(&map(&[("cdn-loop", others.as_str())])));
}
