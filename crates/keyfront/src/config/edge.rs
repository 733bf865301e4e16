//! Settings of the edge: where viewers come to, how origins are reached, what is logged.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use keyfront_edge::origin::{
    BucketFolder, ClientCertificate, OriginCredentials, OriginSettings, PrivateOrigins, S3Settings, Target,
};
use keyfront_edge::record::LogSettings;
use keyfront_edge::settings::ViewerSettings;
use keyfront_edge::{CacheDisk, DiskFolder};
use keyfront_http::Limits;
use serde::Deserialize;

use super::{AcmeSettings, ImportSettings, TlsSettings, address, folder, read_secret};
use crate::failure::Failure;

/// The port of the edge.
pub(crate) const EDGE_PORT: u16 = 4702;

/// Room for a request's line and headers. The edge refuses longer URLs than 8,192 bytes and more headers than 32,768
/// bytes itself, as CloudFront does, and for that it has to read them.
const MAX_HEADER_BYTES: usize = 128 * 1024;

/// What the edge takes of a request's line and headers.
const MOST_BYTES_OF_A_HEAD: usize = 32 * 1024;

const MIB: u64 = 1024 * 1024;

/// The edge, which serves distributions to viewers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EdgeSettings {
    /// Whether `keyfront serve` has an edge. `keyfront dev` has one unless told otherwise.
    pub(crate) enabled: bool,
    /// The address for viewers. Loopback unless told otherwise.
    #[serde(deserialize_with = "address::deserialize")]
    pub(crate) listen: SocketAddr,
    /// The address for viewers that come over HTTPS.
    #[serde(deserialize_with = "address::deserialize_optional")]
    pub(crate) tls_listen: Option<SocketAddr>,
    /// What the edge calls its place, in `X-Amz-Cf-Pop` and in logs.
    pub(crate) location: String,
    /// Memory for objects, in MiB.
    pub(crate) cache_memory_mib: u32,
    /// Where objects are kept that are too large for memory.
    pub(crate) cache: EdgeCacheSettings,
    /// The country of viewers that are in none of the networks of `countries`; empty where it is not known.
    pub(crate) viewer_country: String,
    /// Countries by network: `"10.0.0.0/8" = "DE"`.
    pub(crate) countries: BTreeMap<String, String>,
    /// Networks of proxies that are believed when they say for whom they ask, with `X-Forwarded-For` and
    /// `X-Forwarded-Proto`.
    pub(crate) trusted_proxies: Vec<String>,
    /// Ports that lead to one distribution, whatever the host: `4710 = "E1XRY7J5866V6G"`.
    pub(crate) ports: BTreeMap<String, String>,
    /// Certificates by the ARN of ACM or the id of IAM that distributions name; `default` is for all other names.
    pub(crate) certificates: BTreeMap<String, TlsSettings>,
    /// Certificates that the edge gets itself.
    pub(crate) acme: AcmeSettings,
    /// Where the origins of some names are reached here: a URL or a folder.
    pub(crate) origins: BTreeMap<String, Target>,
    /// Which origins may have private addresses: `"all"`, or a list of names.
    pub(crate) private_origins: PrivateOrigins,
    /// Whether origins without a mapping are reached at all. `keyfront dev` does not unless told so.
    pub(crate) reach_unmapped: Option<bool>,
    /// PEM files of authorities whose certificates origins may have, beside those of the system.
    pub(crate) certificate_authorities: Vec<PathBuf>,
    /// Certificates that the edge shows to origins, by the ARN in ACM that an `OriginMtlsConfig` names.
    pub(crate) client_certificates: BTreeMap<String, TlsSettings>,
    /// Requests at the same time to one origin.
    pub(crate) connections_per_origin: usize,
    /// What stands in for S3. What it does not say is taken from `[import]`.
    pub(crate) s3: S3Settings,
    /// Logs of viewer requests.
    pub(crate) logs: EdgeLogSettings,
    /// The folder of the local authority, which signs certificates for names without one. Only `keyfront dev` has it, from
    /// its command line.
    #[serde(skip)]
    pub(crate) authority: Option<PathBuf>,
    /// Connections of viewers at the same time.
    pub(crate) max_connections: usize,
    /// Connections of one address at the same time, a network of 64 bits with IPv6.
    pub(crate) max_connections_per_address: usize,
    /// Requests at the same time on one HTTP/2 connection.
    pub(crate) max_streams_per_connection: u32,
    /// Time for the TLS handshake and for the headers of a request, in seconds. An idle connection of HTTP/1.1 is closed
    /// after it.
    pub(crate) header_timeout_seconds: u64,
    /// Time after which a connection without a request is closed, in seconds.
    pub(crate) idle_timeout_seconds: u64,
    /// Time after which a request ends whose viewer sends nothing more of its body, in seconds.
    pub(crate) read_timeout_seconds: u64,
    /// Time after which a connection is closed whose viewer takes nothing of what is sent to it, in seconds.
    pub(crate) write_timeout_seconds: u64,
    /// Time after which a WebSocket is closed through which nothing goes, in seconds.
    pub(crate) websocket_idle_timeout_seconds: u64,
}

