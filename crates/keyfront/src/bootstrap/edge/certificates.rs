//! Which certificate a viewer gets, by the name that it asks for.
//!
//! A certificate serves the names that stand in it. That of `default` is for all other names, and a development server
//! has its authority sign one for each of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use keyfront_api::Clock;
use keyfront_http::{ServerConfig, Tls, TlsSettings as Served, dns_names};

use crate::authority::Leaves;
use crate::clock::SystemClock;
use crate::config::{TlsSettings, read_secret};
use crate::failure::Failure;

/// The name of the certificate for all names that no other one has.
const DEFAULT: &str = "default";

/// Makes TLS of the certificates of a configuration, and of an authority for what they do not have.
pub(super) fn tls(files: &BTreeMap<String, TlsSettings>, authority: Option<Leaves>) -> Result<Tls, Failure> {
    let certificates = Certificates::read(files)?;
    let find = move |name: Option<&str>| {
        certificates.find(name).or_else(|| {
            let authority = authority.as_ref()?;
            authority.find(name, &Served::default(), SystemClock.now())
        })
    };
    Ok(Tls::by_name(find))
}

/// The certificates of files.
#[derive(Default)]
struct Certificates {
    named: Vec<(String, Arc<ServerConfig>)>,
    default: Option<Arc<ServerConfig>>,
}

impl Certificates {
    fn read(files: &BTreeMap<String, TlsSettings>) -> Result<Certificates, Failure> {
        let mut certificates = Certificates::default();
        for (name, files) in files {
            let why = || format!("[edge.certificates] {name}: {}", files.certificate.display());
            let chain = std::fs::read(&files.certificate).map_err(|error| Failure::because(why(), &error))?;
            let key = read_secret(&files.private_key)?;
            let served = Served::default().build(&chain, &key);
            let served = served.map_err(|error| Failure::because(why(), &error))?;
            if name == DEFAULT {
                certificates.default = Some(Arc::clone(&served));
            }
            let names = dns_names(&chain).map_err(|error| Failure::because(why(), &error))?;
            let names = names.into_iter().map(|name| (name.to_ascii_lowercase(), Arc::clone(&served)));
            certificates.named.extend(names);
        }
        Ok(certificates)
    }

    /// The certificate for a name in lower case: one with the name itself, one with a wildcard for it, the default one.
    fn find(&self, name: Option<&str>) -> Option<Arc<ServerConfig>> {
        let named =
            |wanted: &str| self.named.iter().find(|(name, _)| name == wanted).map(|(_, served)| served);
        // A wildcard stands for one label (RFC 9525, section 6.3).
        let wildcard = |name: &str| name.split_once('.').and_then(|(_, rest)| named(&format!("*.{rest}")));
        let found = name.and_then(|name| named(name).or_else(|| wildcard(name)));
        found.or(self.default.as_ref()).cloned()
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::atomic_file::{self, PRIVATE};
    use crate::authority::Authority;

    #[test]
    fn a_name_gets_the_certificate_that_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let now = OffsetDateTime::UNIX_EPOCH;
        let authority = Authority::open(folder.path(), now).unwrap();
        let mut files = BTreeMap::new();
        for (arn, names) in [
            ("arn:1", &["a.test", "www.a.test"][..]),
            ("arn:2", &["*.b.test"]),
            ("arn:3", &["c.b.test"]),
            ("default", &["d.test"]),
        ] {
            let leaf = authority.sign(names, now).unwrap();
            let certificate = folder.path().join(format!("{arn}.crt"));
            let private_key = folder.path().join(format!("{arn}.key"));
            std::fs::write(&certificate, leaf.chain).unwrap();
            atomic_file::replace_private(&private_key, leaf.key.as_bytes()).unwrap();
            assert_eq!(PRIVATE, 0o600);
            files.insert(arn.to_owned(), TlsSettings { certificate, private_key });
        }
        let certificates = Certificates::read(&files).unwrap();
        let arn_of = |name: Option<&str>| {
            let found = certificates.find(name)?;
            let names = ["a.test", "x.b.test", "c.b.test", "d.test"];
            names.into_iter().find(|known| Arc::ptr_eq(&certificates.find(Some(known)).unwrap(), &found))
        };
        for (name, expected) in [
            (Some("a.test"), Some("a.test")),
            (Some("www.a.test"), Some("a.test")),
            (Some("c.b.test"), Some("c.b.test")),
            (Some("y.b.test"), Some("x.b.test")),
            (Some("y.x.b.test"), Some("d.test")),
            (Some("b.test"), Some("d.test")),
            (Some("elsewhere.test"), Some("d.test")),
            (None, Some("d.test")),
        ] {
            assert_eq!(arn_of(name), expected, "{name:?}");
        }
        files.remove("default");
        let certificates = Certificates::read(&files).unwrap();
        assert!(certificates.find(Some("elsewhere.test")).is_none() && certificates.find(None).is_none());
    }
}
