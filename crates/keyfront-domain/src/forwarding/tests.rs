//! Tests of forwarding rules.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{
    AcceptEncoding, CloudFrontHeader, Defaults, Device, ForwardingRules, Names, Selected, Selection,
    TlsFacts, Treatment, ViewerFacts, treatment,
};
use crate::cache_policy::{self, CachePolicyConfig};
use crate::caching::freshness::Ttls;
use crate::distribution::ForwardedValues;
use crate::origin_request_policy::{self, OriginRequestPolicyConfig};

fn only(names: &[&str]) -> Selection {
    Selection::Only(Names::of(names.iter().copied()))
}

fn except(names: &[&str]) -> Selection {
    Selection::Except(Names::of(names.iter().copied()))
}

#[test]
fn names_are_compared_exactly_and_headers_in_small_letters() {
    for (selection, taken, left) in [
        (Selection::None, &[][..], &["a", ""][..]),
        (Selection::All, &["a", ""], &[]),
        (only(&["b", "a", "*", "b"]), &["a", "b", "*"], &["A", "ab", "", "c"]),
        (except(&["b", "a"]), &["A", "ab", "", "c"], &["a", "b"]),
        (Selection::Only(Names::of_headers(["Accept", "X-A"])), &["accept", "x-a"], &["Accept", "x-b"]),
        (
            Selection::Only(Names::with_wildcards(["userid_*", "s?d", "a"])),
            &["userid_", "userid_7", "sid", "a"],
            &["suid", "ab", "userid"],
        ),
    ] {
        for name in taken {
            assert!(selection.takes(name.as_bytes()), "{selection:?} takes {name}");
        }
        for name in left {
            assert!(!selection.takes(name.as_bytes()), "{selection:?} leaves {name}");
        }
    }
}

/// The cells of AWS: Understand how origin request policies and cache policies work together.
#[test]
fn what_is_in_the_key_is_forwarded_beside_what_the_origin_request_policy_selects() {
    use Selection::{All, None};
    for (key, more, forwarded) in [
        (None, None, None),
        (None, All, All),
        (None, only(&["a"]), only(&["a"])),
        (None, except(&["a"]), except(&["a"])),
        (All, None, All),
        (All, All, All),
        (All, only(&["a"]), All),
        (All, except(&["a"]), All),
        (only(&["a"]), None, only(&["a"])),
        (only(&["a"]), All, All),
        (only(&["a"]), only(&["b"]), only(&["a", "b"])),
        (only(&["a"]), except(&["a", "b"]), except(&["b"])),
        (except(&["a"]), None, except(&["a"])),
        (except(&["a"]), All, All),
        (except(&["a", "b"]), only(&["a"]), except(&["b"])),
        (except(&["a"]), except(&["b"]), except(&["a", "b"])),
    ] {
        assert_eq!(key.forwarded_with(&more), forwarded, "{key:?} {more:?}");
    }
}

fn managed_cache_policy(id: &str) -> CachePolicyConfig {
    let policy = cache_policy::MANAGED.iter().find(|policy| policy.id == id).unwrap();
    serde_json::from_value(policy.config().into()).unwrap()
}

fn managed_origin_request_policy(id: &str) -> OriginRequestPolicyConfig {
    let policy = origin_request_policy::MANAGED.iter().find(|policy| policy.id == id).unwrap();
    serde_json::from_value(policy.config().into()).unwrap()
}

const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const AMPLIFY: &str = "2e54312d-136d-493c-8eb9-b001f22f67d2";
const ALL_VIEWER: &str = "216adef6-5c7f-47e4-b989-5492eafa07d3";
const ALL_VIEWER_AND_CLOUDFRONT: &str = "33f36d7e-f396-46d9-90e0-52428a34d9dc";
const ALL_VIEWER_EXCEPT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
const USER_AGENT_REFERER: &str = "acba4595-bd28-49b8-b9fe-13317c0390fa";

