//! `keyfront sign cookies`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use keyfront_domain::signed_request::Signer;
use serde_json::{Map, Value, json};

use super::conditions::Conditions;
use super::proof::{prove, unsigned};
use super::signer::SignerArguments;
use crate::failure::Failure;
use crate::terminal::time::now;
use crate::terminal::{Output, content, print};
use crate::viewer_url::ViewerUrl;

/// Sign cookies for a URL, or for all URLs that a pattern matches, and print them
///
/// With --expires alone the cookies are for this URL only; --resource is for more than one.
#[derive(Args)]
pub(super) struct SignCookies {
    /// A URL that the cookies are for
    url: String,
    #[command(flatten)]
    signed_by: SignerArguments,
    #[command(flatten)]
    conditions: Conditions,
    /// The form in which they are printed, unless --output is json
    #[arg(long, value_enum, default_value_t = Format::SetCookie)]
    format: Format,
    /// The Domain of the cookies, so that browsers send them to other hosts too [default: the URL's host alone]
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// The Path of the cookies
    #[arg(long, value_name = "PATH", default_value = "/")]
    path: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Set-Cookie lines, for an application to send
    SetCookie,
    /// One Cookie line, for curl --header
    Cookie,
    /// A jar, for curl --cookie
    Curl,
}

impl SignCookies {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let now = now();
        let key = self.signed_by.key()?;
        let terms = self.conditions.terms(&self.url, now)?;
        let SignerArguments { key_pair_id, hash, .. } = &self.signed_by;
        let signer = Signer { key: &key, key_pair_id, hash: (*hash).into() };
        let cookies = signer.sign_cookies(&self.url, &terms).map_err(|error| unsigned(&error))?;
        let header = header(&cookies);
        prove(&self.url, Some(&header), &signer, now)?;
        if output == Output::Json {
            output.print(String::new, || self.json(&cookies));
            return Ok(ExitCode::SUCCESS);
        }
        match self.format {
            Format::SetCookie => self.print_set_cookie(&cookies)?,
            Format::Cookie => content(format!("Cookie: {header}\n").as_bytes()),
            Format::Curl => self.print_jar(&cookies)?,
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The cookies by name, with what a Set-Cookie line says beside them.
    fn json(&self, cookies: &[(&str, String)]) -> Value {
        let cookies: Map<_, _> =
            cookies.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        json!({ "Cookies": cookies, "Domain": self.domain, "Path": self.path })
    }

    fn print_set_cookie(&self, cookies: &[(&str, String)]) -> Result<(), Failure> {
        let secure = if ViewerUrl::parse(&self.url)?.scheme == "https" { "; Secure" } else { "" };
        let domain = self.domain.as_ref().map(|domain| format!("; Domain={domain}")).unwrap_or_default();
        for (name, value) in cookies {
            let path = &self.path;
            let line = format!("Set-Cookie: {name}={value}{domain}; Path={path}{secure}; HttpOnly\n");
            content(line.as_bytes());
        }
        Ok(())
    }

    /// The file that curl writes and reads: domain, whether subdomains get it, path, whether TLS is needed,
    /// the end of its life (0 for none), name and value.
    fn print_jar(&self, cookies: &[(&str, String)]) -> Result<(), Failure> {
        let url = ViewerUrl::parse(&self.url)?;
        let host = url.host.rsplit_once(':').map_or(url.host, |(host, _port)| host);
        let (domain, subdomains) = self.domain.as_deref().map_or((host, "FALSE"), |domain| (domain, "TRUE"));
        let dot = if subdomains == "TRUE" && !domain.starts_with('.') { "." } else { "" };
        let secure = if url.scheme == "https" { "TRUE" } else { "FALSE" };
        print("# Netscape HTTP Cookie File");
        for (name, value) in cookies {
            let path = &self.path;
            let line =
                format!("#HttpOnly_{dot}{domain}\t{subdomains}\t{path}\t{secure}\t0\t{name}\t{value}\n");
            content(line.as_bytes());
        }
        Ok(())
    }
}

/// The cookies as a viewer sends them.
fn header(cookies: &[(&str, String)]) -> String {
    cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}
