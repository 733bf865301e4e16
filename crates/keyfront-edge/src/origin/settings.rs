//! Settings of origins: where their names are reached here, what may be connected to, and what stands in for S3.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::target::Target;

/// How origins are reached. Times that a distribution sets, such as those for connecting and reading, are not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginSettings {
    /// Where the origins of some names are reached here (`[edge.origins]`): a domain name, one with a port
    /// (`api.example.com:8080`), or the id of a VPC origin. A mapping may lead to private addresses.
    pub mappings: BTreeMap<String, Target>,
    /// Which names without a mapping may have private addresses.
    pub private_origins: PrivateOrigins,
    /// Whether public addresses are connected to without a mapping. `keyfront dev` does not unless told so: a test on
    /// a laptop must not reach production by surprise.
    pub reach_unmapped: bool,
    /// What stands in for S3 (`[edge.s3]`).
    pub s3: S3Settings,
    /// PEM files with certificates of authorities that are trusted beside those of the system.
    pub certificate_authorities: Vec<PathBuf>,
    /// What the edge shows to origins that ask for its certificate, by the ARN in ACM that distributions name.
    pub client_certificates: BTreeMap<String, ClientCertificate>,
    /// Requests at the same time to one origin, 1 or more. A further one waits.
    pub connections_per_origin: usize,
    /// How long a request waits until the origin has room for it.
    pub wait_for_room: Duration,
}

impl Default for OriginSettings {
    fn default() -> OriginSettings {
        OriginSettings {
            mappings: BTreeMap::new(),
            private_origins: PrivateOrigins::default(),
            reach_unmapped: true,
            s3: S3Settings::default(),
            certificate_authorities: Vec::new(),
            client_certificates: BTreeMap::new(),
            connections_per_origin: 1024,
            wait_for_room: Duration::from_secs(10),
        }
    }
}

/// A certificate that the edge shows to origins, and its key, both PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The certificate, and the chain behind it.
    pub chain: Vec<u8>,
    /// The private key.
    pub private_key: Vec<u8>,
}

/// Without the key.
impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").finish_non_exhaustive()
    }
}

/// Names that may have addresses which the internet does not reach. Without this rule the owner of a distribution
/// could read what only the server sees, such as the metadata service of a cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivateOrigins {
    /// Every name may.
    All,
    /// These may, in lower case.
    Only(Vec<String>),
}

impl Default for PrivateOrigins {
    fn default() -> PrivateOrigins {
        PrivateOrigins::Only(Vec::new())
    }
}

impl PrivateOrigins {
    /// Whether a host, in lower case, may have a private address.
    pub fn allow(&self, host: &str) -> bool {
        match self {
            PrivateOrigins::All => true,
            PrivateOrigins::Only(hosts) => hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)),
        }
    }
}

/// `"all"`, or a list of names.
impl<'de> Deserialize<'de> for PrivateOrigins {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<PrivateOrigins, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "\"all\" or a list of host names")]
        enum Form {
            Word(String),
            Hosts(Vec<String>),
        }
        match Form::deserialize(deserializer)? {
            Form::Word(word) if word == "all" => Ok(PrivateOrigins::All),
            Form::Word(word) => {
                let expected = "\"all\" or a list of host names";
                Err(serde::de::Error::invalid_value(serde::de::Unexpected::Str(&word), &expected))
            }
            Form::Hosts(hosts) => Ok(PrivateOrigins::Only(hosts)),
        }
    }
}

/// What stands in for S3.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3Settings {
    /// Folders that stand in for buckets, by the buckets' names. They come before the endpoint.
    pub folders: BTreeMap<String, BucketFolder>,
    /// The URL of an S3-compatible server that has all other buckets; without it AWS's own hosts are meant.
    pub endpoint: Option<Target>,
    /// The region that requests to the endpoint are signed for; without it the one in the name of the bucket's host.
    pub region: Option<String>,
    /// Put the bucket into the path instead of the host, as most servers other than AWS want it. Default: yes with an
    /// endpoint.
    pub path_style: Option<bool>,
    /// The id of the key that requests are signed with.
    pub access_key_id: Option<String>,
    /// The file with the secret access key. Who reads the configuration reads it into [`S3Settings::credentials`].
    pub secret_access_key_file: Option<PathBuf>,
    /// What the names of hosts of buckets end with, after the bucket and a dot, beside those of S3 itself.
    pub bucket_host_suffixes: Vec<String>,
    /// The keys that requests are signed with for origin access controls and identities.
    #[serde(skip)]
    pub credentials: Option<OriginCredentials>,
}

/// A folder that stands in for a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketFolder {
    /// The folder; its files are the objects.
    pub path: PathBuf,
    /// Whether requests are answered that no origin access control or identity signs. Buckets are private.
    pub public: bool,
    /// Whether a missing object is told apart from a forbidden one, as S3 does for who may list the bucket: 404
    /// `NoSuchKey` instead of 403 `AccessDenied`.
    pub list: bool,
    /// The object that a website answers with for a folder.
    pub index_document: String,
    /// The object that a website answers with, beside the status, for what is not there.
    pub error_document: String,
}

impl BucketFolder {
    /// A private bucket.
    pub fn at(path: PathBuf) -> BucketFolder {
        let (index_document, error_document) = ("index.html".to_owned(), "error.html".to_owned());
        BucketFolder { path, public: false, list: false, index_document, error_document }
    }
}