/// Where objects are kept that are too large for memory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EdgeCacheSettings {
    /// The folder. Without one, such objects pass through. It is made where there is none, and emptied at each start.
    pub(crate) disk: Option<PathBuf>,
    /// What it may take, in MiB.
    pub(crate) disk_mib: u32,
}

impl Default for EdgeCacheSettings {
    fn default() -> Self {
        EdgeCacheSettings { disk: None, disk_mib: 10_240 }
    }
}

impl EdgeCacheSettings {
    /// The folder, open.
    pub(crate) fn open(&self) -> Result<Option<CacheDisk>, Failure> {
        let Some(path) = &self.disk else { return Ok(None) };
        let folder = DiskFolder::open(path).map_err(|error| Failure::because("[edge.cache] disk", &error))?;
        Ok(Some(CacheDisk { folder, bytes: u64::from(self.disk_mib) * MIB }))
    }

    fn check(&self) -> Result<(), Failure> {
        const LEAST_MIB: u32 = 64;
        if self.disk_mib < LEAST_MIB {
            return Err(Failure::new(format!("[edge.cache] disk_mib must be at least {LEAST_MIB}")));
        }
        self.disk.as_deref().map_or(Ok(()), |folder| folder::check("[edge.cache] disk", folder))
    }
}

/// Logs of viewer requests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EdgeLogSettings {
    /// The folder that stands in for the buckets of standard logs and the streams of real-time logs. Without one none are
    /// written.
    pub(crate) folder: Option<PathBuf>,
    /// How often files of standard logs are completed, in seconds.
    pub(crate) complete_every_seconds: u64,
}

impl Default for EdgeSettings {
    fn default() -> Self {
        EdgeSettings {
            enabled: false,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, EDGE_PORT)),
            tls_listen: None,
            // No airport has this code.
            location: "ZZZ50-C1".to_owned(),
            cache_memory_mib: 256,
            cache: EdgeCacheSettings::default(),
            viewer_country: String::new(),
            countries: BTreeMap::new(),
            trusted_proxies: Vec::new(),
            ports: BTreeMap::new(),
            certificates: BTreeMap::new(),
            acme: AcmeSettings::default(),
            origins: BTreeMap::new(),
            private_origins: PrivateOrigins::default(),
            reach_unmapped: None,
            certificate_authorities: Vec::new(),
            client_certificates: BTreeMap::new(),
            connections_per_origin: 1024,
            s3: S3Settings::default(),
            logs: EdgeLogSettings::default(),
            authority: None,
            max_connections: 16_384,
            max_connections_per_address: 16_384,
            max_streams_per_connection: 128,
            header_timeout_seconds: 30,
            idle_timeout_seconds: 60,
            read_timeout_seconds: 30,
            write_timeout_seconds: 60,
            // AWS: "Use WebSockets with CloudFront distributions".
            websocket_idle_timeout_seconds: 600,
        }
    }
}

