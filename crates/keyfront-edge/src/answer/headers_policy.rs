//! A response headers policy on the head of a response.

use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, HeaderValue, ORIGIN, PRAGMA,
};
use http::{HeaderMap, Method};
use keyfront_domain::response_headers_policy::{
    AppliedCors, AppliedPolicy, CorsRequest, Edit, ResponseHeadersPolicyConfig, ServerTiming,
};

use super::vary::add_to_vary;
use crate::message::{RequestHead, ResponseHead};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// A policy whose headers are ready to be put into heads.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadersPolicy {
    policy: AppliedPolicy,
    removed: Vec<HeaderName>,
    added: Vec<Added>,
}

#[derive(Clone, Debug, PartialEq)]
struct Added {
    name: HeaderName,
    value: HeaderValue,
    overrides: bool,
    secure: bool,
}

impl HeadersPolicy {
    /// Prepares a policy. Names and values that HTTP cannot have are left out; the rules of policies refuse them.
    pub fn new(config: &ResponseHeadersPolicyConfig) -> HeadersPolicy {
        let policy = AppliedPolicy::new(config);
        let name = |name: &String| HeaderName::from_bytes(name.as_bytes()).ok();
        let removed = policy.removed.iter().filter_map(name).collect();
        let added = policy.added.iter().filter_map(|header| {
            Some(Added {
                name: name(&header.name)?,
                value: HeaderValue::from_str(&header.value).ok()?,
                overrides: header.overrides,
                secure: header.secure,
            })
        });
        HeadersPolicy { added: added.collect(), removed, policy }
    }

    /// Whether this response gets `Server-Timing`. It is drawn anew for every response.
    pub fn times(&self, request: &RequestHead) -> bool {
        self.policy.server_timing_rate.is_some()
            && self.policy.times(text(&request.headers, PRAGMA), fastrand::f64() * 100.0)
    }

    /// Changes a head. `request` is the viewer's own, before a function changed it, and `secure` says that it came over
    /// HTTPS. `timing` is given for responses that get `Server-Timing`.
    pub fn apply(
        &self,
        head: &mut ResponseHead,
        request: &RequestHead,
        secure: bool,
        timing: Option<&ServerTiming<'_>>,
    ) {
        let headers = &mut head.headers;
        for name in &self.removed {
            headers.remove(name);
        }
        if let Some(cors) = &self.policy.cors {
            apply_cors(cors, headers, request);
        }
        for added in self.added.iter().filter(|added| secure || !added.secure) {
            if added.overrides || !headers.contains_key(&added.name) {
                headers.insert(added.name.clone(), added.value.clone());
            }
        }
        if let Some(timing) = timing {
            let lines = headers.get_all(SERVER_TIMING).iter().filter_map(|line| line.to_str().ok());
            let origin = lines.collect::<Vec<_>>().join(",");
            if let Ok(value) = HeaderValue::try_from(timing.value(Some(&origin))) {
                headers.insert(SERVER_TIMING, value);
            }
        }
    }
}

