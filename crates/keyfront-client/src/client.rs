//! The client: endpoint, credentials, retries and time limits of both planes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudfront::config::Credentials;
use aws_sdk_cloudfront::config::http::HttpResponse;
use aws_sdk_cloudfront::config::retry::RetryConfig;
use aws_sdk_cloudfront::config::timeout::TimeoutConfig;
use aws_sdk_cloudfront::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudfrontkeyvaluestore::config::SharedCredentialsProvider;
use aws_sdk_cloudfrontkeyvaluestore::config::endpoint::{
    DefaultResolver, Endpoint as Resolved, EndpointFuture, Params, ResolveEndpoint,
};

use crate::connection::{Attempts, Connection};
use crate::error::{AWS, ClientError, ErrorKind};

/// The region of CloudFront's control plane, and the default one.
const REGION: &str = "us-east-1";

/// How often one request is sent at most: throttling, 5xx and lost connections are tried again.
const MAX_ATTEMPTS: u32 = 8;
/// The pause before the second attempt; it doubles, with jitter, up to [`MAX_BACKOFF`].
const INITIAL_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time in which one attempt must be answered.
const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(1);

/// Where requests go.
#[derive(Clone)]
pub enum Endpoint {
    /// A Keyfront server.
    Keyfront {
        /// Such as `http://127.0.0.1:4700`.
        url: String,
        /// The access key id.
        access_key_id: String,
        /// The secret access key.
        secret_access_key: String,
    },
    /// AWS, with the usual chain of credentials.
    Aws {
        /// The profile, if not the usual one.
        profile: Option<String>,
        /// The region, if not the profile's.
        region: Option<String>,
    },
}

/// Calls of both planes at one endpoint.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) control: aws_sdk_cloudfront::Client,
    pub(crate) data: aws_sdk_cloudfrontkeyvaluestore::Client,
    identity: aws_sdk_sts::Client,
    /// Whether the endpoint may have Keyfront's extensions. Shared by all copies of this client.
    extensions: Arc<AtomicBool>,
    /// For messages.
    pub(crate) endpoint: String,
}

impl Client {
    /// Gets ready to call an endpoint; nothing is sent yet.
    ///
    /// # Errors
    /// The certificates of the connection cannot be used.
    pub async fn new(endpoint: &Endpoint, connection: &Connection) -> Result<Client, ClientError> {
        let http_client = connection.http_client()?;
        let (shared, url) = match endpoint {
            Endpoint::Keyfront { url, access_key_id, secret_access_key } => {
                let credentials = Credentials::new(access_key_id, secret_access_key, None, None, "keyfront");
                let mut shared = SdkConfig::builder()
                    .behavior_version(BehaviorVersion::latest())
                    .region(Region::new(REGION))
                    .credentials_provider(SharedCredentialsProvider::new(credentials))
                    .retry_config(retries())
                    .timeout_config(timeouts());
                shared.set_http_client(http_client);
                (shared.build(), Some(url.trim_end_matches('/').to_owned()))
            }
            Endpoint::Aws { profile, region } => {
                let mut loader = aws_config::defaults(BehaviorVersion::latest())
                    .retry_config(retries())
                    .timeout_config(timeouts());
                if let Some(profile) = profile {
                    // The chain would ask the environment first; a named profile comes before it.
                    let named = ProfileFileCredentialsProvider::builder().profile_name(profile).build();
                    loader = loader.profile_name(profile).credentials_provider(named);
                }
                if let Some(http_client) = http_client {
                    loader = loader.http_client(http_client);
                }
                if let Some(region) = region {
                    loader = loader.region(Region::new(region.clone()));
                }
                let mut shared = loader.load().await;
                if shared.region().is_none() {
                    shared = shared.into_builder().region(Region::new(REGION)).build();
                }
                (shared, None)
            }
        };
        Ok(Client::at(&shared, url.as_deref(), connection.notice))
    }

    /// A client of the server at a URL, or of AWS.
    fn at(shared: &SdkConfig, url: Option<&str>, notice: fn(&str)) -> Client {
        let endpoint = url.unwrap_or(AWS).to_owned();
        let attempts = Attempts::new(&endpoint, notice);
        let mut control = aws_sdk_cloudfront::config::Builder::from(shared)
            .interceptor(attempts.clone())
            .retry_classifier(attempts.clone());
        let mut identity = aws_sdk_sts::config::Builder::from(shared)
            .interceptor(attempts.clone())
            .retry_classifier(attempts.clone());
        let mut data = aws_sdk_cloudfrontkeyvaluestore::config::Builder::from(shared)
            .interceptor(attempts.clone())
            .retry_classifier(attempts);
        if let Some(url) = url {
            control = control.endpoint_url(url);
            identity = identity.endpoint_url(url);
            data = data.endpoint_resolver(Direct { url: url.to_owned(), rules: DefaultResolver::new() });
        }
        Client {
            control: aws_sdk_cloudfront::Client::from_conf(control.build()),
            data: aws_sdk_cloudfrontkeyvaluestore::Client::from_conf(data.build()),
            identity: aws_sdk_sts::Client::from_conf(identity.build()),
            extensions: Arc::new(AtomicBool::new(url.is_some())),
            endpoint,
        }
    }

    /// The account of the credentials.
    ///
    /// # Errors
    /// The call failed, or the answer names no account.
    pub async fn account(&self) -> Result<String, ClientError> {
        let call = self.identity.get_caller_identity().send();
        let answer = call.await.map_err(|error| self.failed("GetCallerIdentity", &error))?;
        answer.account.filter(|account| !account.is_empty()).ok_or_else(|| {
            let text = format!("GetCallerIdentity: the answer of {} names no account", self.endpoint);
            ClientError::new(ErrorKind::Refused, text)
        })
    }

    /// The failure of a call.
    pub(crate) fn failed<E>(&self, operation: &str, error: &SdkError<E, HttpResponse>) -> ClientError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        ClientError::of(operation, &self.endpoint, error)
    }

    /// Whether the endpoint has Keyfront's extensions, as far as it is known.
    pub(crate) fn has_extensions(&self) -> bool {
        self.extensions.load(Ordering::Relaxed)
    }

    /// Remembers that the endpoint does not have Keyfront's extensions.
    pub(crate) fn forget_extensions(&self) {
        self.extensions.store(false, Ordering::Relaxed);
    }
}

fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(INITIAL_BACKOFF)
        .with_max_backoff(MAX_BACKOFF)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build()
}

/// Sends the data plane to the endpoint as it is. The SDK would put the account in front of the host, and
/// `000000000000.localhost` resolves hardly anywhere; the server does not need it.
#[derive(Debug)]
struct Direct {
    url: String,
    rules: DefaultResolver,
}

impl ResolveEndpoint for Direct {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::new(async move {
            // The rules check the ARN and say how to sign; only the address is another.
            let by_rules: Resolved = ResolveEndpoint::resolve_endpoint(&self.rules, params).await?;
            Ok(by_rules.into_builder().url(self.url.clone()).build())
        })
    }
}
