//! The headers by which CloudFront tells an origin or a function about the viewer.

use std::borrow::Cow;
use std::net::SocketAddr;

use super::Device;
use super::client_certificate::{ClientCertificate, Shown};

/// Most characters of `CloudFront-Viewer-Header-Order`.
const MAX_HEADER_ORDER: usize = 7_680;

/// A header that Keyfront knows the value of (AWS: Add CloudFront request headers). The others that the service has need
/// a database of addresses, or fingerprints of TLS; they are left out, as the service leaves out what it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CloudFrontHeader {
    /// `http` or `https`.
    ForwardedProto,
    /// The viewer has an Android device.
    IsAndroidViewer,
    /// The viewer has a desktop device.
    IsDesktopViewer,
    /// The viewer has an Apple mobile device.
    IsIosViewer,
    /// The viewer has a mobile device.
    IsMobileViewer,
    /// The viewer has a smart TV.
    IsSmartTvViewer,
    /// The viewer has a tablet.
    IsTabletViewer,
    /// Address and port.
    ViewerAddress,
    /// The number of the autonomous system.
    ViewerAsn,
    /// The distinguished name of who issued the viewer's certificate.
    ViewerCertIssuer,
    /// The viewer's certificate, which functions do not see.
    ViewerCertPem,
    /// Whether the viewer showed a certificate.
    ViewerCertPresent,
    /// The serial number of the viewer's certificate.
    ViewerCertSerialNumber,
    /// SHA-256 of the viewer's certificate.
    ViewerCertSha256,
    /// The distinguished name of the viewer's certificate.
    ViewerCertSubject,
    /// From when and until when the viewer's certificate is valid.
    ViewerCertValidity,
    /// Two letters.
    ViewerCountry,
    /// The name of the country.
    ViewerCountryName,
    /// The code of the region.
    ViewerCountryRegion,
    /// How many headers the request has.
    ViewerHeaderCount,
    /// Their names in their order.
    ViewerHeaderOrder,
    /// `1.1`, `2.0`, `3.0`.
    ViewerHttpVersion,
    /// Version, cipher and handshake.
    ViewerTls,
}

/// What the headers are made of. What is not known is `None`, or empty, and so is its header.
#[derive(Clone, Debug)]
pub struct ViewerFacts<'v, N> {
    /// Where the request comes from.
    pub address: SocketAddr,
    /// It came over HTTPS.
    pub secure: bool,
    /// `1.0`, `1.1`, `2.0` or `3.0`.
    pub http_version: &'static str,
    /// What was agreed on in the TLS handshake.
    pub tls: Option<TlsFacts<'v>>,
    /// What it showed in the handshake; needed for headers that [tell of it](CloudFrontHeader::tells_certificate).
    pub certificate: Shown<'v>,
    /// Two letters.
    pub country: Option<&'v str>,
    /// The name of the country.
    pub country_name: Option<&'v str>,
    /// The code of the region.
    pub region: Option<&'v str>,
    /// The number of the autonomous system.
    pub asn: Option<u32>,
    /// The device, by the `User-Agent`; needed for headers that [tell of it](CloudFrontHeader::tells_device).
    pub device: Device,
    /// The names of all headers as the viewer sent them, a name that comes twice two times; needed for headers that
    /// [tell of them](CloudFrontHeader::tells_headers).
    pub header_names: N,
}

/// What was agreed on in a TLS handshake.
#[derive(Clone, Copy, Debug)]
pub struct TlsFacts<'v> {
    /// `TLSv1.3`.
    pub version: &'v str,
    /// As OpenSSL spells it.
    pub cipher: &'v str,
    /// `fullHandshake`, `sessionResumed` or `connectionReused`.
    pub handshake: &'v str,
}

/// Whether a name, in small letters, is one of a header that CloudFront alone sets. A viewer's own is removed before
/// anything sees it.
pub fn is_cloudfront_header(name: &str) -> bool {
    name.starts_with("cloudfront-") || name.starts_with("cloudfront_")
}

