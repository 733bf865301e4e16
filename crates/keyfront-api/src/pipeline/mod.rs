//! The life of a request: identify → route → look up the signer → read the body → verify the signature → decode
//! → authorize → check → inject faults → run → encode, or render the error.
//!
//! A request whose signer is unknown is refused before its body is read. Decoding comes before
//! authorization, because the resource that a policy speaks of may stand in the body; checking comes after
//! it, so that a caller learns nothing about an operation that is not his to call.

mod authenticate;
mod authorize;
mod body;
mod body_budget;
mod bulk_queue;
mod inject_faults;
mod plane;
pub(crate) mod refusals;
mod regions;
mod request_log;
mod settings;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request, Response, header};
use http_body::Body;
use keyfront_error::{Code, ServiceError};
use keyfront_store::StoreError;
use keyfront_wire::encode::Output;
use keyfront_wire::query::{self, QueryService};
use keyfront_wire::signature::{KEPT_KEYS, Verifier};
use keyfront_wire::{Incoming, Operation, Route, Service};
use serde_json::Value;

use crate::context::{Caller, Context};
use crate::credentials::CredentialProvider;
use crate::error::chain;
use crate::faults::{Listed, NewRule, Operations, RuleError, Unanswered};
use crate::identity;
use crate::metrics::{Metrics, Stopwatch};
use crate::operation::BulkBody;
use crate::registry::{Registered, Registry, RegistryError};
use authorize::AuthorizationRequest;
use body_budget::{BodyBudget, Size};
use bulk_queue::BulkQueue;
use plane::Plane;

pub use request_log::TARGET as REQUEST_LOG;
pub use settings::Settings;

const X_AMZN_REQUESTID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Where a request comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Peer {
    /// The address at the other end.
    pub ip: Option<IpAddr>,
    /// The address that limits count it by, which may stand for a network.
    pub counted_as: Option<IpAddr>,
    /// The connection is encrypted.
    pub secure: bool,
}

/// Answers requests of every plane.
pub struct Api {
    context: Context,
    settings: Settings,
    credentials: Arc<dyn CredentialProvider>,
    registry: Registry,
    /// What a rule about faults can name.
    operations: Operations,
    verifier: Verifier,
    body_budget: BodyBudget,
    bulk_queue: BulkQueue,
    metrics: Metrics,
}

/// What is known of a request while it is served.
struct Trace {
    request_id: String,
    plane: Plane,
    peer: Peer,
    /// The operation's name, once it is known; names come from the models alone.
    operation: Option<&'static str>,
    access_key_id: Option<String>,
    /// The user whose signature was verified, and what the request is about.
    user_arn: Option<String>,
    resource: Option<String>,
    key: Option<String>,
    /// The answer is not sent.
    unanswered: bool,
}

/// An operation of the model, and the labels of the request's path.
type Routed<'a> = (&'a Operation, Vec<(&'a str, &'a str)>);

impl Api {
    /// An API over a context.
    ///
    /// # Errors
    /// When the service models that were compiled in are broken; tests prove that they are not.
    pub fn new(
        context: Context,
        settings: Settings,
        credentials: Arc<dyn CredentialProvider>,
    ) -> Result<Api, RegistryError> {
        let metrics = Metrics::new(Arc::clone(&context.engine), &context.faults, &context.imports);
        let registry = Registry::new()?;
        Ok(Api {
            metrics,
            context,
            body_budget: BodyBudget::new(&settings),
            verifier: Verifier::new(KEPT_KEYS, settings.signature_verification),
            bulk_queue: BulkQueue::default(),
            settings,
            credentials,
            operations: Operations::of(&registry),
            registry,
        })
    }

    /// The figures of this API.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What the operations work with.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Puts a rule about faults in force, from now on.
    ///
    /// # Errors
    /// What is wrong with the rule; nothing has changed then.
    pub fn set_fault(&self, rule: NewRule) -> Result<Listed, RuleError> {
        Ok(self.context.faults.set(rule.check(&self.operations)?))
    }