#[test]
fn managed_policies_are_rules() {
    let optimized = ForwardingRules::of_policies(&managed_cache_policy(CACHING_OPTIMIZED), None);
    assert_eq!(optimized.key, Selected::default());
    assert_eq!(optimized.forward, Selected::default());
    assert_eq!(optimized.accept_encoding, AcceptEncoding { gzip: true, brotli: true });
    assert_eq!(optimized.ttls, Ttls { min_s: 1, default_s: 86_400, max_s: 31_536_000 });
    assert_eq!((optimized.caches, optimized.forwards_cookies()), (true, false));
    assert_eq!(optimized.defaults, Defaults::Policies);

    let disabled = managed_cache_policy(CACHING_DISABLED);
    let rules = ForwardingRules::of_policies(&disabled, Some(&managed_origin_request_policy(ALL_VIEWER)));
    assert_eq!((rules.caches, rules.forwards_cookies()), (false, true));
    assert_eq!(rules.key, Selected::default());
    assert_eq!(rules.forward.headers, Selection::All);
    assert_eq!(rules.forward.query_strings, Selection::All);
    assert!(rules.cloudfront_headers.is_empty());

    let rules = ForwardingRules::of_policies(
        &managed_cache_policy(AMPLIFY),
        Some(&managed_origin_request_policy(USER_AGENT_REFERER)),
    );
    let names: Vec<_> = rules.key.headers.names().collect();
    assert_eq!(names, ["authorization", "cloudfront-viewer-country", "host"]);
    assert_eq!(rules.cloudfront_headers, [CloudFrontHeader::ViewerCountry]);
    for name in ["authorization", "host", "cloudfront-viewer-country", "user-agent", "referer"] {
        assert!(rules.forward.headers.takes(name.as_bytes()), "{name}");
    }
    assert!(!rules.forward.headers.takes(b"accept"));
    assert_eq!((&rules.key.cookies, &rules.key.query_strings), (&Selection::All, &Selection::All));

    let rules = ForwardingRules::of_policies(
        &managed_cache_policy(AMPLIFY),
        Some(&managed_origin_request_policy(ALL_VIEWER_EXCEPT_HOST)),
    );
    assert!(rules.forward.headers.takes(b"host"), "the cache policy overrides the block list");
    let rules =
        ForwardingRules::of_policies(&disabled, Some(&managed_origin_request_policy(ALL_VIEWER_EXCEPT_HOST)));
    assert!(!rules.forward.headers.takes(b"host") && rules.forward.headers.takes(b"authorization"));

    let rules = ForwardingRules::of_policies(
        &disabled,
        Some(&managed_origin_request_policy(ALL_VIEWER_AND_CLOUDFRONT)),
    );
    assert_eq!(rules.forward.headers, Selection::All);
    assert_eq!(
        rules.cloudfront_headers.len(),
        CloudFrontHeader::ALL.len() - 9,
        "all but order, count and certificate"
    );
}

fn legacy(values: Value, ttls: (i64, i64, i64)) -> ForwardingRules {
    let values: ForwardedValues = serde_json::from_value(values).unwrap();
    ForwardingRules::of_forwarded_values(&values, ttls)
}

#[test]
fn forwarded_values_are_rules() {
    let list = |names: &[&str]| json!({ "Quantity": names.len(), "Items": names });
    let ttls = (0, 86_400, 31_536_000);
    let least = legacy(json!({ "QueryString": false, "Cookies": { "Forward": "none" } }), ttls);
    assert_eq!((&least.key, &least.forward), (&Selected::default(), &Selected::default()));
    assert_eq!(least.accept_encoding, AcceptEncoding { gzip: true, brotli: false });
    assert_eq!((least.defaults, least.caches), (Defaults::Legacy, true));

    for (values, keyed, forwarded) in [
        (json!({ "QueryString": false }), Selection::None, Selection::None),
        (
            json!({ "QueryString": false, "QueryStringCacheKeys": list(&["a"]) }),
            Selection::None,
            Selection::None,
        ),
        (json!({ "QueryString": true }), Selection::All, Selection::All),
        (json!({ "QueryString": true, "QueryStringCacheKeys": list(&["a"]) }), only(&["a"]), Selection::All),
    ] {
        let rules = legacy(values.clone(), ttls);
        assert_eq!((rules.key.query_strings, rules.forward.query_strings), (keyed, forwarded), "{values}");
    }

    let cookies = json!({ "Forward": "whitelist", "WhitelistedNames": list(&["userid_*", "theme"]) });
    let rules = legacy(json!({ "Cookies": cookies }), ttls);
    assert!(rules.key.cookies.takes(b"userid_7") && rules.key.cookies.takes(b"theme"));
    assert!(!rules.key.cookies.takes(b"other"));
    assert_eq!(rules.key.cookies, rules.forward.cookies);
    assert!(rules.forwards_cookies());
    assert_eq!(legacy(json!({ "Cookies": { "Forward": "all" } }), ttls).key.cookies, Selection::All);

    let rules = legacy(json!({ "Headers": list(&["Origin", "CloudFront-Forwarded-Proto"]) }), ttls);
    assert_eq!(rules.key.headers.names().collect::<Vec<_>>(), ["cloudfront-forwarded-proto", "origin"]);
    assert_eq!(rules.cloudfront_headers, [CloudFrontHeader::ForwardedProto]);
    assert_eq!(rules.key.headers, rules.forward.headers);

    let rules = legacy(json!({ "Headers": list(&["*"]) }), ttls);
    assert_eq!((rules.forward.headers, rules.caches, rules.ttls), (Selection::All, false, Ttls::DISABLED));
    let rules = legacy(json!({ "Headers": list(&["Accept-Encoding"]) }), ttls);
    assert!(!rules.accept_encoding.is_normalised(), "a header that is listed is forwarded as it is");
    assert!(!legacy(json!({}), (0, 0, 0)).caches);
    assert!(legacy(json!({}), (0, 0, 60)).caches);
}

