//! Which certificate a viewer gets, and with what, by the name that it asks for.
//!
//! The distribution that has the name says which certificate, which versions of TLS and whether HTTP/2. Where its
//! certificate is not among those of the configuration, one that has the name in it is taken, then that of `default`, and
//! a development server has its authority sign one.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use keyfront_api::Clock;
use keyfront_edge::{Edge, ViewerTlsSettings};
use keyfront_http::{ServerConfig, Tls, TlsError, TlsSettings as Served, TlsVersion, dns_names};

use crate::authority::Leaves;
use crate::clock::SystemClock;
use crate::config::{TlsSettings, read_secret};
use crate::failure::Failure;

/// The name of the certificate for all names that no other one has.
const DEFAULT: &str = "default";

/// Makes TLS of the certificates of a configuration, of `issued` ones for names that they do not have, and of an authority
/// for the rest. Without an edge all names are met alike.
pub(super) fn tls(
    files: &BTreeMap<String, TlsSettings>,
    issued: &BTreeMap<String, TlsSettings>,
    authority: Option<Leaves>,
    edge: Option<Edge>,
) -> Result<Tls, Failure> {
    let mut certificates = Certificates::read(files)?;
    certificates.add(issued);
    let find = move |name: Option<&str>| {
        let settings = name.and_then(|name| edge.as_ref()?.viewer_tls(name));
        if settings.as_ref().is_some_and(|settings| settings.connection_function) {
            tracing::warn!(
                name,
                "refused: the distribution has a connection function, which is not run here"
            );
            return None;
        }
        let served = served(settings.as_ref());
        let certificate = settings.as_ref().and_then(|settings| settings.certificate.as_deref());
        certificates.find(name, certificate, &served).or_else(|| {
            let authority = authority.as_ref()?;
            authority.find(name, &served, SystemClock.now())
        })
    };
    Ok(Tls::by_name(find))
}

/// What a certificate is served with for a distribution, or for a name that none has.
fn served(settings: Option<&ViewerTlsSettings>) -> Served {
    let tls13_only = settings.is_some_and(|settings| settings.tls13_only);
    Served {
        least_version: if tls13_only { TlsVersion::V1_3 } else { TlsVersion::V1_2 },
        http2: settings.is_none_or(|settings| settings.http2),
        client_certificates: settings
            .map(|settings| settings.client_certificates.clone())
            .unwrap_or_default(),
    }
}

/// The certificates of files.
struct Certificates(Vec<Certificate>);

struct Certificate {
    /// The ARN or id, or `default`.
    id: String,
    /// The names in it, in lower case.
    names: Vec<String>,
    /// It with the settings that it was served with.
    configs: Mutex<HashMap<Served, Arc<ServerConfig>>>,
    chain: Vec<u8>,
    key: Vec<u8>,
}

/// Most settings with which a certificate is kept ready. Those of distributions that ask viewers for certificates change
/// with their trust stores.
const MOST_SETTINGS: usize = 100;

impl Certificates {
    fn read(files: &BTreeMap<String, TlsSettings>) -> Result<Certificates, Failure> {
        let read = |(id, files): (&String, _)| Certificates::read_one("[edge.certificates]", id, files);
        Ok(Certificates(files.iter().map(read).collect::<Result<_, _>>()?))
    }

    fn read_one(setting: &str, id: &str, files: &TlsSettings) -> Result<Certificate, Failure> {
        let why = || format!("{setting} {id}: {}", files.certificate.display());
        let chain = std::fs::read(&files.certificate).map_err(|error| Failure::because(why(), &error))?;
        let key = read_secret(&files.private_key)?;
        Certificate::read(id, chain, key).map_err(|error| Failure::because(why(), &error))
    }

    /// Adds certificates that are got anew where they cannot be used, so one of them is no reason not to serve the others.
    fn add(&mut self, files: &BTreeMap<String, TlsSettings>) {
        for (id, files) in files {
            match Certificates::read_one("[edge.acme]", id, files) {
                Ok(certificate) => self.0.push(certificate),
                Err(error) => tracing::error!(%error, "a certificate cannot be used"),
            }
        }
    }

    /// The certificate of this id, or else one with the name in it, one with a wildcard for it, the default one.
    fn find(&self, name: Option<&str>, id: Option<&str>, served: &Served) -> Option<Arc<ServerConfig>> {
        let of_id = |id: &str| self.0.iter().find(|certificate| certificate.id == id);
        let named = |name: &str| self.0.iter().find(|one| one.names.iter().any(|known| known == name));
        // A wildcard stands for one label (RFC 9525, section 6.3).
        let wildcard = |name: &str| name.split_once('.').and_then(|(_, rest)| named(&format!("*.{rest}")));
        let by_name = || name.and_then(|name| named(name).or_else(|| wildcard(name)));
        let found = id.and_then(of_id).or_else(by_name).or_else(|| of_id(DEFAULT))?;
        let config = found.served_with(served);
        config
            .inspect_err(|error| tracing::error!(id = found.id, %error, "a certificate cannot be served"))
            .ok()
    }
}

