//! The options that set the conditions of a signature: time, address, resource, policy.

use std::path::PathBuf;

use clap::Args;
use keyfront_domain::signed_request::{CustomPolicy, Policy, SourceIp, Terms, without_white_space};

use crate::failure::Failure;
use crate::terminal::time::TimeArgument;

/// When, for which URLs and from which addresses a signature is valid.
#[derive(Args)]
pub(super) struct Conditions {
    /// When it expires: a duration from now (90s, 1h30m, 7d), 2026-12-31T00:00:00Z, 2026-12-31, or seconds since 1970
    #[arg(long, value_name = "TIME", required_unless_present = "policy")]
    expires: Option<TimeArgument>,
    /// When it becomes valid, in the same forms as --expires
    #[arg(long, value_name = "TIME")]
    starts: Option<TimeArgument>,
    /// The viewers that may use it: an IPv4 address or a range, such as 192.0.2.0/24
    #[arg(long, value_name = "CIDR", value_parser = address)]
    ip: Option<SourceIp>,
    /// The URLs that it is valid for, in place of the one: a pattern with * and ?, such as `https://example.com/images/*`
    #[arg(long, value_name = "PATTERN")]
    resource: Option<String>,
    /// The file with the policy, in place of all of these
    #[arg(long, value_name = "FILE", conflicts_with_all = ["expires", "starts", "ip", "resource"])]
    policy: Option<PathBuf>,
}

fn address(text: &str) -> Result<SourceIp, String> {
    match SourceIp::parse(text) {
        Some(SourceIp::V6(_)) => Err("CloudFront supports only IPv4 addresses here".to_owned()),
        Some(address) => Ok(address),
        None => Err("write it as 192.0.2.7 or 192.0.2.0/24".to_owned()),
    }
}

impl Conditions {
    /// What is signed for a URL.
    pub(super) fn terms(&self, url: &str, now: u64) -> Result<Terms, Failure> {
        let Conditions { expires, starts, ip, resource, policy } = self;
        let resolve = |time: TimeArgument| time.resolve(now);
        if let Some(path) = policy {
            return read(path).map(Terms::Custom);
        }
        let expires = expires.map(resolve).ok_or_else(|| Failure::new("give --expires or --policy"))?;
        if starts.is_none() && ip.is_none() && resource.is_none() {
            return Ok(Terms::Canned { expires });
        }
        let policy = CustomPolicy {
            resource: resource.as_deref().unwrap_or(url),
            expires,
            not_before: starts.map(resolve),
            source_ip: ip.clone(),
        };
        Ok(Terms::Custom(policy.to_json()))
    }
}

/// Reads a policy and takes out its white space, as CloudFront's documentation wants it.
fn read(path: &PathBuf) -> Result<String, Failure> {
    let file = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::because(format!("the policy {file} cannot be read"), &error))?;
    Policy::parse(text.as_bytes()).map_err(|refusal| Failure::new(format!("{file}: {refusal}")))?;
    Ok(without_white_space(&text))
}