/// The cases of AWS: Understand cache policies, "Compression support"; weights are RFC 9110's.
#[test]
fn accept_encoding_has_one_form() {
    let both = AcceptEncoding { gzip: true, brotli: true };
    let gzip = AcceptEncoding { gzip: true, brotli: false };
    let brotli = AcceptEncoding { gzip: false, brotli: true };
    for (rule, sent, form) in [
        (both, &["gzip, deflate, br, zstd"][..], Some("br,gzip")),
        (both, &["gzip"], Some("gzip")),
        (both, &["br"], Some("br")),
        (both, &["gzip", "br"], Some("br,gzip")),
        (both, &["GZIP;q=0.8,BR ; q=1"], Some("br,gzip")),
        (both, &["deflate"], None),
        (both, &["*"], None),
        (both, &["identity"], None),
        (both, &[""], None),
        (both, &[], None),
        (both, &["gzip;q=0, br;q=0.000"], None),
        (both, &["gzip;q=0.001"], Some("gzip")),
        (both, &["gzip; Q=0 , br"], Some("br")),
        (both, &["xgzip, gzipx, brx"], None),
        (gzip, &["gzip, br"], Some("gzip")),
        (gzip, &["br"], None),
        (brotli, &["gzip, br"], Some("br")),
        (brotli, &["gzip"], None),
    ] {
        assert_eq!(rule.normalise(sent.iter().map(|value| value.as_bytes())), form, "{rule:?} {sent:?}");
    }
}

/// The rows of AWS: Request and response behavior for custom origins, "HTTP request headers and CloudFront behavior".
#[test]
fn headers_are_treated_by_their_names() {
    use Treatment::{Conditional, Dropped, Forwarded, Other, Removed, Ruled};
    for (names, expected) in [
        (&["accept", "accept-charset", "accept-language", "referer", "x-http-method-override"][..], Removed),
        (
            &["accept-encoding", "authorization", "cookie", "host", "user-agent", "via", "x-forwarded-for"],
            Ruled,
        ),
        (&["connection", "content-length", "expect", "proxy-authenticate", "proxy-authorization"], Dropped),
        (&["proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "x-amz-cf-id"], Dropped),
        (&["x-edge-location", "x-forwarded-proto", "x-real-ip", "keep-alive"], Dropped),
        (&["cache-control", "content-md5", "content-type", "date", "from", "max-forwards"], Forwarded),
        (&["origin", "pragma", "warning"], Forwarded),
        (&["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"], Conditional),
        (&["range", "request-range"], Conditional),
        (&["x-custom", "dnt", "sec-websocket-key", "content-encoding", "x_custom"], Other),
        // Names that some origins take for others.
        (
            &["content_length", "transfer_encoding", "x_forwarded_for", "x-forwarded_proto", "x_edge_a"],
            Dropped,
        ),
        (&["x_real_ip"], Dropped),
        (&["host_", "te_"], Other),
    ] {
        for name in names {
            assert_eq!(treatment(name), expected, "{name}");
        }
    }
}

/// `User-Agent`s as vendors document them; the last rows are of AWS's samples of API Gateway events, in which CloudFront
/// says desktop.
#[test]
fn devices_are_told_by_their_user_agents() {
    for (user_agent, kinds) in [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "ios mobile",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1",
            "ios mobile tablet",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
            "android mobile",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
            "android tablet",
        ),
        ("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "android mobile"),
        (
            "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager",
            "smart_tv",
        ),
        (
            "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/2.2 TV Safari/537.36",
            "smart_tv",
        ),
        (
            "Mozilla/5.0 (Linux; Android 9; AFTS) AppleWebKit/537.36 (KHTML, like Gecko) Silk/100 like Chrome/100 Safari/537.36",
            "android smart_tv",
        ),
        ("AppleTV14,1/17.0", "smart_tv"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
            "desktop",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0", "desktop"),
        ("Custom User Agent String", "desktop"),
        ("curl/8.5.0", "desktop"),
        ("", "desktop"),
    ] {
        let Device { android, desktop, ios, mobile, smart_tv, tablet } = Device::of(user_agent);
        let told: Vec<_> = [
            ("android", android),
            ("desktop", desktop),
            ("ios", ios),
            ("mobile", mobile),
            ("smart_tv", smart_tv),
            ("tablet", tablet),
        ]
        .into_iter()
        .filter_map(|(kind, told)| told.then_some(kind))
        .collect();
        assert_eq!(told.join(" "), kinds, "{user_agent}");
    }
}

pub(super) fn facts<'v>(
    address: &str,
    names: &'v [&'v str],
) -> ViewerFacts<'v, std::slice::Iter<'v, &'v str>> {
    ViewerFacts {
        address: address.parse::<SocketAddr>().unwrap(),
        secure: true,
        http_version: "2.0",
        tls: Some(TlsFacts {
            version: "TLSv1.3",
            cipher: "TLS_AES_128_GCM_SHA256",
            handshake: "fullHandshake",
        }),
        certificate: super::Shown::NotAsked,
        country: Some("DE"),
        country_name: None,
        region: None,
        asn: Some(64_496),
        device: Device::of("curl/8.5.0"),
        header_names: names.iter(),
    }
}