impl Default for EdgeLogSettings {
    fn default() -> Self {
        EdgeLogSettings { folder: None, complete_every_seconds: 300 }
    }
}

impl EdgeSettings {
    /// The limits of the edge's listeners.
    pub(crate) fn limits(&self, shutdown_timeout: Duration) -> Limits {
        Limits {
            max_connections: self.max_connections,
            max_connections_per_address: self.max_connections_per_address,
            max_streams_per_connection: self.max_streams_per_connection,
            max_header_bytes: MAX_HEADER_BYTES,
            // The service limits the size alone.
            max_headers: Limits::headers_of(MOST_BYTES_OF_A_HEAD),
            header_timeout: Duration::from_secs(self.header_timeout_seconds),
            idle_timeout: Duration::from_secs(self.idle_timeout_seconds),
            read_timeout: Duration::from_secs(self.read_timeout_seconds),
            write_timeout: Duration::from_secs(self.write_timeout_seconds),
            tunnel_idle_timeout: Duration::from_secs(self.websocket_idle_timeout_seconds),
            shutdown_timeout,
        }
    }

    /// Memory for objects, in bytes.
    pub(crate) fn cache_bytes(&self) -> u64 {
        u64::from(self.cache_memory_mib) * MIB
    }

    /// Where viewers are, and who may speak for them.
    pub(crate) fn viewers(&self) -> Result<ViewerSettings, Failure> {
        let countries = self.countries.iter().map(|(network, country)| (network.as_str(), country.as_str()));
        let proxies = self.trusted_proxies.iter().map(String::as_str);
        ViewerSettings::new(&self.viewer_country, countries, proxies).map_err(|error| {
            Failure::new(format!("[edge] viewer_country, countries or trusted_proxies: {error}"))
        })
    }

    /// The distributions that have a port of their own.
    pub(crate) fn distributions_by_port(&self) -> Result<BTreeMap<u16, String>, Failure> {
        let numbers = self.ports.iter().map(|(port, distribution)| {
            let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(|| {
                Failure::new(format!("[edge.ports] {port:?} is not a port: write a number from 1 to 65535"))
            })?;
            Ok((port, distribution.clone()))
        });
        numbers.collect()
    }

    /// How origins are reached. Buckets that imports know are known to the edge too.
    pub(crate) fn origins(&self, import: &ImportSettings) -> Result<OriginSettings, Failure> {
        let mut s3 = self.s3.clone();
        for (bucket, folder) in &import.folders {
            s3.folders.entry(bucket.clone()).or_insert_with(|| BucketFolder::at(folder.clone()));
        }
        s3.bucket_host_suffixes.extend(import.bucket_host_suffixes.iter().cloned());
        if s3.endpoint.is_none()
            && let Some(imports) = &import.s3
            && let Some(endpoint) = &imports.endpoint
        {
            let endpoint =
                endpoint.parse().map_err(|error| Failure::because("[import.s3] endpoint", &error))?;
            s3.endpoint = Some(endpoint);
            s3.region.get_or_insert_with(|| imports.region.clone());
            s3.path_style = s3.path_style.or(imports.path_style);
            if s3.access_key_id.is_none() {
                s3.access_key_id.clone_from(&imports.access_key_id);
                s3.secret_access_key_file.clone_from(&imports.secret_access_key_file);
            }
        }
        s3.credentials = credentials(&s3)?;
        let settings = OriginSettings {
            mappings: self.origins.clone(),
            private_origins: self.private_origins.clone(),
            reach_unmapped: self.reach_unmapped.unwrap_or(true),
            s3,
            certificate_authorities: self.certificate_authorities.clone(),
            client_certificates: self.client_certificates()?,
            connections_per_origin: self.connections_per_origin,
            ..OriginSettings::default()
        };
        settings.check().map_err(|error| Failure::because("[edge]", &error))?;
        Ok(settings)
    }

