//! When certificates are got: at the start where one is missing, and when two thirds of its time are over.
//!
//! All that is known is in the files, so a restart goes on where the last one was. After a failure there is a pause,
//! because authorities bound how often they are asked; it grows with each failure of a name.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use instant_acme::Account;
use keyfront_api::Clock;
use keyfront_edge::Challenges;
use rustls::ClientConfig;

use super::folder::Folder;
use super::http::Http;
use super::order;
use crate::config::{AcmeSettings, StoreSettings};
use crate::failure::Failure;
use crate::trusted_authorities::client_config;
use crate::validity::{self, Validity};

/// How often certificates are looked at.
const EVERY: Duration = Duration::from_hours(1);

/// The pause after a first failure, in seconds. Let's Encrypt: five failed validations of a name in an hour.
const FIRST_PAUSE_S: i64 = 15 * 60;

/// The longest pause, in seconds.
const LONGEST_PAUSE_S: i64 = 12 * 60 * 60;

/// What is told of a certificate that was got: the name that it is for.
type Renewed = Box<dyn Fn(&str) + Send + Sync>;

/// Gets certificates and renews them.
pub(crate) struct Renewal {
    settings: AcmeSettings,
    folder: Folder,
    tls: Arc<ClientConfig>,
    challenges: Challenges,
    clock: Arc<dyn Clock>,
    renewed: Renewed,
    /// By name, how often it failed in a row and when the next attempt may be.
    failed: HashMap<String, (u32, i64)>,
}

impl Renewal {
    /// Of settings that were checked. `renewed` is called after each certificate that was got.
    ///
    /// # Errors
    /// The folder cannot be made, or the authorities cannot be read.
    pub(crate) fn new(
        settings: &AcmeSettings,
        store: &StoreSettings,
        challenges: Challenges,
        clock: Arc<dyn Clock>,
        renewed: Renewed,
    ) -> Result<Renewal, Failure> {
        let folder = Folder::of(&store.data, &settings.directory);
        let unusable = |error| Failure::because(format!("{}: acme", store.data.display()), &error);
        folder.make().map_err(unusable)?;
        let tls = client_config("[edge.acme] certificate_authorities", &settings.certificate_authorities)?;
        let settings = settings.clone();
        Ok(Renewal { settings, folder, tls, challenges, clock, renewed, failed: HashMap::new() })
    }

    /// Gets what is missing or due, over and over.
    pub(crate) async fn run(mut self) {
        loop {
            self.round().await;
            tokio::time::sleep(self.rest()).await;
        }
    }

    async fn round(&mut self) {
        // Made or read when the first certificate is due, so that a server starts while the authority is away.
        let mut account = None;
        for name in self.settings.names.clone() {
            if !self.is_due(&name) {
                continue;
            }
            let account = match &account {
                Some(account) => account,
                None => match order::account(&self.settings, &self.folder, Http(Arc::clone(&self.tls))).await
                {
                    Ok(made) => account.insert(made),
                    // The other names would wait for the same.
                    Err(error) => return self.note_failure(name, &error),
                },
            };
            match self.renew(&name, account).await {
                Ok(()) => {
                    tracing::info!(name, authority = self.settings.directory, "got a certificate");
                    self.failed.remove(&name);
                    (self.renewed)(&name);
                }
                Err(error) => self.note_failure(name, &error),
            }
        }
    }

    async fn renew(&self, name: &str, account: &Account) -> Result<(), Failure> {
        let pem = order::certificate(account, name, &self.challenges).await;
        let pem = pem.map_err(|error| Failure::because(self.settings.directory.clone(), &error))?;
        if validity::of(pem.as_bytes()).is_none() {
            return Err(Failure::new(format!("{}: what it sent is no certificate", self.settings.directory)));
        }
        Folder::keep(&self.folder.certificate(name).certificate, &pem)
    }

    fn now_s(&self) -> i64 {
        self.clock.now().unix_timestamp()
    }

    fn is_due(&self, name: &str) -> bool {
        let now_s = self.now_s();
        if self.failed.get(name).is_some_and(|(_, again_s)| now_s < *again_s) {
            return false;
        }
        let pem = std::fs::read(self.folder.certificate(name).certificate).ok();
        pem.and_then(|pem| validity::of(&pem)).is_none_or(|validity| now_s >= renew_at_s(&validity))
    }

    fn note_failure(&mut self, name: String, error: &Failure) {
        let failures = self.failed.get(&name).map_or(0, |(failures, _)| *failures).saturating_add(1);
        let pause_s = pause_s(failures);
        tracing::error!(name, %error, again_in_seconds = pause_s, "no certificate was got");
        let again_s = self.now_s().saturating_add(pause_s);
        self.failed.insert(name, (failures, again_s));
    }

    /// How long to rest until something may be due.
    fn rest(&self) -> Duration {
        let first_s = self.failed.values().map(|(_, again_s)| again_s.saturating_sub(self.now_s())).min();
        let first = first_s.map(|left_s| Duration::from_secs(u64::try_from(left_s).unwrap_or(0).max(1)));
        first.unwrap_or(EVERY).min(EVERY)
    }
}

/// When a certificate is renewed: a third of its time before its end, whatever that time is. Authorities advise it.
fn renew_at_s(validity: &Validity) -> i64 {
    let lasts_s = validity.not_after_s.saturating_sub(validity.not_before_s);
    validity.not_after_s.saturating_sub(lasts_s / 3)
}

/// The pause after so many failures in a row.
fn pause_s(failures: u32) -> i64 {
    let doubled = failures.saturating_sub(1).min(10);
    FIRST_PAUSE_S.saturating_mul(1 << doubled).min(LONGEST_PAUSE_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_renewed_a_third_of_its_time_before_its_end() {
        const DAY: i64 = 24 * 60 * 60;
        for (lasts, renewed) in [(90 * DAY, 60 * DAY), (6 * DAY, 4 * DAY), (0, 0)] {
            let validity = Validity { not_before_s: 1_000_000, not_after_s: 1_000_000 + lasts };
            assert_eq!(renew_at_s(&validity), 1_000_000 + renewed, "{lasts}");
        }
    }

    #[test]
    fn pauses_grow_to_half_a_day() {
        let pauses: Vec<i64> = [1, 2, 3, 6, 7, u32::MAX].map(|failures| pause_s(failures) / 60).to_vec();
        assert_eq!(pauses, [15, 30, 60, 480, 720, 720]);
    }
}