/// Values of AWS: Add CloudFront request headers; the IPv6 address without brackets is of a recorded event.
#[test]
fn cloudfront_tells_what_it_knows_of_a_viewer() {
    let names = ["Host", "User-Agent", "Accept", "Accept-Encoding"];
    let viewer = facts("198.51.100.10:46532", &names);
    let value = |name: &str| {
        CloudFrontHeader::all_named([name].into_iter()).first().and_then(|header| header.value(&viewer))
    };
    for (name, expected) in [
        ("CloudFront-Viewer-Address", Some("198.51.100.10:46532")),
        ("cloudfront-forwarded-proto", Some("https")),
        ("CloudFront-Viewer-Http-Version", Some("2.0")),
        ("CloudFront-Viewer-TLS", Some("TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake")),
        ("CloudFront-Viewer-Country", Some("DE")),
        ("CloudFront-Viewer-Country-Name", None),
        ("CloudFront-Viewer-ASN", Some("64496")),
        ("CloudFront-Viewer-Header-Order", Some("Host:User-Agent:Accept:Accept-Encoding")),
        ("CloudFront-Viewer-Header-Count", Some("4")),
        ("CloudFront-Is-Desktop-Viewer", Some("true")),
        ("CloudFront-Is-Mobile-Viewer", Some("false")),
        ("CloudFront-Viewer-Latitude", None),
        ("Host", None),
    ] {
        assert_eq!(value(name).as_deref(), expected, "{name}");
    }
    let told =
        |header: CloudFrontHeader, address: &str| header.value(&facts(address, &[])).unwrap().into_owned();
    let address = "[2600:1700:6640:e4d0:29c0:9cf7:9107:5eca]:50235";
    assert_eq!(
        told(CloudFrontHeader::ViewerAddress, address),
        "2600:1700:6640:e4d0:29c0:9cf7:9107:5eca:50235"
    );
    assert_eq!(told(CloudFrontHeader::ViewerAddress, "[::ffff:192.0.2.1]:7"), "192.0.2.1:7");
    let viewer = ViewerFacts { secure: false, tls: None, region: Some("Zürich"), ..facts(address, &[]) };
    assert_eq!(CloudFrontHeader::ForwardedProto.value(&viewer).as_deref(), Some("http"));
    assert_eq!(CloudFrontHeader::ViewerTls.value(&viewer), None);
    assert_eq!(CloudFrontHeader::ViewerCountryRegion.value(&viewer).as_deref(), Some("Z%C3%BCrich"));
}

#[test]
fn a_header_says_what_it_needs() {
    let telling = |tells: fn(CloudFrontHeader) -> bool| {
        CloudFrontHeader::ALL.into_iter().filter(move |header| tells(*header))
    };
    let devices: Vec<_> = telling(CloudFrontHeader::tells_device).map(CloudFrontHeader::name).collect();
    let kinds = ["android", "desktop", "ios", "mobile", "smarttv", "tablet"];
    assert_eq!(devices, kinds.map(|kind| format!("cloudfront-is-{kind}-viewer")));
    let headers: Vec<_> = telling(CloudFrontHeader::tells_headers).map(CloudFrontHeader::name).collect();
    assert_eq!(headers, ["cloudfront-viewer-header-count", "cloudfront-viewer-header-order"]);
}

#[test]
fn the_order_of_headers_is_cut_at_its_limit() {
    let long = "x".repeat(5_000);
    let names = [long.as_str(), "a", long.as_str(), "b"];
    let order =
        CloudFrontHeader::ViewerHeaderOrder.value(&facts("192.0.2.1:1", &names)).unwrap().into_owned();
    assert_eq!(order, format!("{long}:a"));
    let count = CloudFrontHeader::ViewerHeaderCount.value(&facts("192.0.2.1:1", &names));
    assert_eq!(count.as_deref(), Some("4"));
}
