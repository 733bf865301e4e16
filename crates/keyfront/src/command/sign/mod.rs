//! `keyfront sign`: signed URLs and signed cookies.
//!
//! What is printed would be served: every result is verified before it is shown, with the public half of the
//! key that signed. Only its time may be over or not have come.

mod cookies;
mod key;
mod policy;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use keyfront_domain::signed_request::{InvalidUrl, Refusal, Signer, VerifyingKey, examine};

use super::asked::{Asked, Viewer};
use super::moment::{in_utc, now};
use super::{print, tell};
use crate::failure::Failure;
use key::SignedBy;
use policy::Conditions;

/// Sign URLs and cookies, as the AWS SDKs do
#[derive(Args)]
pub(super) struct Sign {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Url(SignUrl),
    Cookies(cookies::SignCookies),
}

impl Sign {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Url(url) => url.run(),
            Command::Cookies(cookies) => cookies.run(),
        }
    }
}

/// Sign a URL, and print it
///
/// With --expires alone the policy is a canned one: this URL, until then. Every other condition makes it a
/// custom policy, which stands in the URL.
#[derive(Args)]
struct SignUrl {
    /// The URL: http:// or https://, host, path and the query that belongs to it
    url: String,
    #[command(flatten)]
    signed_by: SignedBy,
    #[command(flatten)]
    conditions: Conditions,
}

impl SignUrl {
    fn run(self) -> Result<ExitCode, Failure> {
        let now = now();
        let key = self.signed_by.key()?;
        let terms = self.conditions.terms(&self.url, now)?;
        let SignedBy { key_pair_id, hash, .. } = &self.signed_by;
        let signer = Signer { key: &key, key_pair_id, hash: (*hash).into() };
        let url = signer.sign_url(&self.url, &terms).map_err(|error| unsigned(&error))?;
        prove(&url, None, &signer, now)?;
        print(url);
        Ok(ExitCode::SUCCESS)
    }
}

fn unsigned(error: &InvalidUrl) -> Failure {
    Failure::new(format!("nothing was signed: {error}"))
}

/// Verifies what was signed, as CloudFront will. A result that nobody could use is a failure; one that
/// cannot be used now is said.
fn prove(url: &str, cookies: Option<&str>, signer: &Signer<'_>, now: u64) -> Result<(), Failure> {
    let asked = Asked::parse(url)?;
    let public = signer.key.public_key().map_err(|error| Failure::because("the private key", &error))?;
    let key = VerifyingKey::new(&public)
        .map_err(|error| Failure::because("the private key's other half", &error))?;
    let headers: Vec<&[u8]> = cookies.iter().map(|header| header.as_bytes()).collect();
    let request = asked.request(&headers, Viewer::Allowed, now);
    for refusal in examine(&request, |_id| Some(&key)) {
        if let Refusal::Expired { expires, .. } = refusal {
            tell(format!("keyfront: the time is over: it was valid until {}", in_utc(expires)));
        } else if let Refusal::NotYetValid { not_before, .. } = refusal {
            tell(format!("keyfront: it is not valid yet: it begins after {}", in_utc(not_before)));
        } else {
            return Err(unusable(&refusal));
        }
    }
    Ok(())
}

fn unusable(refusal: &Refusal) -> Failure {
    let why = if let Refusal::WrongSignature { .. } = refusal {
        // A viewer asks for the slash that is not in the URL.
        "a viewer asks for this URL with a slash behind the host; sign it with the slash".to_owned()
    } else if let Refusal::WrongAddress { allowed, .. } = refusal {
        format!("the policy is for the address {allowed}, and CloudFront knows IPv4 alone there")
    } else {
        refusal.to_string()
    };
    let code = refusal.code();
    Failure::new(format!("nothing was signed, CloudFront would answer {}: {why}", code.name()))
}
