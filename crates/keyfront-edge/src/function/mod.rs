//! Runs the functions of a cache behavior: events from messages, and what functions decide onto messages.
//!
//! Functions run where [`Invoker`] has them, which is never here; what a function returns is judged by
//! `keyfront-functions`.

mod apply;

use std::sync::Arc;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{FunctionArn, KeyValueStoreArn};
use keyfront_domain::function::Stage;
use keyfront_domain::pairs::StorePairs;
use keyfront_functions::event::{self, Context, EdgeAction, Event, EventType, Request, Response};
use keyfront_functions::{Failure, Invocation, Invoker};
use keyfront_view::View;

pub(crate) use apply::{change_request, change_response, generated_head};

use crate::message::{RequestHead, ResponseHead};

/// What runs functions for the edge.
pub(crate) struct FunctionRunner {
    view: View,
    invoker: Arc<dyn Invoker>,
}

/// A function that ran for a viewer.
pub(crate) struct Ran {
    /// What becomes of the message.
    pub(crate) result: Result<EdgeAction, Failure>,
    /// A line per `console.log`.
    pub(crate) logs: Vec<String>,
}

impl Ran {
    fn failed(failure: Failure) -> Ran {
        Ran { result: Err(failure), logs: Vec::new() }
    }
}

impl FunctionRunner {
    pub(crate) fn new(view: View, invoker: Arc<dyn Invoker>) -> FunctionRunner {
        FunctionRunner { view, invoker }
    }

    /// Runs the LIVE stage of a function on an event.
    pub(crate) async fn run(&self, function: &FunctionArn, event: Event, now_ms: i64) -> Ran {
        let staged = match self.view.functions.load(function, Stage::Live).await {
            Ok(Some(staged)) => staged,
            Ok(None) => {
                return Ran::failed(Failure::Execution(format!("the function {function} is not published")));
            }
            Err(error) => {
                tracing::error!(%function, %error, "a function cannot be loaded");
                return Ran::failed(Failure::Execution("the function cannot be loaded".to_owned()));
            }
        };
        let account = function.account;
        let store = match staged.stage.store {
            None => None,
            Some(id) => match self.pairs(account, id, now_ms).await {
                Ok(pairs) => Some((id.to_string(), pairs)),
                Err(failure) => return Ran::failed(failure),
            },
        };
        let invocation = Invocation { event: event.clone(), store, now_ms, seed: fastrand::u64(..) };
        let Ok(outcome) = self.invoker.invoke(account, &staged.function, invocation).await else {
            return Ran::failed(Failure::Throttled);
        };
        let result = outcome.result.and_then(|returned| event::validate(&event, returned));
        Ran { result, logs: outcome.logs }
    }

    /// The pairs of a store, all of one moment. A store that cannot be read yet has none.
    async fn pairs(
        &self,
        account: AccountId,
        id: uuid::Uuid,
        now_ms: i64,
    ) -> Result<Arc<StorePairs>, Failure> {
        match self.view.pairs.load(&KeyValueStoreArn { account, id }).await {
            Ok(pairs) => Ok(pairs.unwrap_or_else(|| Arc::new(StorePairs::empty(now_ms, now_ms)))),
            Err(error) => {
                tracing::error!(store = %id, %error, "the pairs of a store cannot be read");
                Err(Failure::Execution("the key value store cannot be read".to_owned()))
            }
        }
    }
}

/// Where an event happens: what a function finds in `event.context`.
pub(crate) fn context(
    distribution: &crate::catalog::Distribution,
    event_type: EventType,
    request_id: &str,
) -> Context {
    let (domain_name, endpoint) = match &distribution.endpoint {
        Some(endpoint) => (None, Some(endpoint.clone())),
        None => (Some(distribution.domain_name.clone()), None),
    };
    Context {
        distribution_domain_name: domain_name,
        endpoint,
        distribution_id: Some(distribution.id.clone()),
        event_type,
        request_id: Some(request_id.to_owned()),
    }
}

/// The request as a function sees it.
pub(crate) fn request(head: &RequestHead) -> Request {
    let query = head.query.as_deref().map(str::as_bytes);
    let headers = head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    Request::receive(head.method.as_str(), head.path.as_bytes(), query, headers)
}

/// The response as a function sees it.
pub(crate) fn response(head: &ResponseHead) -> Response {
    let usual = head.status.canonical_reason().unwrap_or_default();
    let description = head.reason.as_deref().unwrap_or(usual);
    let headers = head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    Response::receive(head.status.as_u16(), description, headers)
}