fn apply_cors(cors: &AppliedCors, headers: &mut HeaderMap, request: &RequestHead) {
    let cors_request = CorsRequest {
        origin: text(&request.headers, ORIGIN),
        options: request.method == Method::OPTIONS,
        requested_method: text(&request.headers, ACCESS_CONTROL_REQUEST_METHOD),
        requested_headers: text(&request.headers, ACCESS_CONTROL_REQUEST_HEADERS),
    };
    let from_origin = AppliedCors::HEADERS.iter().any(|name| headers.contains_key(*name));
    for edit in cors.edits(&cors_request, from_origin) {
        match edit {
            Edit::Remove(name) => {
                headers.remove(name);
            }
            Edit::Set(name, value) => {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    headers.insert(HeaderName::from_static(name), value);
                }
            }
            Edit::Vary(name) => add_to_vary(headers, name),
        }
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use keyfront_domain::response_headers_policy::CacheUse;
    use serde_json::json;

    use super::*;

    fn policy() -> HeadersPolicy {
        let listed = |item: &str| json!({ "Quantity": 1, "Items": [item] });
        let config = json!({
            "Name": "p",
            "CorsConfig": {
                "AccessControlAllowOrigins": listed("https://a.example"),
                "AccessControlAllowHeaders": listed("*"),
                "AccessControlAllowMethods": listed("GET"),
                "AccessControlAllowCredentials": false,
                "OriginOverride": true,
            },
            "SecurityHeadersConfig": {
                "StrictTransportSecurity": { "AccessControlMaxAgeSec": 60, "Override": true },
                "FrameOptions": { "FrameOption": "DENY", "Override": false },
            },
            "CustomHeadersConfig": { "Quantity": 2, "Items": [
                { "Header": "X-Both", "Value": "ours", "Override": false },
                { "Header": "X-Over", "Value": "ours", "Override": true },
            ] },
            "RemoveHeadersConfig": { "Quantity": 2, "Items": [{ "Header": "X-Both" }, { "Header": "Server" }] },
            "ServerTimingHeadersConfig": { "Enabled": true, "SamplingRate": 100 },
        });
        HeadersPolicy::new(&serde_json::from_value(config).unwrap())
    }

    fn request(lines: &[(&'static str, &'static str)]) -> RequestHead {
        RequestHead {
            method: Method::GET,
            host: "d.example".to_owned(),
            path: "/".to_owned(),
            query: None,
            headers: map(lines),
        }
    }

    fn map(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        lines.iter().map(line).collect()
    }

    fn applied(origin: &[(&'static str, &'static str)], secure: bool, viewer: &RequestHead) -> HeaderMap {
        let mut head = ResponseHead { headers: map(origin), ..ResponseHead::of(StatusCode::OK) };
        policy().apply(&mut head, viewer, secure, None);
        head.headers
    }

    #[test]
    fn headers_are_removed_then_added() {
        let origin = [
            ("server", "nginx"),
            ("x-both", "theirs"),
            ("x-over", "theirs"),
            ("x-over", "again"),
            ("x-frame-options", "SAMEORIGIN"),
            ("vary", "Accept-Encoding"),
        ];
        let viewer = request(&[("origin", "https://a.example")]);
        let mut expected = map(&[
            ("x-both", "ours"),
            ("x-over", "ours"),
            ("x-frame-options", "SAMEORIGIN"),
            ("strict-transport-security", "max-age=60"),
            ("access-control-allow-origin", "https://a.example"),
            ("vary", "Accept-Encoding"),
            ("vary", "Origin"),
        ]);
        assert_eq!(applied(&origin, true, &viewer), expected);
        expected.remove("strict-transport-security");
        assert_eq!(applied(&origin, false, &viewer), expected);
    }

    #[test]
    fn a_policy_takes_back_what_the_origin_allowed() {
        let origin = [("access-control-allow-origin", "*"), ("access-control-allow-credentials", "true")];
        let headers = applied(&origin, true, &request(&[("origin", "https://b.example")]));
        assert_eq!(headers.get("access-control-allow-origin"), None);
        assert_eq!(headers.get("access-control-allow-credentials"), None);
        assert_eq!(headers["vary"], "Origin");
    }

    #[test]
    fn server_timing_joins_the_origins_on_a_miss() {
        let policy = policy();
        assert!(policy.times(&request(&[])));
        let timing = ServerTiming {
            cache: CacheUse::Miss,
            upstream: None,
            location: "SEA19-C1",
            request_id: "id==",
            first_byte_ms: 3,
        };
        for (cache, expected) in
            [(CacheUse::Miss, "db;dur=5,app,cdn-cache-miss,"), (CacheUse::Hit, "cdn-cache-hit,")]
        {
            let mut head = ResponseHead::of(StatusCode::OK);
            head.headers = map(&[("server-timing", "db;dur=5"), ("server-timing", "app")]);
            policy.apply(&mut head, &request(&[]), true, Some(&ServerTiming { cache, ..timing }));
            let lines: Vec<_> = head.headers.get_all(SERVER_TIMING).iter().collect();
            assert_eq!(lines.len(), 1);
            assert!(lines[0].to_str().unwrap().starts_with(expected), "{lines:?}");
        }
    }
}
