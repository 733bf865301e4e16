//! What an operation is: a name, what it is about, an input, an output and a function between them.

use std::pin::Pin;

use keyfront_domain::arn::ResourceKind;
use serde::Serialize;
use serde::de::DeserializeOwned;
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

/// The resource that an operation is about, whose ARN a policy can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// None: the operation lists or reads across the account.
    Account,
    /// A key value store that does not exist yet.
    NewKeyValueStore,
    /// The key value store that the member `Name` names.
    KeyValueStoreName,
    /// The configuration resource of this kind whose id is in the member `Id`.
    Resource(ResourceKind),
    /// The ARN in this member.
    Arn(&'static str),
}

/// What running an operation gives: the members of its output.
type Running<'a> = Pin<Box<dyn Future<Output = Result<Map<String, Value>, ApiError>> + Send + 'a>>;

/// A line of a table of operations.
pub struct Entry {
    /// The operation's name.
    pub name: &'static str,
    /// What it is about.
    pub subject: Subject,
    run: for<'a> fn(&'a Context, &'a Caller, Map<String, Value>) -> Running<'a>,
}

impl Entry {
    /// The line for an operation.
    pub const fn of<O: Operation>() -> Entry {
        Entry { name: O::NAME, subject: O::SUBJECT, run: run::<O> }
    }

    /// Runs the operation on a checked input.
    pub async fn run(
        &self,
        cx: &Context,
        caller: &Caller,
        input: Map<String, Value>,
    ) -> Result<Map<String, Value>, ApiError> {
        (self.run)(cx, caller, input).await
    }
}

fn run<'a, O: Operation>(cx: &'a Context, caller: &'a Caller, input: Map<String, Value>) -> Running<'a> {
    Box::pin(async move {
        let input = serde_json::from_value(Value::Object(input)).map_err(ApiError::internal)?;
        let output = O::run(cx, caller, input).await?;
        match serde_json::to_value(output).map_err(ApiError::internal)? {
            Value::Object(members) => Ok(members),
            // A unit output has no members.
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Ok(Map::new())
            }
        }
    })
}