/// A path alone, or a table with it.
impl<'de> Deserialize<'de> for BucketFolder {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<BucketFolder, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "a path, or a table with path, public, list, index_document, error_document"
        )]
        enum Form {
            Path(PathBuf),
            Table(Table),
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            path: PathBuf,
            #[serde(default)]
            public: bool,
            #[serde(default)]
            list: bool,
            index_document: Option<String>,
            error_document: Option<String>,
        }
        let table = match Form::deserialize(deserializer)? {
            Form::Path(path) => return Ok(BucketFolder::at(path)),
            Form::Table(table) => table,
        };
        let usual = BucketFolder::at(table.path);
        Ok(BucketFolder {
            public: table.public,
            list: table.list,
            index_document: table.index_document.unwrap_or(usual.index_document),
            error_document: table.error_document.unwrap_or(usual.error_document),
            path: usual.path,
        })
    }
}

/// Keys that requests to origins are signed with (SigV4).
#[derive(Clone, PartialEq, Eq)]
pub struct OriginCredentials {
    /// The id of the key.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: String,
    /// The token of temporary keys.
    pub session_token: Option<String>,
}

/// Without the secrets.
impl fmt::Debug for OriginCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OriginCredentials")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// Settings that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum OriginSettingsError {
    /// A file of certificate authorities cannot be read.
    #[error("{path}: {cause}", path = .path.display())]
    CertificateAuthority {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// A certificate for origins cannot be shown.
    #[error("client_certificates: {arn}: {cause}")]
    ClientCertificate {
        /// What distributions call it.
        arn: String,
        /// Why.
        cause: String,
    },
    /// A folder is not one.
    #[error("{name}: {path} is not a folder", path = .path.display())]
    Folder {
        /// The bucket or the host.
        name: String,
        /// The path.
        path: PathBuf,
    },
    /// The endpoint of S3 is not a server.
    #[error("endpoint: write the URL of a server, such as http://127.0.0.1:9000")]
    Endpoint,
    /// A number that leaves no request through.
    #[error("connections_per_origin is at least 1")]
    NoConnections,
}

impl OriginSettings {
    /// Refuses settings that cannot work.
    ///
    /// # Errors
    /// The first setting that cannot.
    pub fn check(&self) -> Result<(), OriginSettingsError> {
        if self.connections_per_origin == 0 {
            return Err(OriginSettingsError::NoConnections);
        }
        if matches!(self.s3.endpoint, Some(Target::Folder(_))) {
            return Err(OriginSettingsError::Endpoint);
        }
        let mapped = self.mappings.iter().filter_map(|(name, target)| match target {
            Target::Folder(path) => Some((name, path)),
            Target::Server(_) => None,
        });
        let buckets = self.s3.folders.iter().map(|(name, folder)| (name, &folder.path));
        for (name, path) in mapped.chain(buckets) {
            if !path.is_dir() {
                return Err(OriginSettingsError::Folder { name: name.clone(), path: path.clone() });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn private_origins_are_all_or_a_list_of_names() {
        for (json, expected) in [
            (r#""all""#, Some(PrivateOrigins::All)),
            (r#"["api.example.com"]"#, Some(PrivateOrigins::Only(vec!["api.example.com".to_owned()]))),
            ("[]", Some(PrivateOrigins::Only(Vec::new()))),
            (r#""none""#, None),
            ("1", None),
        ] {
            assert_eq!(read::<PrivateOrigins>(json).ok(), expected, "{json}");
        }
        let only = PrivateOrigins::Only(vec!["Api.example.com".to_owned()]);
        assert!(only.allow("api.example.com") && !only.allow("example.com"));
        assert!(PrivateOrigins::All.allow("any"));
    }

    #[test]
    fn a_bucket_is_a_path_or_a_table() {
        let json =
            r#"{"folders": {"a": "site", "b": {"path": "c", "public": true, "error_document": "404.html"}}}"#;
        let s3 = read::<S3Settings>(json).unwrap();
        assert_eq!(s3.folders["a"], BucketFolder::at("site".into()));
        let mut expected = BucketFolder::at("c".into());
        expected.public = true;
        expected.error_document = "404.html".to_owned();
        assert_eq!(s3.folders["b"], expected);
        for wrong in [r#"{"folders": {"a": {"path": "c", "publick": true}}}"#, r#"{"url": "x"}"#] {
            assert!(read::<S3Settings>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let here = tempfile::tempdir().unwrap();
        let folder = |path: PathBuf| OriginSettings {
            mappings: BTreeMap::from([("a.example.com".to_owned(), Target::Folder(path))]),
            ..OriginSettings::default()
        };
        assert!(folder(here.path().to_owned()).check().is_ok());
        let error = folder(here.path().join("none")).check().unwrap_err().to_string();
        assert!(error.contains("a.example.com") && error.contains("is not a folder"), "{error}");
        let settings = OriginSettings { connections_per_origin: 0, ..OriginSettings::default() };
        assert!(matches!(settings.check(), Err(OriginSettingsError::NoConnections)));
        let s3 = S3Settings { endpoint: Some(Target::Folder("x".into())), ..S3Settings::default() };
        let settings = OriginSettings { s3, ..OriginSettings::default() };
        assert!(matches!(settings.check(), Err(OriginSettingsError::Endpoint)));
    }

    #[test]
    fn secrets_are_not_printed() {
        let credentials = OriginCredentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: "secret".to_owned(),
            session_token: Some("token".to_owned()),
        };
        let printed = format!("{credentials:?}");
        assert!(printed.contains("AKIDEXAMPLE") && !printed.contains("secret") && !printed.contains("token"));
    }
}
