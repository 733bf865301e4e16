//! What happens to a viewer's header on its way to an origin, by its name.

/// What happens to a header of a viewer (AWS: Request and response behavior for custom origins, "HTTP request headers and
/// CloudFront behavior").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It never reaches an origin: it belongs to one connection, frames the message, or is CloudFront's to say.
    Dropped,
    /// The edge writes it itself, by rules of its own: `Host`, `User-Agent`, `Cookie`, `Accept-Encoding`,
    /// `Authorization`, `Via`, `CDN-Loop`, `X-Forwarded-For`.
    Ruled,
    /// It is removed unless it is selected.
    Removed,
    /// It asks for a part of an object, or for an object under a condition. Unless it is selected for the cache key, it
    /// reaches an origin only where the answer is for this viewer alone.
    Conditional,
    /// It describes this request and its body. It is forwarded, but in a request whose answer others get only where it is
    /// selected.
    Forwarded,
    /// Any other header. `ForwardedValues` let it through; with policies it is removed unless it is selected.
    Other,
}

/// What happens to a header, whose name is given in small letters.
///
/// A name with underscores in place of hyphens is treated as dropped where the name with hyphens is dropped or ruled:
/// some origins take `X_Forwarded_For` and `Content_Length` for the header (CGI, RFC 3875, 4.1.18).
pub fn treatment(name: &str) -> Treatment {
    if name.contains('_') {
        return match known(&name.replace('_', "-")) {
            Treatment::Dropped | Treatment::Ruled => Treatment::Dropped,
            Treatment::Removed | Treatment::Conditional | Treatment::Forwarded | Treatment::Other => {
                Treatment::Other
            }
        };
    }
    known(name)
}

fn known(name: &str) -> Treatment {
    match name {
        // Of the connection (RFC 9110, 7.6.1), and what frames the message: the edge frames it anew.
        "connection" | "content-length" | "expect" | "http2-settings" | "keep-alive" | "proxy-authenticate"
        | "proxy-authorization" | "proxy-connection" | "te" | "trailer" | "transfer-encoding" | "upgrade"
        // CloudFront's to say.
        | "x-forwarded-proto" | "x-real-ip" => Treatment::Dropped,
        "accept-encoding" | "authorization" | "cdn-loop" | "cookie" | "host" | "user-agent" | "via"
        | "x-forwarded-for" => Treatment::Ruled,
        "accept" | "accept-charset" | "accept-language" | "referer" | "x-http-method-override" => {
            Treatment::Removed
        }
        "if-match" | "if-modified-since" | "if-none-match" | "if-range" | "if-unmodified-since" | "range"
        | "request-range" => Treatment::Conditional,
        // The last signs the body for origins with an origin access control.
        "cache-control" | "content-md5" | "content-type" | "date" | "from" | "max-forwards" | "origin" | "pragma"
        | "warning" | "x-amz-content-sha256" => Treatment::Forwarded,
        _ if name.starts_with("x-edge-") || name.starts_with("x-amz-cf-") => Treatment::Dropped,
        _ => Treatment::Other,
    }
}
