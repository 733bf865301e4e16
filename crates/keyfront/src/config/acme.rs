//! Settings of certificates that the edge gets itself, over ACME (RFC 8555).

use std::net::IpAddr;
use std::path::PathBuf;

use http::Uri;
use rustls_pki_types::DnsName;
use serde::Deserialize;

use crate::failure::Failure;

/// Most names. Each has a certificate of its own, and authorities bound how many they give.
const MOST_NAMES: usize = 100;

/// Certificates that the edge gets itself. Without names it gets none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AcmeSettings {
    /// The authority: the URL of its directory. Let's Encrypt unless told otherwise.
    pub(crate) directory: String,
    /// Whether the operator agrees to the terms of the authority.
    pub(crate) agree_to_terms: bool,
    /// Where the authority reaches the operator: `mailto:` and an address.
    pub(crate) contact: Vec<String>,
    /// The names, each of which gets a certificate. No other name ever gets one.
    pub(crate) names: Vec<String>,
    /// PEM files of authorities whose certificates the server of the directory may have, beside those of the system.
    pub(crate) certificate_authorities: Vec<PathBuf>,
}

impl Default for AcmeSettings {
    fn default() -> Self {
        AcmeSettings {
            directory: "https://acme-v02.api.letsencrypt.org/directory".to_owned(),
            agree_to_terms: false,
            contact: Vec::new(),
            names: Vec::new(),
            certificate_authorities: Vec::new(),
        }
    }
}

impl AcmeSettings {
    /// Whether there is a name that gets a certificate.
    pub(crate) fn is_on(&self) -> bool {
        !self.names.is_empty()
    }

    /// `tls` says whether the edge serves HTTPS.
    pub(super) fn check(&self, tls: bool) -> Result<(), Failure> {
        if !self.is_on() {
            return Ok(());
        }
        let failure = |text: String| Err(Failure::new(format!("[edge.acme] {text}")));
        if !tls {
            return failure("names get certificates for HTTPS: set tls_listen in [edge] too".to_owned());
        }
        if !self.agree_to_terms {
            return failure(
                "agree_to_terms: read the terms of the authority, and set it to true if you agree".to_owned(),
            );
        }
        let url = self.directory.parse::<Uri>().ok();
        if url.is_none_or(|url| url.scheme_str() != Some("https") || url.host().is_none()) {
            return failure(format!(
                "directory: {:?} is not a URL that begins with https://",
                self.directory
            ));
        }
        if self.names.len() > MOST_NAMES {
            return failure(format!("names: at most {MOST_NAMES}"));
        }
        if let Some(name) = self.names.iter().find(|name| !is_provable(name)) {
            return failure(format!(
                "names: {name:?} is not the name of a host in lower case, such as www.example.com; wildcards and \
                 addresses cannot be proved over HTTP"
            ));
        }
        if let Some(contact) = self.contact.iter().find(|contact| !contact.starts_with("mailto:")) {
            return failure(format!("contact: write \"mailto:{contact}\""));
        }
        if let Some(file) = self.certificate_authorities.iter().find(|file| !file.is_file()) {
            return failure(format!("certificate_authorities: {} is not a file", file.display()));
        }
        Ok(())
    }
}

/// Whether a name is one that HTTP-01 can prove, and a name of a file.
fn is_provable(name: &str) -> bool {
    let is_lower =
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte));
    is_lower
        && name.contains('.')
        && !name.ends_with('.')
        && DnsName::try_from(name).is_ok()
        && name.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let usual = || AcmeSettings {
            names: vec!["www.example.com".to_owned()],
            agree_to_terms: true,
            contact: vec!["mailto:ops@example.com".to_owned()],
            ..AcmeSettings::default()
        };
        let named = |name: &str| AcmeSettings { names: vec![name.to_owned()], ..usual() };
        for (settings, tls, expected) in [
            (usual(), true, None),
            (AcmeSettings::default(), false, None),
            (usual(), false, Some("tls_listen")),
            (AcmeSettings { agree_to_terms: false, ..usual() }, true, Some("agree_to_terms")),
            (
                AcmeSettings { directory: "http://ca.example.com/".to_owned(), ..usual() },
                true,
                Some("https://"),
            ),
            (AcmeSettings { directory: "ca.example.com".to_owned(), ..usual() }, true, Some("https://")),
            (
                AcmeSettings { names: vec!["a.b".to_owned(); MOST_NAMES + 1], ..usual() },
                true,
                Some("at most"),
            ),
            (named("*.example.com"), true, Some("wildcards")),
            (named("192.0.2.1"), true, Some("addresses")),
            (named("Www.example.com"), true, Some("lower case")),
            (named("../etc"), true, Some("not the name")),
            (named(".."), true, Some("not the name")),
            (named("localhost"), true, Some("not the name")),
            (named("www.example.com."), true, Some("not the name")),
            (
                AcmeSettings { contact: vec!["ops@example.com".to_owned()], ..usual() },
                true,
                Some("mailto:ops@"),
            ),
            (
                AcmeSettings { certificate_authorities: vec!["/nowhere".into()], ..usual() },
                true,
                Some("/nowhere is not a file"),
            ),
        ] {
            let refused = settings.check(tls).err().map(|error| error.to_string());
            match expected {
                None => assert_eq!(refused, None, "{settings:?}"),
                Some(words) => {
                    let refused = refused.unwrap_or_default();
                    assert!(refused.contains(words), "{settings:?}: {refused}");
                }
            }
        }
    }
}
