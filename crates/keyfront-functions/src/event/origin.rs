//! Origin decisions: the origin that a viewer-request function chose for a request (AWS: "Helper methods for origin modification").
//!
//! What is absent stays as the origin has it that the cache behavior names. Values that a function gives are
//! checked when it gives them; what depends on the request or on the distribution is validated afterwards. The edge
//! finds out whether an origin of an id exists.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::Failure;

/// What a function decided. The last call counts.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum OriginDecision {
    /// `updateRequestOrigin`: the behavior's origin with changes.
    Update(Box<OriginUpdate>),
    /// `selectRequestOriginById`: another origin of the distribution.
    Select {
        /// Its id.
        id: String,
        /// What is changed of it.
        overrides: OriginOverrides,
    },
    /// `createRequestOriginGroup`: two origins of the distribution.
    Group(OriginGroup),
}

/// Changes of the behavior's origin, or of the primary one if the behavior names an origin group.
#[derive(Clone, PartialEq, Eq, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct OriginUpdate {
    /// The host to connect to: a DNS name, neither an address nor a port.
    pub domain_name: Option<String>,
    /// The `Host` header and what TLS is told of the host.
    pub overrides: OriginOverrides,
    /// What is put before the path of each request: empty, or it begins with a slash and does not end with one.
    pub path: Option<String>,
    /// Headers that are added. None at all resets those of the origin.
    pub custom_headers: Option<CustomHeaders>,
    /// How often connecting is tried, 1 to 3.
    pub connection_attempts: Option<u8>,
    /// Origin Shield.
    pub shield: Option<OriginShield>,
    /// Origin access control.
    pub access_control: Option<OriginAccessControl>,
    /// How long CloudFront waits.
    pub timeouts: OriginTimeouts,
    /// How CloudFront connects to an origin other than an S3 bucket.
    pub connection: Option<OriginConnection>,
    /// Whether the client certificate that the origin has is left out (`mTLSConfig: 'off'`).
    pub without_client_certificate: bool,
}

/// What may be changed of any origin other than an S3 bucket.
#[derive(Clone, PartialEq, Eq, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct OriginOverrides {
    /// The `Host` header.
    pub host_header: Option<String>,
    /// The host that TLS asks for.
    pub sni: Option<String>,
    /// The names that the origin's certificate may have; they may begin with `*.`. At most 20.
    pub allowed_certificate_names: Option<Vec<String>>,
}

/// Names, in lower case, and values of headers. Values may be secrets between CloudFront and the origin, so only the
/// names are printed.
#[derive(Clone, PartialEq, Eq, Default, BorshSerialize, BorshDeserialize)]
pub struct CustomHeaders(pub Vec<(String, String)>);

impl fmt::Debug for CustomHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Origin Shield.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum OriginShield {
    /// Off.
    Disabled,
    /// On, in this AWS Region.
    Enabled {
        /// Its code, such as `us-east-2`.
        region: String,
    },
}

/// Origin access control: whether and how CloudFront signs its requests to the origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum OriginAccessControl {
    /// Off.
    Disabled,
    /// On. The protocol is always SigV4.
    Enabled {
        /// Which requests are signed.
        signs: SignedRequests,
        /// What the origin is.
        origin: AccessControlledOrigin,
    },
}

/// Which requests to an origin are signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum SignedRequests {
    /// All of them.
    Always,
    /// None of them.
    Never,
    /// Those without an `Authorization` header.
    NoOverride,
}

/// An origin that access control knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum AccessControlledOrigin {
    /// An S3 bucket.
    S3,
    /// MediaPackage V2.
    MediaPackageV2,
    /// MediaStore.
    MediaStore,
    /// The URL of a Lambda function.
    Lambda,
}

/// How long CloudFront waits, in seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct OriginTimeouts {
    /// For the response, and between two packets of it: 1 to 120.
    pub read_s: Option<u8>,
    /// For the complete response; not less than `read_s`.
    pub response_completion_s: Option<u32>,
    /// For the next request on a connection: 1 to 120.
    pub keep_alive_s: Option<u8>,
    /// For a connection: 1 to 10.
    pub connection_s: Option<u8>,
}

/// How CloudFront connects to an origin other than an S3 bucket.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub struct OriginConnection {
    /// 80, 443, or 1024 and above.
    pub port: u16,
    /// What is spoken there.
    pub protocol: OriginProtocol,
    /// The versions of TLS that may be used.
    pub tls_versions: Vec<TlsVersion>,
    /// Which addresses of the host are used.
    pub ip_address_type: Option<IpAddressType>,
}

/// What is spoken with an origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum OriginProtocol {
    /// HTTP alone.
    Http,
    /// HTTPS alone.
    Https,
}

