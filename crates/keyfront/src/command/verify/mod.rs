//! `keyfront verify`: whether CloudFront would serve a URL, and if not, why.
//!
//! `keyfront-domain` decides, as it does for the edge; the modules here supply keys and time, and render the report.
//! No signature is ever printed.

mod context;
mod cookies;
mod exit_code;
mod explain;
mod render;
mod trust;

use std::io::Read;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_domain::signed_request::{Denial, SignatureParameters, ViewerRequest, examine, verify};

use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;
use crate::terminal::time::{TimeArgument, now};
use crate::viewer_url::{ViewerAddress, ViewerUrl};
use context::RequestContext;
use render::Terms;
use trust::TrustArguments;

/// Check whether CloudFront would serve a signed URL, or a URL with signed cookies, and explain why not
///
/// The report lists everything that is wrong; the first is what CloudFront answers, and the exit code is its cause.
#[derive(Args)]
#[command(after_help = exit_code::HELP)]
pub(super) struct Verify {
    /// The URL that a viewer requests, with its signature unless that is in cookies
    url: String,
    #[command(flatten)]
    trusted: TrustArguments,
    /// The id of the public key in --public-key; without it, the key is trusted under any id
    #[arg(long, value_name = "ID", requires = "public_key", conflicts_with = "key_groups")]
    key_pair_id: Option<String>,
    /// The signed cookies: the value of a Cookie header
    #[arg(long, value_name = "COOKIES")]
    cookie: Vec<String>,
    /// The file with the signed cookies: Set-Cookie or Cookie lines, or a jar of curl; - for standard input
    #[arg(long, value_name = "FILE")]
    cookies: Option<PathBuf>,
    /// The time of the request [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<TimeArgument>,
    /// The viewer's address; without it, one that the policy allows
    #[arg(long, value_name = "ADDRESS")]
    ip: Option<IpAddr>,
    #[command(flatten)]
    service: ServiceArguments,
}

impl Verify {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let now = now();
        let now = self.at.map_or(now, |at| at.resolve(now));
        let url = ViewerUrl::parse(&self.url)?;
        let cookies = self.cookies()?;
        let headers: Vec<&[u8]> = cookies.iter().map(String::as_bytes).collect();
        let trust = runtime::single_threaded()?
            .block_on(self.trusted.load(&self.service, self.key_pair_id.as_deref()))?;
        let request =
            url.request(&headers, self.ip.map_or(ViewerAddress::Allowed, ViewerAddress::Known), now);
        let context = RequestContext::of(&request, &trust, self.ip.is_some());
        Ok(report(&request, &context, output))
    }

    fn cookies(&self) -> Result<Vec<String>, Failure> {
        let mut headers: Vec<String> = self.cookie.iter().flat_map(|text| cookies::read(text)).collect();
        let Some(path) = &self.cookies else { return Ok(headers) };
        let file = path.display();
        let text = if path.as_os_str() == "-" {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_bytes| text)
        } else {
            std::fs::read_to_string(path)
        };
        let text =
            text.map_err(|error| Failure::because(format!("the cookies {file} cannot be read"), &error))?;
        headers.extend(cookies::read(&text));
        Ok(headers)
    }
}

fn report(request: &ViewerRequest<'_>, context: &RequestContext<'_>, output: Output) -> ExitCode {
    let parameters = match SignatureParameters::collect(request) {
        Ok(parameters) => parameters,
        Err(denial) => return refuse(&denial, std::slice::from_ref(&denial), None, context, output),
    };
    let terms = Terms::of(&parameters, &context.url);
    let trusted = |id: &str| context.trust.verifying(id);
    match verify(request, trusted) {
        Ok(verified) => {
            output.print(
                || render::served(&verified, &terms, context, request.now),
                || render::served_as_json(&verified, &terms, context),
            );
            ExitCode::SUCCESS
        }
        Err(first) => refuse(&first, &examine(request, trusted), Some(&terms), context, output),
    }
}

fn refuse(
    first: &Denial,
    all: &[Denial],
    terms: Option<&Terms>,
    context: &RequestContext<'_>,
    output: Output,
) -> ExitCode {
    output.print(
        || render::refused(all, first.code(), context),
        || render::refused_as_json(all, first.code(), terms, context),
    );
    ExitCode::from(exit_code::cause(first).exit_code)
}