    /// Reads what the edge shows to origins.
    fn client_certificates(&self) -> Result<BTreeMap<String, ClientCertificate>, Failure> {
        let read = |(arn, files): (&String, &TlsSettings)| {
            let why = || format!("[edge.client_certificates] {arn}: {}", files.certificate.display());
            let chain = std::fs::read(&files.certificate).map_err(|error| Failure::because(why(), &error))?;
            let private_key = read_secret(&files.private_key)?;
            Ok((arn.clone(), ClientCertificate { chain, private_key }))
        };
        self.client_certificates.iter().map(read).collect()
    }

    /// Where logs are written; `None` for none.
    pub(crate) fn logs(&self) -> Option<LogSettings> {
        let complete_every = Duration::from_secs(self.logs.complete_every_seconds);
        self.logs.folder.clone().map(|folder| LogSettings { folder, complete_every })
    }

    pub(super) fn check(&self, import: &ImportSettings) -> Result<(), Failure> {
        const MOST_CONNECTIONS: usize = 1_000_000;
        const DAY: u64 = 24 * 60 * 60;
        let connections = [self.max_connections, self.max_connections_per_address];
        if connections.iter().any(|number| !(1..=MOST_CONNECTIONS).contains(number))
            || self.max_streams_per_connection == 0
        {
            return Err(Failure::new(format!(
                "[edge] max_connections and max_connections_per_address must be from 1 to {MOST_CONNECTIONS}, and \
                 max_streams_per_connection at least 1"
            )));
        }
        for (name, seconds) in [
            ("header_timeout_seconds", self.header_timeout_seconds),
            ("idle_timeout_seconds", self.idle_timeout_seconds),
            ("read_timeout_seconds", self.read_timeout_seconds),
            ("write_timeout_seconds", self.write_timeout_seconds),
            ("websocket_idle_timeout_seconds", self.websocket_idle_timeout_seconds),
            ("logs.complete_every_seconds", self.logs.complete_every_seconds),
        ] {
            if !(1..=DAY).contains(&seconds) {
                return Err(Failure::new(format!("[edge] {name} must be from 1 to {DAY}")));
            }
        }
        let location = self.location.as_bytes();
        if location.is_empty() || !location.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
            return Err(Failure::new("[edge] location has letters, digits and hyphens, such as FRA56-P1"));
        }
        let certificates = self.certificates.iter().map(|one| ("[edge.certificates]", one));
        let shown = self.client_certificates.iter().map(|one| ("[edge.client_certificates]", one));
        for (setting, (name, tls)) in certificates.chain(shown) {
            if let Some(file) = [&tls.certificate, &tls.private_key].into_iter().find(|file| !file.is_file())
            {
                let file = file.display();
                return Err(Failure::new(format!("{setting} {name}: {file} is not a file")));
            }
        }
        self.cache.check()?;
        self.logs.folder.as_deref().map_or(Ok(()), |folder| folder::check("[edge.logs] folder", folder))?;
        self.acme.check(self.tls_listen.is_some())?;
        self.viewers()?;
        self.distributions_by_port()?;
        self.origins(import).map(|_usable| ())
    }
}

/// The keys that requests to S3 are signed with.
fn credentials(s3: &S3Settings) -> Result<Option<OriginCredentials>, Failure> {
    let (access_key_id, file) = match (&s3.access_key_id, &s3.secret_access_key_file) {
        (None, None) => return Ok(None),
        (Some(id), Some(file)) => (id.clone(), file),
        (Some(_), None) | (None, Some(_)) => {
            return Err(Failure::new("[edge.s3] access_key_id and secret_access_key_file go together"));
        }
    };
    let secret = String::from_utf8(read_secret(file)?)
        .map_err(|error| Failure::because(format!("{} is not text", file.display()), &error))?;
    let secret_access_key = secret.trim().to_owned();
    Ok(Some(OriginCredentials { access_key_id, secret_access_key, session_token: None }))
}