/// A version of TLS.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, BorshSerialize, BorshDeserialize)]
pub enum TlsVersion {
    /// `SSLv3`.
    Ssl3,
    /// `TLSv1`.
    Tls1,
    /// `TLSv1.1`.
    Tls1_1,
    /// `TLSv1.2`.
    Tls1_2,
}

/// Which addresses of a host are used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum IpAddressType {
    /// IPv4 alone.
    Ipv4,
    /// IPv6 alone.
    Ipv6,
    /// Both.
    DualStack,
}

/// Two origins of which the second takes over where the first fails.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub struct OriginGroup {
    /// The one that is asked first.
    pub primary: GroupMember,
    /// The one that takes over.
    pub secondary: GroupMember,
    /// How the one to ask is chosen.
    pub selection: FailoverSelection,
    /// The statuses at which the other is asked.
    pub status_codes: Vec<u16>,
}

/// An origin of a group.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub struct GroupMember {
    /// Its id in the distribution.
    pub id: String,
    /// What is changed of it.
    pub overrides: OriginOverrides,
}

/// How an origin of a group is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, BorshSerialize, BorshDeserialize)]
pub enum FailoverSelection {
    /// The primary one first.
    #[default]
    Default,
    /// The one with the better media quality score.
    MediaQualityScore,
}

impl OriginDecision {
    /// Validates what cannot be known while the function runs. `has_access_control` says whether the origin that is
    /// changed has an enabled origin access control of its own, `has_header` whether the request has a header of
    /// a name in lower case. TestFunction does not validate it.
    ///
    /// # Errors
    /// The failure of the request.
    pub fn validate(
        &self,
        has_access_control: bool,
        has_header: impl Fn(&str) -> bool,
    ) -> Result<(), Failure> {
        let OriginDecision::Update(update) = self else { return Ok(()) };
        let signed = match update.access_control {
            None => has_access_control,
            Some(OriginAccessControl::Disabled) => false,
            Some(OriginAccessControl::Enabled { .. }) => true,
        };
        if signed && update.overrides.host_header.is_some() {
            return Err(invalid(
                "hostHeader cannot be set for an origin with an enabled origin access control",
            ));
        }
        let headers = update.custom_headers.iter().flat_map(|headers| &headers.0);
        match headers.map(|(name, _)| name).find(|name| has_header(name)) {
            Some(name) => {
                Err(invalid(&format!("customHeaders has {name}, which is a header of the request")))
            }
            None => Ok(()),
        }
    }
}

fn invalid(problem: &str) -> Failure {
    Failure::Validation(format!("The CloudFront function returned an invalid value: {problem}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(host_header: bool, access_control: Option<OriginAccessControl>) -> OriginDecision {
        let host_header = host_header.then(|| "www.example.com".to_owned());
        let overrides = OriginOverrides { host_header, ..OriginOverrides::default() };
        let custom_headers = Some(CustomHeaders(vec![("x-key".to_owned(), "secret".to_owned())]));
        OriginDecision::Update(Box::new(OriginUpdate {
            overrides,
            custom_headers,
            access_control,
            ..OriginUpdate::default()
        }))
    }

    #[test]
    fn a_host_header_needs_an_origin_without_access_control() {
        let enabled = Some(OriginAccessControl::Enabled {
            signs: SignedRequests::Always,
            origin: AccessControlledOrigin::S3,
        });
        let disabled = Some(OriginAccessControl::Disabled);
        for (host_header, given, assigned, accepted) in [
            (true, enabled, false, false),
            (true, enabled, true, false),
            (true, disabled, true, true),
            (true, None, true, false),
            (true, None, false, true),
            (false, enabled, true, true),
        ] {
            let validated = update(host_header, given).validate(assigned, |_| false);
            assert_eq!(validated.is_ok(), accepted, "{host_header} {given:?} {assigned}");
        }
        let failure = update(true, enabled).validate(false, |_| false).unwrap_err();
        let text = "The CloudFront function returned an invalid value: hostHeader cannot be set for an origin with \
                    an enabled origin access control.";
        assert_eq!(failure, Failure::Validation(text.to_owned()));
    }

    #[test]
    fn a_custom_header_cannot_be_one_that_the_request_has() {
        assert!(update(false, None).validate(false, |name| name == "x-other").is_ok());
        let failure = update(false, None).validate(false, |name| name == "x-key").unwrap_err();
        let text = "The CloudFront function returned an invalid value: customHeaders has x-key, which is a header of \
                    the request.";
        assert_eq!(failure, Failure::Validation(text.to_owned()));
    }

    #[test]
    fn values_of_headers_are_not_printed() {
        let printed = format!("{:?}", update(false, None));
        assert!(printed.contains("x-key") && !printed.contains("secret"), "{printed}");
    }
}
