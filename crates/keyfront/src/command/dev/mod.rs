//! `keyfront dev`: starts a server for development.

mod background;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use keyfront_api::REQUEST_LOG;
use keyfront_api::faults::NewRule;
use keyfront_domain::Settling;
use keyfront_edge::origin::{PrivateOrigins, Target};
use keyfront_edge::record::REQUEST_LOG as VIEWER_LOG;

use super::announcement::Announcement;
use super::fault::parse_rule;
use crate::authority::AuthorityFolder;
use crate::bootstrap::{self, Mode, Source, Started};
use crate::config::{ADMIN_PORT, Config, EDGE_PORT, PORT, S3Settings, TestingSettings, parse_address};
use crate::data_folder::ignore_in_git;
use crate::engine::EngineName;
use crate::failure::Failure;
use crate::seed::SeedReport;
use crate::terminal::{Output, tell};
use background::{Background, BackgroundArguments, Order};

/// Where data is kept unless told otherwise.
const USUAL_FOLDER: &str = ".keyfront";

/// Most memory for objects of viewers, in MiB: on this machine other things matter more.
const CACHE_MIB: u32 = 64;

/// How often files of standard logs are completed at least, in seconds: a person waits for them.
const COMPLETE_EVERY_SECONDS: u64 = 5;

/// Start a server for development, with the well-known credentials test/test
///
/// It listens on loopback only, in the account 000000000000, and keeps its data in .keyfront in the current
/// folder. Distributions are served to viewers on a second address, the edge. Once it answers it prints two lines,
/// `edge http://ADDRESS` and `ready http://ADDRESS`, on standard output, and with --admin a third one
/// `admin http://ADDRESS`; with --output json it prints one line of JSON instead. Everything else, such as a line for
/// each request, goes to standard error.
///
/// With --detach the server runs in the background, and the command ends once it answers. --stop with the same --data or
/// --run-folder ends that server and no other.
///
/// It ends with its terminal, unless `nohup` started it. Any other SIGHUP makes it read its files again.
#[derive(Args, Clone)]
pub(super) struct Dev {
    /// Keep data in this folder
    #[arg(long, value_name = "FOLDER", default_value = USUAL_FOLDER, conflicts_with = "ephemeral")]
    data: PathBuf,
    /// Keep data in memory; it is gone when the server stops
    #[arg(long)]
    ephemeral: bool,
    /// Listen on this loopback address, such as localhost:4800; port 0 takes a free one [default: 127.0.0.1:4700]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    listen: Option<SocketAddr>,
    /// Listen on this port of 127.0.0.1
    #[arg(long, value_name = "PORT", conflicts_with = "listen")]
    port: Option<u16>,
    /// The address of health, metrics and the calls for tests; it is printed [default: port 4701, or a free one if the API's is not 4700]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    admin: Option<SocketAddr>,
    /// The address for viewers of distributions; it is printed [default: port 4702, or a free one if the API's is not 4700]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    edge: Option<SocketAddr>,
    /// Serve viewers over HTTPS too, on this address, with certificates of the local authority (`keyfront ca --help`)
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    edge_tls: Option<SocketAddr>,
    /// Serve no viewers
    #[arg(long, conflicts_with_all = ["edge", "edge_tls", "origin"])]
    no_edge: bool,
    /// Reach the origin of this domain name there: a URL, such as http://127.0.0.1:3000, or a folder; can be repeated
    #[arg(long, value_name = "NAME=URL", value_parser = parse_origin)]
    origin: Vec<(String, Target)>,
    #[command(flatten)]
    authority: AuthorityFolder,
    /// Start with the stores of this folder, one file for each: redirects.json, flags.csv, x.yaml, y.ndjson; and with
    /// the resources of the documents in its folder `resources`
    #[arg(long, value_name = "FOLDER")]
    seed: Option<PathBuf>,
    /// Import from a folder as if it were this S3 bucket; can be repeated
    #[arg(long, value_name = "BUCKET=FOLDER", value_parser = parse_bucket)]
    bucket: Vec<(String, PathBuf)>,
    /// Import from this S3 endpoint, with the usual AWS credentials of the environment
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
    /// Take the certificate in this PEM file for the one with this ARN, which aliases must be covered by; can be repeated
    #[arg(long, value_name = "ARN=FILE", value_parser = parse_certificate)]
    certificate: Vec<(String, PathBuf)>,
    /// How long changes show InProgress: not at all, or about as long as at AWS [default: at-once]
    #[arg(long, value_name = "TIME", value_enum)]
    settling: Option<SettlingName>,
    /// Inject a fault from the start, as `keyfront fault add --help` describes; can be repeated
    #[arg(long, value_name = "RULE", value_parser = parse_rule)]
    fault: Vec<NewRule>,
    /// Take everything else from a configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What is logged, such as `debug` or `warn` [default: a line for each request, and what else is at `info`]
    #[arg(long, value_name = "FILTER", env = "KEYFRONT_LOG")]
    log: Option<String>,
    #[command(flatten)]
    background: BackgroundArguments,
    /// Stop when standard input ends, as it does when the process that started the server is gone
    #[arg(long)]
    exit_with_stdin: bool,
}