    /// Answers a request. With [`Unanswered`] among its extensions the answer is not to be sent, and with a
    /// [`Subscription`](keyfront_follow::Subscription) its body is the stream that this opens.
    pub async fn handle<B>(&self, request: Request<B>, peer: Peer) -> Response<Bytes>
    where
        B: Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let stopwatch = Stopwatch::start();
        let request_id = self.context.ids.uuid().to_string();
        let (parts, body) = request.into_parts();
        let mut trace = Trace {
            request_id,
            plane: Plane::of(&parts),
            peer,
            operation: None,
            access_key_id: None,
            user_arn: None,
            resource: None,
            key: None,
            unanswered: false,
        };
        let result = self.serve(&parts, body, &mut trace).await;
        let (mut response, outcome) = self.rendered(result, &trace);
        let took = stopwatch.elapsed();
        request_log::answered(&parts.method, &trace, response.status(), outcome, took);
        let operation = trace.operation.unwrap_or("none");
        self.metrics.served(self.signing_name(trace.plane), operation, outcome, took);
        if let Ok(id) = HeaderValue::from_str(&trace.request_id) {
            response.headers_mut().insert(X_AMZN_REQUESTID, id);
        }
        if trace.unanswered {
            response.extensions_mut().insert(Unanswered);
        }
        response
    }

    async fn serve<B>(
        &self,
        parts: &Parts,
        body: B,
        trace: &mut Trace,
    ) -> Result<Response<Bytes>, ServiceError>
    where
        B: Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let plane = trace.plane;
        plane::check_service(parts)?;
        let routed = self.route(plane, parts)?;
        trace.operation = routed.as_ref().map(|(operation, _)| operation.name);
        let size = self.body_size(plane, routed.as_ref());
        let (caller, body) = self.authenticate(parts, body, size, trace).await?;
        trace.user_arn = Some(caller.credential.user_arn.clone());
        match (routed, plane) {
            (Some(routed), _) => self.operate(routed, parts, &body.bytes, &caller, trace).await,
            (None, Plane::Query(service)) => self.identify(service, parts, &body.bytes, &caller, trace),
            (None, Plane::Control | Plane::Data | Plane::Extensions) => Err(plane.unknown_path()),
        }
    }

    /// The operation that a request is for. The query protocol names it in the body.
    fn route<'a>(&'a self, plane: Plane, parts: &'a Parts) -> Result<Option<Routed<'a>>, ServiceError> {
        if let Plane::Query(_) = plane {
            return Ok(None);
        }
        let query = parts.uri.query().unwrap_or_default();
        match self.service(plane).route(&parts.method, parts.uri.path(), query) {
            Route::Operation(operation, labels) => Ok(Some((operation, labels))),
            Route::WrongMethod | Route::UnknownPath => Err(plane.unknown_path()),
        }
    }

    fn registered(&self, plane: Plane) -> &Registered {
        match plane {
            Plane::Data => &self.registry.data,
            Plane::Extensions => &self.registry.extensions,
            Plane::Control | Plane::Query(_) => &self.registry.control,
        }
    }

    fn service(&self, plane: Plane) -> &Service {
        &self.registered(plane).service
    }

    /// The name that a credential scope must have, which is also the prefix of actions.
    fn signing_name(&self, plane: Plane) -> &'static str {
        match plane {
            Plane::Query(service) => service.signing_name,
            Plane::Control | Plane::Data | Plane::Extensions => self.service(plane).signing_name,
        }
    }

    /// How large the body of a request may be.
    fn body_size(&self, plane: Plane, routed: Option<&Routed<'_>>) -> Size {
        let streams = routed.is_some_and(|(operation, _)| self.service(plane).streams(operation));
        if streams { Size::Store } else { Size::Small }
    }

    /// Runs an operation of the model for a verified caller.
    async fn operate(
        &self,
        (operation, labels): Routed<'_>,
        parts: &Parts,
        body: &[u8],
        caller: &Caller,
        trace: &mut Trace,
    ) -> Result<Response<Bytes>, ServiceError> {
        let registered = self.registered(trace.plane);
        let service = &registered.service;
        let handler = registered.handler(operation);
        let handler = handler.ok_or_else(|| refusals::not_implemented(operation.name))?;
        let query = parts.uri.query().unwrap_or_default();
        let input =
            service.decode(operation, &Incoming { labels: &labels, query, headers: &parts.headers, body })?;
        let action = format!("{}:{}", handler.service.unwrap_or(service.signing_name), handler.action);
        let request = AuthorizationRequest { action, caller, peer: trace.peer, headers: &parts.headers };
        let declared = |error| registered.declared(operation, handler, error);
        let call = handler.find(&self.context, caller.account(), &input).await.map_err(declared)?;
        trace.resource = Some(call.arn().into_owned());
        trace.key = input.get("Key").and_then(Value::as_str).map(str::to_owned);
        request.authorize(&self.context, &call.arn(), &input).await?;
        if let Some(other) = call.also() {
            request.authorize(&self.context, &other, &input).await?;
        }
        service.check(operation, &input)?;
        self.inject_faults(operation, caller, trace).await?;
        // Held until the operation ends.
        let _permit = if handler.bulk {
            Some(self.bulk_queue.wait().await.ok_or_else(refusals::throttled)?)
        } else {
            None
        };
        let body = BulkBody { service, operation, bytes: body };
        let answer = call.run(&self.context, caller, input, body).await.map_err(declared)?;
        let output = Output { members: &answer.members, parts: &answer.parts };
        let mut response = service.encode_output(operation, output).map_err(ServiceError::internal)?;
        if let Some(bytes) = answer.body {
            *response.body_mut() = body::held(bytes, &self.body_budget)?;
        }
        if let Some(stream) = answer.stream {
            let kind = HeaderValue::from_static(keyfront_follow::CONTENT_TYPE);
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response.extensions_mut().insert(stream);
        }
        Ok(response)
    }

    /// Answers STS and IAM.
    fn identify(
        &self,
        service: &QueryService,
        parts: &Parts,
        body: &[u8],
        caller: &Caller,
        trace: &mut Trace,
    ) -> Result<Response<Bytes>, ServiceError> {
        // The query protocol takes its parameters from either place.
        let form = if body.is_empty() { parts.uri.query().unwrap_or_default().as_bytes() } else { body };
        let form = std::str::from_utf8(form).unwrap_or_default();
        let name = query::parameter(form, "Action").unwrap_or_default();
        let Some(action) = identity::actions(service).iter().find(|action| action.name == name) else {
            let version = query::parameter(form, "Version").unwrap_or_default();
            let message = format!("Could not find operation {name} for version {version}");
            return Err(ServiceError::with(Code::InvalidAction, message));
        };
        trace.operation = Some(action.name);
        if action.needs_permission {
            let action = format!("{}:{}", service.signing_name, action.name);
            let request = AuthorizationRequest { action, caller, peer: trace.peer, headers: &parts.headers };
            request.authorize_own_user(&self.context)?;
        }
        Ok(service.encode(action.name, &(action.run)(caller, form)?, &trace.request_id))
    }

    /// The answer to write, and its outcome in one word. What failed inside is logged here and nowhere else.
    fn rendered(
        &self,
        result: Result<Response<Bytes>, ServiceError>,
        trace: &Trace,
    ) -> (Response<Bytes>, &'static str) {
        let (plane, request_id) = (trace.plane, &trace.request_id);
        let error = match result {
            Ok(response) => return (response, "ok"),
            Err(error) => error,
        };
        let error = match error.failure() {
            None => error,
            Some(source) => {
                let (operation, error) = (trace.operation, chain(source));
                // The engine logged why when it began to refuse, so a further write is for debugging alone.
                if matches!(source.downcast_ref(), Some(StoreError::Refused { .. })) {
                    tracing::debug!(request_id, operation, error, "request refused by the store");
                } else {
                    tracing::error!(request_id, operation, error, "request failed");
                }
                plane.internal_error()
            }
        };
        let service = self.service(plane);
        (
            plane.encode_error(service, &error, request_id),
            service.spell(error.code()).map_or("InternalFailure", |spelling| spelling.name),
        )
    }
}
