//! A URL as a viewer asks for it, for the commands that sign and verify.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

use keyfront_domain::signed_request::{Presented, ViewerRequest};

use crate::failure::Failure;

/// A URL in the parts that a viewer sends.
pub(super) struct Asked<'u> {
    /// `http` or `https`.
    pub(super) scheme: &'u str,
    /// The host with its port, if it has one.
    pub(super) host: &'u str,
    /// Path and query. A URL without a path is asked for with `/` (RFC 9110, section 4.2.3).
    pub(super) target: Cow<'u, str>,
}

impl<'u> Asked<'u> {
    /// Takes a URL apart. A fragment stays with the viewer.
    pub(super) fn parse(url: &'u str) -> Result<Asked<'u>, Failure> {
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
        Ok(Asked { scheme, host, target })
    }

    /// The request of a viewer for it.
    pub(super) fn request<'r>(
        &'r self,
        cookies: &'r [&'r [u8]],
        viewer: Viewer,
        now: u64,
    ) -> ViewerRequest<'r> {
        let Asked { scheme, host, target } = self;
        let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let mut request = ViewerRequest { scheme, host, target, cookies, viewer_ip: any, now };
        request.viewer_ip = match viewer {
            Viewer::At(address) => address,
            Viewer::Allowed => allowed(&request).unwrap_or(any),
        };
        request
    }
}

/// Where a viewer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Viewer {
    /// At this address.
    At(IpAddr),
    /// Wherever the policy lets viewers be, if it lets them be anywhere.
    Allowed,
}

fn allowed(request: &ViewerRequest<'_>) -> Option<IpAddr> {
    let signed = Presented::collect(request).ok()?.policy().ok()?;
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
            let asked = Asked::parse(url).ok();
            assert_eq!(asked.as_ref().map(|asked| (asked.scheme, asked.host, &*asked.target)), expected);
        }
    }
}