impl CloudFrontHeader {
    /// All of them.
    pub const ALL: [CloudFrontHeader; 23] = [
        CloudFrontHeader::ForwardedProto,
        CloudFrontHeader::IsAndroidViewer,
        CloudFrontHeader::IsDesktopViewer,
        CloudFrontHeader::IsIosViewer,
        CloudFrontHeader::IsMobileViewer,
        CloudFrontHeader::IsSmartTvViewer,
        CloudFrontHeader::IsTabletViewer,
        CloudFrontHeader::ViewerAddress,
        CloudFrontHeader::ViewerAsn,
        CloudFrontHeader::ViewerCertIssuer,
        CloudFrontHeader::ViewerCertPem,
        CloudFrontHeader::ViewerCertPresent,
        CloudFrontHeader::ViewerCertSerialNumber,
        CloudFrontHeader::ViewerCertSha256,
        CloudFrontHeader::ViewerCertSubject,
        CloudFrontHeader::ViewerCertValidity,
        CloudFrontHeader::ViewerCountry,
        CloudFrontHeader::ViewerCountryName,
        CloudFrontHeader::ViewerCountryRegion,
        CloudFrontHeader::ViewerHeaderCount,
        CloudFrontHeader::ViewerHeaderOrder,
        CloudFrontHeader::ViewerHttpVersion,
        CloudFrontHeader::ViewerTls,
    ];

