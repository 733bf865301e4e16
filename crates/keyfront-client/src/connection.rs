//! Connections to an endpoint: whom TLS trusts, which failures are worth another attempt, and the notice that attempts
//! are repeated or that an answer does not come.
//!
//! The SDK repeats every failure to connect. Where no connection was ever made, refusals, unknown names and TLS
//! failures are final: they are mistakes of configuration, and a person should hear of them at once. Once the endpoint
//! has answered, a refusal may be a restart, and is repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_cloudfront::config::SharedHttpClient;
use aws_sdk_cloudfront::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextRef,
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef, InterceptorContext,
};
use aws_sdk_cloudfront::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_cloudfront::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudfront::error::BoxError;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::retries::classifiers::RetryClassifierPriority;
use tokio::time::Instant;

use crate::error::{ClientError, ErrorKind};
use crate::no_connection::NoConnection;

/// How long attempts are repeated, or a first answer does not come, before the person is told.
const SILENCE: Duration = Duration::from_secs(1);

/// How a client connects.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Certificates in PEM that TLS trusts, in place of the system's.
    pub certificates: Option<Vec<u8>>,
    /// Tells the person that attempts are repeated or that no answer comes, once for each client.
    pub notice: fn(&str),
}

impl Connection {
    /// The HTTP client, if it is not the SDK's own.
    pub(crate) fn http_client(&self) -> Result<Option<SharedHttpClient>, ClientError> {
        let Some(pem) = &self.certificates else { return Ok(None) };
        let trusted = TrustStore::empty().with_pem_certificate(pem.clone());
        let context = TlsContext::builder().with_trust_store(trusted).build().map_err(|error| {
            let message = format!("the certificates that were named cannot be used: {error}");
            ClientError::new(ErrorKind::Refused, message)
        })?;
        let builder = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context);
        Ok(Some(builder.build_https()))
    }
}

/// What is known of the attempts of one client. It is both interceptor and retry classifier, because the one learns
/// what the other decides by.
#[derive(Clone, Debug)]
pub(crate) struct Attempts(Arc<State>);

#[derive(Debug)]
struct State {
    /// The endpoint has answered.
    answered: AtomicBool,
    /// Attempts of the call that is under way.
    attempts: AtomicU32,
    /// Grows when a call begins and when it ends.
    moment: AtomicU32,
    began: Mutex<Instant>,
    told: AtomicBool,
    notice: fn(&str),
    endpoint: String,
}

impl Attempts {
    pub(crate) fn new(endpoint: &str, notice: fn(&str)) -> Attempts {
        Attempts(Arc::new(State {
            answered: AtomicBool::new(false),
            attempts: AtomicU32::new(0),
            moment: AtomicU32::new(0),
            began: Mutex::new(Instant::now()),
            told: AtomicBool::new(false),
            notice,
            endpoint: endpoint.to_owned(),
        }))
    }
}

impl State {
    /// Tells the person of an endpoint that takes a call and says nothing. One that has answered before is slow with
    /// a reason.
    async fn tell_of_silence(self: Arc<State>, moment: u32) {
        tokio::time::sleep(SILENCE).await;
        let still = self.moment.load(Ordering::Relaxed) == moment && !self.answered.load(Ordering::Relaxed);
        if still && !self.told.swap(true, Ordering::Relaxed) {
            (self.notice)(&format!("{} does not answer yet; waiting…", self.endpoint));
        }
    }
}

impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.attempts.store(0, Ordering::Relaxed);
        let moment = self.0.moment.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        if !self.0.answered.load(Ordering::Relaxed) {
            tokio::spawn(Arc::clone(&self.0).tell_of_silence(moment));
        }
        Ok(())
    }

    fn read_after_execution(
        &self,
        _context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.moment.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let State { attempts, began, told, notice, endpoint, .. } = &*self.0;
        let mut began = began.lock().unwrap_or_else(PoisonError::into_inner);
        if attempts.fetch_add(1, Ordering::Relaxed) == 0 {
            *began = Instant::now();
        } else if began.elapsed() >= SILENCE && !told.swap(true, Ordering::Relaxed) {
            notice(&format!("{endpoint} refuses or does not answer now; retrying…"));
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        _context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.answered.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl ClassifyRetry for Attempts {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        let unreachable = error.as_connector_error().is_some_and(|error| {
            NoConnection::of(error).is_some_and(|why| {
                !self.0.answered.load(Ordering::Relaxed) || matches!(why, NoConnection::Tls(_))
            })
        });
        if unreachable { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
