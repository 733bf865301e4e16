//! Settings of the certificates that distributions name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use keyfront_api::Certificates;
use serde::Deserialize;

use crate::failure::Failure;

/// The certificates that stand in for those of ACM and IAM.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CertificatesSettings {
    /// Whether a certificate that is not declared here is accepted for any alias. Default: by `keyfront dev`, and not by
    /// `keyfront serve`.
    pub(crate) accept_undeclared: bool,
    /// PEM files, each with a certificate and the chain behind it, by the ARN of ACM or the id of IAM that distributions
    /// name.
    pub(crate) files: BTreeMap<String, PathBuf>,
}

impl CertificatesSettings {
    /// Reads the files.
    pub(crate) fn load(&self) -> Result<Certificates, Failure> {
        let mut dns_names = BTreeMap::new();
        for (name, path) in &self.files {
            let why = || format!("[certificates] {name}: {}", path.display());
            let pem = std::fs::read(path).map_err(|error| Failure::because(why(), &error))?;
            let names = keyfront_http::dns_names(&pem).map_err(|error| Failure::because(why(), &error))?;
            dns_names.insert(name.clone(), names);
        }
        Ok(Certificates { dns_names, accept_undeclared: self.accept_undeclared })
    }
}