    /// Its name, in small letters.
    pub fn name(self) -> &'static str {
        match self {
            CloudFrontHeader::ForwardedProto => "cloudfront-forwarded-proto",
            CloudFrontHeader::IsAndroidViewer => "cloudfront-is-android-viewer",
            CloudFrontHeader::IsDesktopViewer => "cloudfront-is-desktop-viewer",
            CloudFrontHeader::IsIosViewer => "cloudfront-is-ios-viewer",
            CloudFrontHeader::IsMobileViewer => "cloudfront-is-mobile-viewer",
            CloudFrontHeader::IsSmartTvViewer => "cloudfront-is-smarttv-viewer",
            CloudFrontHeader::IsTabletViewer => "cloudfront-is-tablet-viewer",
            CloudFrontHeader::ViewerAddress => "cloudfront-viewer-address",
            CloudFrontHeader::ViewerAsn => "cloudfront-viewer-asn",
            CloudFrontHeader::ViewerCertIssuer => "cloudfront-viewer-cert-issuer",
            CloudFrontHeader::ViewerCertPem => "cloudfront-viewer-cert-pem",
            CloudFrontHeader::ViewerCertPresent => "cloudfront-viewer-cert-present",
            CloudFrontHeader::ViewerCertSerialNumber => "cloudfront-viewer-cert-serial-number",
            CloudFrontHeader::ViewerCertSha256 => "cloudfront-viewer-cert-sha256",
            CloudFrontHeader::ViewerCertSubject => "cloudfront-viewer-cert-subject",
            CloudFrontHeader::ViewerCertValidity => "cloudfront-viewer-cert-validity",
            CloudFrontHeader::ViewerCountry => "cloudfront-viewer-country",
            CloudFrontHeader::ViewerCountryName => "cloudfront-viewer-country-name",
            CloudFrontHeader::ViewerCountryRegion => "cloudfront-viewer-country-region",
            CloudFrontHeader::ViewerHeaderCount => "cloudfront-viewer-header-count",
            CloudFrontHeader::ViewerHeaderOrder => "cloudfront-viewer-header-order",
            CloudFrontHeader::ViewerHttpVersion => "cloudfront-viewer-http-version",
            CloudFrontHeader::ViewerTls => "cloudfront-viewer-tls",
        }
    }

    /// Those that names of headers, in any case, name; each once.
    pub(super) fn all_named<'n>(names: impl Iterator<Item = &'n str>) -> Vec<CloudFrontHeader> {
        let known = |name: &str| {
            CloudFrontHeader::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
        };
        let mut headers: Vec<_> = names.filter_map(known).collect();
        headers.sort_unstable();
        headers.dedup();
        headers
    }

    /// Whether it tells what kind of a device the viewer has, for which its `User-Agent` has to be searched.
    pub fn tells_device(self) -> bool {
        self.name().starts_with("cloudfront-is-")
    }

    /// Whether it tells which headers the viewer sent.
    pub fn tells_headers(self) -> bool {
        matches!(self, CloudFrontHeader::ViewerHeaderCount | CloudFrontHeader::ViewerHeaderOrder)
    }

    /// Whether it tells of the viewer's certificate, which has to be read for it.
    pub fn tells_certificate(self) -> bool {
        self.name().starts_with("cloudfront-viewer-cert-")
    }

    /// Its value for a viewer; `None` where it is not known.
    pub fn value<'v, N, S>(self, facts: &ViewerFacts<'v, N>) -> Option<Cow<'v, str>>
    where
        N: Iterator<Item = S> + Clone,
        S: AsRef<str>,
    {
        let value = match self {
            CloudFrontHeader::ForwardedProto => Cow::Borrowed(if facts.secure { "https" } else { "http" }),
            CloudFrontHeader::IsAndroidViewer => truth(facts.device.android),
            CloudFrontHeader::IsDesktopViewer => truth(facts.device.desktop),
            CloudFrontHeader::IsIosViewer => truth(facts.device.ios),
            CloudFrontHeader::IsMobileViewer => truth(facts.device.mobile),
            CloudFrontHeader::IsSmartTvViewer => truth(facts.device.smart_tv),
            CloudFrontHeader::IsTabletViewer => truth(facts.device.tablet),
            // Without brackets around an IPv6 address, as seen on AWS.
            CloudFrontHeader::ViewerAddress => {
                format!("{}:{}", facts.address.ip().to_canonical(), facts.address.port()).into()
            }
            CloudFrontHeader::ViewerAsn => facts.asn?.to_string().into(),
            CloudFrontHeader::ViewerCertPresent => match facts.certificate {
                Shown::NotAsked => return None,
                Shown::Nothing => Cow::Borrowed("0"),
                Shown::Certificate(_) => Cow::Borrowed("1"),
            },
            CloudFrontHeader::ViewerCertIssuer => facts.of_certificate(ClientCertificate::issuer)?,
            CloudFrontHeader::ViewerCertPem => facts.of_certificate(ClientCertificate::pem)?,
            CloudFrontHeader::ViewerCertSerialNumber => {
                facts.of_certificate(ClientCertificate::serial_number)?
            }
            CloudFrontHeader::ViewerCertSha256 => facts.of_certificate(ClientCertificate::sha256)?,
            CloudFrontHeader::ViewerCertSubject => facts.of_certificate(ClientCertificate::subject)?,
            CloudFrontHeader::ViewerCertValidity => facts.of_certificate(ClientCertificate::validity)?,
            CloudFrontHeader::ViewerCountry => Cow::Borrowed(facts.country?),
            CloudFrontHeader::ViewerCountryName => percent_encoded(facts.country_name?),
            CloudFrontHeader::ViewerCountryRegion => percent_encoded(facts.region?),
            CloudFrontHeader::ViewerHeaderCount => facts.header_names.clone().count().to_string().into(),
            CloudFrontHeader::ViewerHeaderOrder => order(facts.header_names.clone()).into(),
            CloudFrontHeader::ViewerHttpVersion => Cow::Borrowed(facts.http_version),
            CloudFrontHeader::ViewerTls => {
                let TlsFacts { version, cipher, handshake } = facts.tls?;
                format!("{version}:{cipher}:{handshake}").into()
            }
        };
        Some(value)
    }
}

impl<'v, N> ViewerFacts<'v, N> {
    /// What a certificate says; `None` where the viewer showed none.
    fn of_certificate(&self, what: impl Fn(&ClientCertificate<'v>) -> String) -> Option<Cow<'v, str>> {
        match self.certificate {
            Shown::NotAsked | Shown::Nothing => None,
            Shown::Certificate(certificate) => Some(percent_encoded(&what(certificate)).into_owned().into()),
        }
    }
}

fn truth<'v>(value: bool) -> Cow<'v, str> {
    Cow::Borrowed(if value { "true" } else { "false" })
}

/// "For non-ASCII characters in these headers' values, CloudFront percent-encodes the character."
fn percent_encoded(value: &str) -> Cow<'_, str> {
    percent_encoding::utf8_percent_encode(value, percent_encoding::CONTROLS).into()
}

/// Names separated by colons, those that fit.
fn order(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut order = String::new();
    for name in names {
        let name = name.as_ref();
        if order.len() + 1 + name.len() > MAX_HEADER_ORDER {
            break;
        }
        if !order.is_empty() {
            order.push(':');
        }
        order.push_str(name);
    }
    order
}
