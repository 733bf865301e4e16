//! The `Server-Timing` header (AWS: Understand response headers policies, "Server-Timing header metrics").
//!
//! There is one layer of caches here, the edge, so regional edge caches and Origin Shield do not appear.

/// How the cache served a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheUse {
    /// From the cache, without a request to the origin.
    Hit,
    /// From the cache, after the origin said that the object is current.
    Refresh,
    /// From the origin.
    Miss,
}

/// How long the origin took, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// To find its address; 0 for a known one or an open connection.
    pub dns_ms: u64,
    /// To connect, TLS included; 0 for an open connection.
    pub connect_ms: u64,
    /// From the end of the request to the first byte of the response.
    pub first_byte_ms: u64,
}

/// What the header says of one response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTiming<'a> {
    /// How the cache served it.
    pub cache: CacheUse,
    /// The times of the origin, if it was asked.
    pub upstream: Option<Upstream>,
    /// The edge location, such as `SEA19-C1`.
    pub location: &'a str,
    /// The id of the request, as in `X-Amz-Cf-Id`.
    pub request_id: &'a str,
    /// From the end of the viewer's request to the first byte of the response, in milliseconds.
    pub first_byte_ms: u64,
}

impl ServerTiming<'_> {
    /// The value of the header. `origin` is what the origin sent under the same name; it is left out of hits, for it
    /// tells of an earlier request.
    pub fn value(&self, origin: Option<&str>) -> String {
        let mut metrics = Vec::new();
        if let Some(upstream) = self.upstream {
            if self.cache == CacheUse::Miss {
                metrics.push(r#"cdn-upstream-layer;desc="EDGE""#.to_owned());
            }
            metrics.push(format!("cdn-upstream-dns;dur={}", upstream.dns_ms));
            metrics.push(format!("cdn-upstream-connect;dur={}", upstream.connect_ms));
            metrics.push(format!("cdn-upstream-fbl;dur={}", upstream.first_byte_ms));
        }
        let origin = origin.map(str::trim).filter(|value| !value.is_empty() && self.cache == CacheUse::Miss);
        metrics.extend(origin.map(str::to_owned));
        metrics.push(self.cache.metric().to_owned());
        metrics.push(format!(r#"cdn-pop;desc="{}""#, self.location));
        metrics.push(format!(r#"cdn-rid;desc="{}""#, self.request_id));
        if self.cache == CacheUse::Hit {
            metrics.push(r#"cdn-hit-layer;desc="EDGE""#.to_owned());
        }
        metrics.push(format!("cdn-downstream-fbl;dur={}", self.first_byte_ms));
        metrics.join(",")
    }
}

impl CacheUse {
    fn metric(self) -> &'static str {
        match self {
            CacheUse::Hit => "cdn-cache-hit",
            CacheUse::Refresh => "cdn-cache-refresh",
            CacheUse::Miss => "cdn-cache-miss",
        }
    }
}
