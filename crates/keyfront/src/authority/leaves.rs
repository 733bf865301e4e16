//! Certificates of servers, made when a client asks for their name and kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keyfront_http::{ServerConfig, TlsSettings};
use time::{Duration, OffsetDateTime};

use super::Authority;

/// Most names whose certificates are kept. A client that asks for more makes all of them be made anew.
const MOST_NAMES: usize = 1000;

/// How long a certificate is used: less than it is valid.
const USED: Duration = Duration::days(180);

/// What clients get that ask for no name: they know the server by its address.
const WITHOUT_NAME: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The certificates that an authority has signed.
pub(crate) struct Leaves {
    authority: Authority,
    made: Mutex<Made>,
}

/// Certificates by name and settings, each with the time when it was made.
type Made = HashMap<(String, TlsSettings), (OffsetDateTime, Arc<ServerConfig>)>;

impl Leaves {
    pub(crate) fn new(authority: Authority) -> Leaves {
        Leaves { authority, made: Mutex::default() }
    }

    /// The certificate for a name, to be served with these settings; `None` with a line in the log where it cannot be
    /// made.
    pub(crate) fn find(
        &self,
        name: Option<&str>,
        settings: &TlsSettings,
        now: OffsetDateTime,
    ) -> Option<Arc<ServerConfig>> {
        let key = (name.unwrap_or_default().to_owned(), settings.clone());
        if let Some((made_at, config)) = self.lock().get(&key)
            && now - *made_at < USED
        {
            return Some(Arc::clone(config));
        }
        let config = match self.make(name, settings, now) {
            Ok(config) => config,
            Err(error) => {
                tracing::warn!(name, %error, "a certificate could not be made");
                return None;
            }
        };
        let mut made = self.lock();
        if made.len() >= MOST_NAMES {
            made.clear();
        }
        made.insert(key, (now, Arc::clone(&config)));
        Some(config)
    }

    fn make(
        &self,
        name: Option<&str>,
        settings: &TlsSettings,
        now: OffsetDateTime,
    ) -> Result<Arc<ServerConfig>, Box<dyn std::error::Error>> {
        let names = name.as_ref().map_or(&WITHOUT_NAME[..], std::slice::from_ref);
        let leaf = self.authority.sign(names, now)?;
        Ok(settings.build(leaf.chain.as_bytes(), leaf.key.as_bytes())?)
    }

    fn lock(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use keyfront_http::{ClientCertificates, TlsVersion};

    use super::*;

    #[test]
    fn a_certificate_is_made_once_for_a_name_and_its_settings() {
        let folder = tempfile::tempdir().unwrap();
        let now = OffsetDateTime::UNIX_EPOCH;
        let leaves = Leaves::new(Authority::open(folder.path(), now).unwrap());
        let usual = TlsSettings::default();
        let first = leaves.find(Some("a.test"), &usual, now).unwrap();
        for (name, settings, at, same) in [
            (Some("a.test"), usual.clone(), now, true),
            (Some("a.test"), usual.clone(), now + USED - Duration::DAY, true),
            (Some("b.test"), usual.clone(), now, false),
            (None, usual.clone(), now, false),
            (Some("a.test"), TlsSettings { least_version: TlsVersion::V1_3, ..usual.clone() }, now, false),
            (Some("a.test"), TlsSettings { http2: false, ..usual.clone() }, now, false),
            (
                Some("a.test"),
                TlsSettings { client_certificates: ClientCertificates::Unchecked, ..usual.clone() },
                now,
                false,
            ),
            (Some("a.test"), usual.clone(), now + USED, false),
        ] {
            let found = leaves.find(name, &settings, at).unwrap();
            assert_eq!(Arc::ptr_eq(&first, &found), same, "{name:?} {settings:?} {at}");
        }
    }
}
