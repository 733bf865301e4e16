//! Exchanges with the control plane whose documents the caller writes and reads.
//!
//! The SDK has a type for each document. A caller that works by the service model has requests and answers of its own,
//! and wants of the SDK what it does with any: the endpoint, credentials, signatures, retries and TLS. So the request
//! takes the place of one that the SDK would send, at the place that the SDK has for that, an interceptor. The operation
//! that lends its place is DeleteFunction, because the SDK reads nothing from the body of its answer. This module knows
//! no document.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cloudfront::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_cloudfront::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudfront::error::BoxError;

use crate::client::Client;
use crate::error::ClientError;

/// A request without host and signature.
#[derive(Clone, Debug)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// Path and query, as they stand in the request line.
    pub target: String,
    /// Names and values, such as `if-match`.
    pub headers: Vec<(String, String)>,
    /// The document; empty if there is none.
    pub body: Vec<u8>,
}

/// The answer to a request that succeeded.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Client {
    /// Sends a request of the operation with this name to the control plane, which is in messages alone.
    ///
    /// # Errors
    /// What the service says in place of success, as for any other call.
    pub async fn exchange(&self, operation: &str, request: Request) -> Result<Answer, ClientError> {
        let answer = Arc::new(Mutex::new(Answer::default()));
        let in_place = InPlace { request, answer: Arc::clone(&answer) };
        let call = self.control.delete_function().name(operation).if_match(operation);
        call.customize()
            .interceptor(in_place)
            .send()
            .await
            .map_err(|error| self.failed(operation, &error))?;
        let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut *answer))
    }

    /// Where requests go, as messages name it.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

/// Puts a request in the place of the SDK's, and keeps the answer.
#[derive(Debug)]
struct InPlace {
    request: Request,
    answer: Arc<Mutex<Answer>>,
}

impl Intercept for InPlace {
    fn name(&self) -> &'static str {
        "InPlace"
    }

    /// Before the endpoint is put in front of the target, and before anything is signed.
    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Request { method, target, headers, body } = self.request.clone();
        let sent = context.request_mut();
        sent.set_method(&method)?;
        sent.set_uri(target)?;
        let of_sdk = sent.headers_mut();
        of_sdk.remove("if-match");
        of_sdk.remove("content-length");
        if !body.is_empty() {
            of_sdk.insert("content-length", body.len().to_string());
        }
        for (name, value) in headers {
            of_sdk.try_insert(name, value)?;
        }
        *sent.body_mut() = body.into();
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let headers = response.headers().iter();
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Answer {
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: response.body().bytes().unwrap_or_default().to_vec(),
        };
        Ok(())
    }
}
