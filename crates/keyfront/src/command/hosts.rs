//! `keyfront hosts`: prints the line of the hosts file for clients that cannot use a proxy.

use std::process::ExitCode;

use clap::Args;
use keyfront_domain::AccountId;
use serde_json::json;

use crate::server::PROXIED_NAME;
use crate::terminal::Output;

/// Print the hosts-file line that lets clients reach Keyfront without a proxy
///
/// The AWS SDKs put the account number in front of the data plane's host; this line makes such names
/// resolve. Add it to /etc/hosts, or to C:\Windows\System32\drivers\etc\hosts.
#[derive(Args)]
pub(super) struct Hosts {
    /// The accounts
    #[arg(long = "account", value_name = "ACCOUNT", default_values_t = [AccountId::DEVELOPMENT])]
    accounts: Vec<AccountId>,
    /// The name of the server behind the account
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    name: String,
    /// The server's address
    #[arg(long, value_name = "IP", default_value_t = std::net::IpAddr::from([127, 0, 0, 1]))]
    address: std::net::IpAddr,
}

impl Hosts {
    pub(super) fn run(self, output: Output) -> ExitCode {
        // The names of a server, and those that `exec` and `env` give the data plane.
        let names = [self.name.as_str(), PROXIED_NAME];
        let names = self.accounts.iter().flat_map(|account| names.map(|name| format!("{account}.{name}")));
        let names: Vec<_> = names.collect();
        output.print(
            || format!("{} {}", self.address, names.join(" ")),
            || json!({ "Address": self.address, "Names": names }),
        );
        ExitCode::SUCCESS
    }
}
