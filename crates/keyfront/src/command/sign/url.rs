//! `keyfront sign url`.

use std::process::ExitCode;

use clap::Args;
use keyfront_domain::signed_request::Signer;
use serde_json::json;

use super::conditions::Conditions;
use super::proof::{prove, unsigned};
use super::signer::SignerArguments;
use crate::failure::Failure;
use crate::terminal::Output;
use crate::terminal::time::now;

/// Sign a URL, and print it
///
/// With --expires alone the policy is a canned one: this URL, until then. Every other condition makes it a
/// custom policy, which stands in the URL.
#[derive(Args)]
pub(super) struct SignUrl {
    /// The URL: http:// or https://, host, path and the query that belongs to it
    url: String,
    #[command(flatten)]
    signed_by: SignerArguments,
    #[command(flatten)]
    conditions: Conditions,
}

impl SignUrl {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let now = now();
        let key = self.signed_by.key()?;
        let terms = self.conditions.terms(&self.url, now)?;
        let SignerArguments { key_pair_id, hash, .. } = &self.signed_by;
        let signer = Signer { key: &key, key_pair_id, hash: (*hash).into() };
        let url = signer.sign_url(&self.url, &terms).map_err(|error| unsigned(&error))?;
        prove(&url, None, &signer, now)?;
        output.print_content(&url, || json!({ "Url": url }));
        Ok(ExitCode::SUCCESS)
    }
}
