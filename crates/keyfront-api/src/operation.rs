//! What an operation is: a name, what it is about, an input, an output and a function between them.
//!
//! Inputs and outputs pass as trees of values. A body that may be as large as a store does not, because a tree
//! takes many times the room of its text; that is what [`BulkOperation`] is for.

use std::iter;
use std::pin::Pin;

use bytes::Bytes;
use keyfront_domain::arn::ResourceKind;
use keyfront_wire::{self as wire, Service};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde_json::{Map, Value};

use crate::context::{Caller, Context};
use crate::error::ApiError;

/// One AWS operation. It lives in a file of its own and is one line in its service's table.
pub trait Operation: 'static {
    /// Its name in the model.
    const NAME: &'static str;
    /// What it is about, for policies.
    const SUBJECT: Subject;
    /// The members of its input that it looks at, by the model's names.
    type Input: DeserializeOwned + Send;
    /// Its output, by the model's names.
    type Output: Serialize;

    /// Does it. The input was checked against the model and the caller may do it.
    fn run(
        cx: &Context,
        caller: &Caller,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, ApiError>> + Send;
}

/// An extension with a body that may be as large as a store.
pub trait BulkOperation: 'static {
    /// Its name in the model.
    const NAME: &'static str;
    /// The operation of the service whose permission it needs.
    const ACTION: &'static str;
    /// What it is about, for policies.
    const SUBJECT: Subject;
    /// The members of its input beside the body, by the model's names.
    type Input: DeserializeOwned + Send;
    /// The members of its output, by the model's names; of an output with a body of its own, those beside it.
    type Output: Serialize;

    /// Does it, for a caller who may do it. Gives the output, and the body where the operation writes it
    /// itself.
    fn run(
        cx: &Context,
        input: Self::Input,
        body: BulkBody<'_>,
    ) -> impl Future<Output = Result<(Self::Output, Option<Bytes>), ApiError>> + Send;
}

/// The body of a request that has not been decoded.
#[derive(Clone, Copy)]
pub struct BulkBody<'a> {
    /// The model.
    pub service: &'a Service,
    /// What the request is for.
    pub operation: &'a wire::Operation,
    /// As it came.
    pub bytes: &'a [u8],
}

impl BulkBody<'_> {
    /// Reads the lists of the body and gives every item to `take`. `T` is an enumeration with a variant for
    /// each list.
    ///
    /// # Errors
    /// When the body cannot be read or does not satisfy the model; see [`Service::each_item`]. What was taken
    /// by then counts for nothing.
    pub fn each_item<T: DeserializeOwned>(&self, mut take: impl FnMut(T)) -> Result<(), ApiError> {
        let mut failure = None;
        self.service.each_item(self.operation, self.bytes, |list, item| {
            let tagged = MapDeserializer::<_, serde_json::Error>::new(iter::once((list, item)));
            match T::deserialize(MapAccessDeserializer::new(tagged)) {
                Ok(item) => take(item),
                Err(error) => failure = Some(error),
            }
        })?;
        failure.map_or(Ok(()), |error| Err(ApiError::internal(error)))
    }
}

/// The resource that an operation is about, whose ARN a policy can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// None: the operation lists or reads across the account.
    Account,
    /// A key value store that does not exist yet.
    NewKeyValueStore,
    /// The key value store that the member `Name` names.
    KeyValueStoreName,
    /// The function that the member `Name` names, whether it exists or not.
    Function,
    /// The configuration resource of this kind whose id is in the member `Id`.
    Resource(ResourceKind),
    /// The ARN in this member.
    Arn(&'static str),
}

/// What running an operation gives.
#[derive(Debug)]
pub struct Answer {
    /// The members of its output.
    pub members: Map<String, Value>,
    /// The body, where the operation wrote it itself.
    pub body: Option<Bytes>,
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, ApiError>> + Send + 'a>>;

/// What answers an operation: a line of a table of operations.
pub struct Handler {
    /// The operation's name.
    pub name: &'static str,
    /// The action that a policy must allow, without the name of the service.
    pub action: &'static str,
    /// What it is about.
    pub subject: Subject,
    run: for<'a> fn(&'a Context, &'a Caller, Map<String, Value>, BulkBody<'a>) -> Running<'a>,
}

impl Handler {
    /// The line for an operation.
    pub const fn of<O: Operation>() -> Handler {
        Handler { name: O::NAME, action: O::NAME, subject: O::SUBJECT, run: run::<O> }
    }

    /// The line for an extension.
    pub const fn of_bulk<O: BulkOperation>() -> Handler {
        Handler { name: O::NAME, action: O::ACTION, subject: O::SUBJECT, run: run_bulk::<O> }
    }

    /// Runs the operation on a checked input. `body` is for those that read it themselves.
    pub async fn run(
        &self,
        cx: &Context,
        caller: &Caller,
        input: Map<String, Value>,
        body: BulkBody<'_>,
    ) -> Result<Answer, ApiError> {
        (self.run)(cx, caller, input, body).await
    }
}

fn run<'a, O: Operation>(
    cx: &'a Context,
    caller: &'a Caller,
    input: Map<String, Value>,
    _body: BulkBody<'a>,
) -> Running<'a> {
    Box::pin(async move {
        let output = O::run(cx, caller, read(input)?).await?;
        Ok(Answer { members: members(output)?, body: None })
    })
}

fn run_bulk<'a, O: BulkOperation>(
    cx: &'a Context,
    _caller: &'a Caller,
    input: Map<String, Value>,
    body: BulkBody<'a>,
) -> Running<'a> {
    Box::pin(async move {
        let (output, body) = O::run(cx, read(input)?, body).await?;
        Ok(Answer { members: members(output)?, body })
    })
}

fn read<T: DeserializeOwned>(input: Map<String, Value>) -> Result<T, ApiError> {
    serde_json::from_value(Value::Object(input)).map_err(ApiError::internal)
}

fn members(output: impl Serialize) -> Result<Map<String, Value>, ApiError> {
    match serde_json::to_value(output).map_err(ApiError::internal)? {
        Value::Object(members) => Ok(members),
        // A unit output has no members.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Ok(Map::new())
        }
    }
}
