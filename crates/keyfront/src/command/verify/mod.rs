//! `keyfront verify`: would CloudFront serve this URL, and if not, why.
//!
//! The decision is the edge's own, of `keyfront-domain`; here it gets its keys, its time and its words. No
//! signature is ever printed.

mod cause;
mod cookies;
mod explain;
mod show;
mod trust;

use std::io::Read;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_domain::signed_request::{Clue, Form, Presented, Refusal, ViewerRequest, clue, examine, verify};

use super::asked::{Asked, Viewer};
use super::kvs::Place;
use super::moment::{Moment, now};
use super::output::Output;
use super::small_runtime;
use crate::failure::Failure;
use show::Terms;
use trust::{Source, Trust};

/// Say whether CloudFront would serve a signed URL, or a URL with signed cookies, and why not
///
/// The answer lists everything that is wrong, first what CloudFront answers. The exit code is the cause.
#[derive(Args)]
#[command(after_help = cause::HELP)]
pub(super) struct Verify {
    /// The URL that a viewer asks for, with its signature if that stands in it
    url: String,
    #[command(flatten)]
    trusted: Source,
    /// The id that the public key of --public-key has; without it, any id is its own
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
    at: Option<Moment>,
    /// Where the viewer is; without it, wherever the policy allows
    #[arg(long, value_name = "ADDRESS")]
    ip: Option<IpAddr>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
    #[command(flatten)]
    place: Place,
}

/// What was asked, for the words of the answer.
struct Question<'q> {
    trust: &'q Trust,
    /// The URL without CloudFront's parameters.
    url: String,
    form: Form,
    /// How a signature that does not hold was made.
    clue: Option<Clue>,
    /// An address was given.
    viewer_is_known: bool,
}

impl Verify {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let now = now();
        let now = self.at.map_or(now, |at| at.resolve(now));
        let asked = Asked::parse(&self.url)?;
        let cookies = self.cookies()?;
        let headers: Vec<&[u8]> = cookies.iter().map(String::as_bytes).collect();
        let trust = small_runtime()?.block_on(self.trusted.load(&self.place, self.key_pair_id.as_deref()))?;
        let request = asked.request(&headers, self.ip.map_or(Viewer::Allowed, Viewer::At), now);
        let question = question(&request, &trust, self.ip.is_some());
        Ok(answer(&request, &question, self.output))
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

fn question<'q>(request: &ViewerRequest<'_>, trust: &'q Trust, viewer_is_known: bool) -> Question<'q> {
    let presented = Presented::collect(request).ok();
    let sent = presented.as_ref().and_then(|presented| presented.key_pair_id().ok()).unwrap_or_default();
    let clue = clue(request, &trust.candidates(sent));
    let (form, target) = match presented {
        Some(presented) => (presented.form, presented.into_target()),
        None => (Form::Url, request.target.into()),
    };
    let url = format!("{}://{}{target}", request.scheme, request.host);
    Question { trust, url, form, clue, viewer_is_known }
}

fn answer(request: &ViewerRequest<'_>, question: &Question<'_>, output: Output) -> ExitCode {
    let presented = match Presented::collect(request) {
        Ok(presented) => presented,
        Err(refusal) => return refuse(&refusal, std::slice::from_ref(&refusal), None, question, output),
    };
    let terms = Terms::of(&presented, &question.url);
    let trusted = |id: &str| question.trust.verifying(id);
    match verify(request, trusted) {
        Ok(verified) => {
            output.print(
                || show::served(&verified, &terms, question, request.now),
                || show::served_as_json(&verified, &terms, question),
            );
            ExitCode::SUCCESS
        }
        Err(first) => refuse(&first, &examine(request, trusted), Some(&terms), question, output),
    }
}

fn refuse(
    first: &Refusal,
    all: &[Refusal],
    terms: Option<&Terms>,
    question: &Question<'_>,
    output: Output,
) -> ExitCode {
    output.print(
        || show::refused(all, first.code(), question),
        || show::refused_as_json(all, first.code(), terms, question),
    );
    ExitCode::from(cause::of(first).exit_code)
}
