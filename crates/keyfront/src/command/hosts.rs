//! `keyfront hosts`: the line for the hosts file, for clients that cannot use a proxy.

use std::process::ExitCode;

use clap::Args;
use keyfront_domain::AccountId;

use super::print;

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
    pub(super) fn run(self) -> ExitCode {
        let names: Vec<_> = self.accounts.iter().map(|account| format!("{account}.{}", self.name)).collect();
        print(format!("{} {}", self.address, names.join(" ")));
        ExitCode::SUCCESS
    }
}