impl Certificate {
    fn read(id: &str, chain: Vec<u8>, key: Vec<u8>) -> Result<Certificate, TlsError> {
        let names = dns_names(&chain)?.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        let certificate = Certificate { id: id.to_owned(), names, configs: Mutex::default(), chain, key };
        // A certificate and a key that do not fit are refused at the start.
        certificate.served_with(&Served::default())?;
        Ok(certificate)
    }

    /// It with the settings of a distribution, made when they are first needed.
    fn served_with(&self, served: &Served) -> Result<Arc<ServerConfig>, TlsError> {
        let mut configs = self.configs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = configs.get(served) {
            return Ok(Arc::clone(config));
        }
        let config = served.build(&self.chain, &self.key)?;
        if configs.len() >= MOST_SETTINGS {
            configs.clear();
        }
        configs.insert(served.clone(), Arc::clone(&config));
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use keyfront_http::ClientCertificates;
    use time::OffsetDateTime;

    use super::*;
    use crate::atomic_file;
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
            files.insert(arn.to_owned(), TlsSettings { certificate, private_key });
        }
        let certificates = Certificates::read(&files).unwrap();
        let usual = Served::default();
        let of = |name: Option<&str>, id: Option<&str>| {
            let found = certificates.find(name, id, &usual)?;
            let same = |one: &&Certificate| Arc::ptr_eq(&one.served_with(&usual).unwrap(), &found);
            certificates.0.iter().find(same).map(|one| one.id.as_str())
        };
        for (name, id, expected) in [
            (Some("a.test"), None, "arn:1"),
            (Some("www.a.test"), None, "arn:1"),
            (Some("c.b.test"), None, "arn:3"),
            (Some("y.b.test"), None, "arn:2"),
            (Some("y.x.b.test"), None, "default"),
            (Some("b.test"), None, "default"),
            (Some("elsewhere.test"), None, "default"),
            (None, None, "default"),
            (Some("a.test"), Some("arn:2"), "arn:2"),
            (Some("a.test"), Some("arn:unknown"), "arn:1"),
        ] {
            assert_eq!(of(name, id), Some(expected), "{name:?} {id:?}");
        }
        let strict = Served { least_version: TlsVersion::V1_3, http2: false, ..Served::default() };
        let strict = certificates.find(Some("a.test"), None, &strict).unwrap();
        assert_eq!(strict.alpn_protocols, [b"http/1.1"]);
        // What was got over ACME serves names that no file has, and never stands in the way.
        let mut issued = BTreeMap::from([("acme:a.test".to_owned(), files["arn:2"].clone())]);
        let leaf = authority.sign(&["e.test"], now).unwrap();
        let both = folder.path().join("e.test.pem");
        atomic_file::replace_private(&both, format!("{}{}", leaf.key, leaf.chain).as_bytes()).unwrap();
        issued.insert("acme:e.test".to_owned(), TlsSettings { certificate: both.clone(), private_key: both });
        let gone = folder.path().join("gone");
        issued.insert("acme:f.test".to_owned(), TlsSettings { certificate: gone.clone(), private_key: gone });
        let mut with_issued = Certificates::read(&files).unwrap();
        with_issued.add(&issued);
        assert_eq!(with_issued.0.len(), 6);
        for (name, expected) in [("e.test", "acme:e.test"), ("y.b.test", "arn:2"), ("f.test", "default")] {
            let found = with_issued.find(Some(name), None, &usual).unwrap();
            let id = with_issued.0.iter().find(|one| Arc::ptr_eq(&one.served_with(&usual).unwrap(), &found));
            assert_eq!(id.map(|one| one.id.as_str()), Some(expected), "{name}");
        }
        files.remove("default");
        let certificates = Certificates::read(&files).unwrap();
        assert!(certificates.find(Some("elsewhere.test"), None, &usual).is_none());
        assert!(certificates.find(None, None, &usual).is_none());
    }

    #[test]
    fn a_distribution_says_what_a_certificate_is_served_with() {
        let settings = |tls13_only, http2, client_certificates| ViewerTlsSettings {
            certificate: None,
            tls13_only,
            http2,
            client_certificates,
            connection_function: false,
        };
        let (none, any) = (ClientCertificates::NotAsked, ClientCertificates::Unchecked);
        for (settings, least_version, http2, client_certificates) in [
            (None, TlsVersion::V1_2, true, none.clone()),
            (Some(settings(false, false, none.clone())), TlsVersion::V1_2, false, none.clone()),
            (Some(settings(true, true, none.clone())), TlsVersion::V1_3, true, none),
            (Some(settings(false, true, any.clone())), TlsVersion::V1_2, true, any),
        ] {
            let expected = Served { least_version, http2, client_certificates };
            assert_eq!(served(settings.as_ref()), expected, "{settings:?}");
        }
    }
}
