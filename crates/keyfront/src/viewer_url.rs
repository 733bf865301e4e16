//! Splits a URL into the parts that a viewer sends, for the commands that sign and verify.
//!
//! By hand, because a signature covers the URL to the byte: the `url` crate would normalise it (case of the host,
//! default port, percent-coding, dot segments), and the result would be another URL.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

use keyfront_domain::signed_request::{SignatureParameters, ViewerRequest};

use crate::failure::Failure;

/// A URL in the parts that a viewer sends.
pub(crate) struct ViewerUrl<'u> {
    /// `http` or `https`.
    pub(crate) scheme: &'u str,
    /// The host with its port, if it has one.
    pub(crate) host: &'u str,
    /// Path and query. A URL without a path is requested with `/` (RFC 9110, section 4.2.3).
    pub(crate) target: Cow<'u, str>,
}

impl<'u> ViewerUrl<'u> {
    /// Takes a URL apart. A fragment stays with the viewer.
    pub(crate) fn parse(url: &'u str) -> Result<ViewerUrl<'u>, Failure> {
        let wrong = || Failure::new("the URL must begin with http:// or https:// and a host");
        let (url, _fragment) = url.split_once('#').unwrap_or((url, ""));
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, target) = rest.split_at_checked(end).ok_or_else(wrong)?;
        if !matches!(scheme, "http" | "https") || host.is_empty() {
            return Err(wrong());
        }
        if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(Failure::new("the URL has white space in it; was it broken into lines?"));
        }
        let target =
            if target.starts_with('/') { Cow::Borrowed(target) } else { Cow::Owned(format!("/{target}")) };
        Ok(ViewerUrl { scheme, host, target })
    }

    /// The request of a viewer for it.
    pub(crate) fn request<'r>(
        &'r self,
        cookies: &'r [&'r [u8]],
        viewer: ViewerAddress,
        now: u64,
    ) -> ViewerRequest<'r> {
        let ViewerUrl { scheme, host, target } = self;
        let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let mut request = ViewerRequest { scheme, host, target, cookies, viewer_ip: any, now };
        request.viewer_ip = match viewer {
            ViewerAddress::Known(address) => address,
            ViewerAddress::Allowed => allowed(&request).unwrap_or(any),
        };
        request
    }
}

/// The address of a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ViewerAddress {
    /// This address.
    Known(IpAddr),
    /// One that the policy allows, if it allows any.
    Allowed,
}

fn allowed(request: &ViewerRequest<'_>) -> Option<IpAddr> {
    let signed = SignatureParameters::collect(request).ok()?.policy().ok()?;
    signed.policy.source_ip?.one_viewer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_as_a_viewer_sends_it() {
        for (url, expected) in [
            ("https://h/a?b=c#d", Some(("https", "h", "/a?b=c"))),
            ("http://h:80", Some(("http", "h:80", "/"))),
            ("http://h?a", Some(("http", "h", "/?a"))),
            ("h/a", None),
            ("ftp://h/a", None),
            ("https:///a", None),
            ("https://h/a b", None),
        ] {
            let parsed = ViewerUrl::parse(url).ok();
            assert_eq!(parsed.as_ref().map(|url| (url.scheme, url.host, &*url.target)), expected);
        }
    }
}