/// Times to settle, by name.
#[derive(Clone, Copy, ValueEnum)]
enum SettlingName {
    AtOnce,
    Aws,
}

fn parse_certificate(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((arn, file)) if !arn.is_empty() && !file.is_empty() => Ok((arn.to_owned(), file.into())),
        Some(_) | None => Err("write it as ARN=FILE".to_owned()),
    }
}

fn parse_bucket(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((bucket, folder)) if !bucket.is_empty() && !folder.is_empty() => {
            Ok((bucket.to_owned(), folder.into()))
        }
        Some(_) | None => Err("write it as BUCKET=FOLDER".to_owned()),
    }
}

fn parse_origin(text: &str) -> Result<(String, Target), String> {
    match text.split_once('=') {
        Some((name, target)) if !name.is_empty() => {
            let target = target.parse().map_err(|error| format!("{error}"))?;
            Ok((name.to_ascii_lowercase(), target))
        }
        Some(_) | None => {
            Err("write it as NAME=URL, such as api.example.com=http://127.0.0.1:3000".to_owned())
        }
    }
}

impl Dev {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let (run_folder, wait) = (self.background.run_folder(&self.data), self.background.wait());
        let in_background = match self.background.order() {
            Order::Stop => return background::stop(&run_folder, wait),
            Order::Start => return background::start(&run_folder, wait),
            Order::BeInBackground => {
                background::leave_terminal();
                Some(Background::hold(&run_folder)?)
            }
            Order::BeInForeground => None,
        };
        let admin_is_named = self.admin.is_some();
        let config = self.clone().into_config()?;
        let log = config.log.start_for_development()?;
        let source = Source { read: Box::new(move || self.clone().into_config()), log };
        let empty = is_empty(Path::new("."));
        let durable = config.store.engine.is_durable();
        // A folder that existed before may be a project: only the data is put into it.
        let made_here = durable && !config.store.data.exists();
        let data = if durable { config.store.data.display().to_string() } else { "memory".to_owned() };
        bootstrap::run(&config, Mode::Development, source, |started| {
            if made_here {
                ignore_in_git(&config.store.data);
            }
            welcome(started, &data);
            if empty {
                tell(
                    "There is nothing in this folder yet: `keyfront init` writes a project to begin with.\n",
                );
            }
            Announcement::of(started, "http", admin_is_named).print(output);
            if in_background.is_some() {
                background::announced();
            }
        })
    }

    fn into_config(self) -> Result<Config, Failure> {
        let mut config = self.config.as_deref().map(Config::load).transpose()?.unwrap_or_default();
        config.require_no_following()?;
        let listen = self.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], self.port.unwrap_or(PORT))));
        if !listen.ip().is_loopback() || self.admin.is_some_and(|admin| !admin.ip().is_loopback()) {
            return Err(Failure::new(
                "`keyfront dev` accepts well-known credentials, so it listens on loopback only; start a server that \
                 other machines can reach with `keyfront serve`",
            ));
        }
        config.server.listen = listen;
        let admin_port = if listen.port() == PORT { ADMIN_PORT } else { 0 };
        config.admin.listen = self.admin.unwrap_or_else(|| SocketAddr::new(listen.ip(), admin_port));
        config.server.tls = None;
        config.edge.enabled = !self.no_edge;
        let edge_port = if listen.port() == PORT { EDGE_PORT } else { 0 };
        config.edge.listen = self.edge.unwrap_or_else(|| SocketAddr::new(listen.ip(), edge_port));
        config.edge.tls_listen = self.edge_tls;
        config.edge.authority = self.edge_tls.map(|_| self.authority.path()).transpose()?;
        config.edge.cache_memory_mib = config.edge.cache_memory_mib.min(CACHE_MIB);
        config.edge.private_origins = PrivateOrigins::All;
        config.edge.reach_unmapped.get_or_insert(false);
        config.edge.logs.complete_every_seconds =
            config.edge.logs.complete_every_seconds.min(COMPLETE_EVERY_SECONDS);
        config.edge.origins.extend(self.origin);
        config.testing = TestingSettings { faults: true, snapshots: true };
        config.faults = self.fault;
        config.store.data = self.data;
        if self.ephemeral {
            config.store.engine = EngineName::Memory;
        }
        config.seed = self.seed;
        config.exit_with_stdin = self.exit_with_stdin;
        config.import.folders.extend(self.bucket);
        config.certificates.accept_undeclared = true;
        config.certificates.files.extend(self.certificate);
        match self.settling {
            Some(SettlingName::AtOnce) => config.settling = Settling::AT_ONCE,
            Some(SettlingName::Aws) => config.settling = Settling::AWS,
            None => {}
        }
        if let Some(endpoint) = self.s3_endpoint {
            config.import.s3 = Some(S3Settings::at(endpoint));
        }
        if let Some(filter) = self.log {
            config.log.filter = filter;
        } else if self.config.is_none() {
            config.log.filter = format!("info,{REQUEST_LOG}=debug,{VIEWER_LOG}=debug");
        }
        config.check()?;
        Ok(config)
    }
}

fn welcome(started: &Started<'_>, data: &str) {
    let Started { api, admin, edge, edge_tls, seed } = started;
    let endpoint = if api.port() == PORT { String::new() } else { format!(" --endpoint http://{api}") };
    let edge = edge.map(|address| format!("  edge     http://{address}\n")).unwrap_or_default();
    let edge_tls = edge_tls.map(|address| format!("  edge     https://{address}\n")).unwrap_or_default();
    tell(format!(
        "\nKeyfront for development: account 000000000000, credentials test/test, data in {data}\n\n  \
         API      http://{api}\n{edge}{edge_tls}  health   http://{admin}/health\n  metrics  http://{admin}/metrics\n{}\n\
         Type next, in another terminal:\n\n  \
         keyfront exec{endpoint} -- aws cloudfront create-key-value-store --name first\n  \
         keyfront exec{endpoint} -- terraform apply\n  \
         keyfront exec{endpoint} -- python app.py\n",
        seed.map(seeded).unwrap_or_default()
    ));
}

/// Whether a folder has nothing in it that a person put there.
fn is_empty(folder: &Path) -> bool {
    let own = [USUAL_FOLDER, ".git"];
    let Ok(mut entries) = folder.read_dir() else { return false };
    entries.all(|entry| entry.is_ok_and(|entry| own.iter().any(|name| entry.file_name() == *name)))
}

/// What was made of the seed, as lines of the welcome.
fn seeded(seed_report: &SeedReport) -> String {
    let SeedReport { folder, created, present } = seed_report;
    let listed = |what: &str, names: &[String]| {
        let plural = if names.len() == 1 { "" } else { "s" };
        let listed = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
        format!("{} {what}{plural}{listed}", names.len())
    };
    let mut lines = format!("\n  seeded from {}  {}\n", folder.display(), listed("store", &created.stores));
    if !created.resources.is_empty() {
        lines += &format!("  and {}\n", listed("resource", &created.resources));
    }
    for (what, names) in [("store", &present.stores), ("resource", &present.resources)] {
        if !names.is_empty() {
            lines += &format!("  left as they are, because they exist  {}\n", listed(what, names));
        }
    }
    lines
}
