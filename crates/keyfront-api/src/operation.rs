//! What an operation is: a name, what it is about, an input, an output and a function between them.
//!
//! Inputs and outputs pass as trees of values. A body that may be as large as a store does not, because a tree
//! takes many times the room of its text; that is what [`BulkOperation`] is for.

use std::any::Any;
use std::borrow::Cow;
use std::iter;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_error::{Code, ServiceError};
use keyfront_follow::Subscription;
use keyfront_wire::encode::Part;
use keyfront_wire::{self as wire, Service};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde_json::{Map, Value};

use crate::context::{Caller, Context};

/// The input of an operation, or its output, by the model's names.
pub type Members = Map<String, Value>;

/// What an operation is about: the resource whose ARN a policy can name.
///
/// It is found before the request is authorized and given to the operation afterwards, so a name that the request
/// carries is looked up once, and the operation acts on what was authorized, whatever has the name by then.
pub trait Subject: Sized + Send + 'static {
    /// Finds the subject of a request of this account. The input was decoded and not yet checked.
    fn find(
        cx: &Context,
        account: AccountId,
        input: &Members,
    ) -> impl Future<Output = Result<Self, ServiceError>> + Send;

    /// The ARN for policies, or `*`. It need not be the ARN of something that exists.
    fn arn(&self) -> Cow<'_, str>;

    /// The ARN of another resource that the request changes. A policy must allow that too.
    fn also(&self) -> Option<String> {
        None
    }
}

/// The subject of an operation that lists, creates or reads across the account: no resource of its own.
#[derive(Clone, Copy, Debug)]
pub struct WholeAccount;

impl Subject for WholeAccount {
    async fn find(_cx: &Context, _account: AccountId, _input: &Members) -> Result<Self, ServiceError> {
        Ok(WholeAccount)
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Borrowed("*")
    }
}

/// A member of an input that is text; empty when it is absent.
pub(crate) fn text<'i>(input: &'i Members, member: &str) -> &'i str {
    input.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// One AWS operation. It lives in a file of its own and is one line in its resource's table.
pub trait Operation: 'static {
    /// Its name in the model.
    const NAME: &'static str;
    /// Whether what it makes or changes takes a while to settle, which a fault can make longer.
    const SETTLES: bool = false;
    /// What it is about.
    type Subject: Subject;
    /// The members of its input that it looks at, by the model's names.
    type Input: DeserializeOwned + Send;
    /// Its output, by the model's names.
    type Output: Output;

    /// The codes that it refuses with, beside those that any operation may answer.
    fn errors() -> Vec<Code>;

    /// Does it. The input was checked against the model and the caller may do it.
    fn run(
        cx: &Context,
        caller: &Caller,
        subject: Self::Subject,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, ServiceError>> + Send;
}

/// An extension with a body that may be as large as a store.
pub trait BulkOperation: 'static {
    /// Its name in the model.
    const NAME: &'static str;
    /// The operation of the service whose permission it needs.
    const ACTION: &'static str;
    /// What it is about.
    type Subject: Subject;
    /// The members of its input beside the body, by the model's names.
    type Input: DeserializeOwned + Send;
    /// The members of its output, by the model's names; of an output with a body of its own, those beside it.
    type Output: Serialize + 'static;

    /// The codes that it refuses with, beside those that any operation may answer.
    fn errors() -> Vec<Code>;

    /// Does it, for a caller who may do it. Gives the output, and the body where the operation writes it
    /// itself.
    fn run(
        cx: &Context,
        subject: Self::Subject,
        input: Self::Input,
        body: BulkBody<'_>,
    ) -> impl Future<Output = Result<(Self::Output, Option<Bytes>), ServiceError>> + Send;
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
    pub fn each_item<T: DeserializeOwned>(&self, mut take: impl FnMut(T)) -> Result<(), ServiceError> {
        let mut failure = None;
        self.service.each_item(self.operation, self.bytes, |list, item| {
            let tagged = MapDeserializer::<_, serde_json::Error>::new(iter::once((list, item)));
            match T::deserialize(MapAccessDeserializer::new(tagged)) {
                Ok(item) => take(item),
                Err(error) => failure = Some(error),
            }
        })?;
        failure.map_or(Ok(()), |error| Err(ServiceError::internal(error)))
    }
}

/// What running an operation gives.
pub struct Answer {
    /// The members of its output.
    pub members: Members,
    /// The parts that the members refer to.
    pub parts: Vec<Arc<Part>>,
    /// The body, where the operation wrote it itself.
    pub body: Option<Bytes>,
    /// The body, where it is a change stream that goes on for as long as its follower is there.
    pub stream: Option<Subscription>,
}

/// The output of an operation.
pub trait Output: 'static {
    /// What is answered.
    ///
    /// # Errors
    /// It has no members by the model's names, which is a mistake of the operation.
    fn answer(self) -> Result<Answer, ServiceError>;
}

impl<T: Serialize + 'static> Output for T {
    fn answer(self) -> Result<Answer, ServiceError> {
        Ok(Answer { members: members(self)?, parts: Vec::new(), body: None, stream: None })
    }
}

/// The service of actions that AWS does not have.
pub const OWN_SERVICE: &str = "keyfront";

type Found<'a> = Pin<Box<dyn Future<Output = Result<Box<dyn Call>, ServiceError>> + Send + 'a>>;
type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, ServiceError>> + Send + 'a>>;

/// What answers an operation: a line of a table of operations.
pub struct Handler {
    /// The operation's name.
    pub name: &'static str,
    /// The action that a policy must allow, without the name of the service.
    pub action: &'static str,
    /// The service of that action, where it is not the one of the model: an action of Keyfront's own.
    pub service: Option<&'static str>,
    /// Whether its body may be as large as a store, so that one of its kind runs at a time.
    pub bulk: bool,
    /// The codes that it refuses with, beside those that any operation may answer.
    pub errors: fn() -> Vec<Code>,
    /// Whether what it makes or changes takes a while to settle.
    pub settles: bool,
    find: for<'a> fn(&'a Context, AccountId, &'a Members) -> Found<'a>,
}

/// An operation whose subject is known: it can be authorized, then run.
pub trait Call: Send {
    /// The ARN for policies, or `*`.
    fn arn(&self) -> Cow<'_, str>;

    /// The ARN of another resource that the request changes.
    fn also(&self) -> Option<String>;

    /// Runs the operation on a checked input. `body` is for those that read it themselves.
    fn run<'a>(
        self: Box<Self>,
        cx: &'a Context,
        caller: &'a Caller,
        input: Members,
        body: BulkBody<'a>,
    ) -> Running<'a>;
}

struct Single<O: Operation>(O::Subject);

struct Bulk<O: BulkOperation>(O::Subject);

impl Handler {
    /// The line for an operation.
    pub const fn of<O: Operation>() -> Handler {
        Handler {
            name: O::NAME,
            action: O::NAME,
            service: None,
            bulk: false,
            errors: O::errors,
            settles: O::SETTLES,
            find: find::<O>,
        }
    }

    /// The line for an extension that does what no operation of AWS does, so that no permission for one covers it:
    /// policies allow `keyfront:` with its name.
    pub const fn of_own<O: Operation>() -> Handler {
        Handler { service: Some(OWN_SERVICE), ..Handler::of::<O>() }
    }

    /// The line for an extension.
    pub const fn of_bulk<O: BulkOperation>() -> Handler {
        Handler {
            name: O::NAME,
            action: O::ACTION,
            service: None,
            bulk: true,
            errors: O::errors,
            settles: false,
            find: find_bulk::<O>,
        }
    }

    /// Finds what a request of this account is about.
    pub async fn find(
        &self,
        cx: &Context,
        account: AccountId,
        input: &Members,
    ) -> Result<Box<dyn Call>, ServiceError> {
        (self.find)(cx, account, input).await
    }
}

fn find<'a, O: Operation>(cx: &'a Context, account: AccountId, input: &'a Members) -> Found<'a> {
    Box::pin(async move {
        let call: Box<dyn Call> = Box::new(Single::<O>(O::Subject::find(cx, account, input).await?));
        Ok(call)
    })
}

fn find_bulk<'a, O: BulkOperation>(cx: &'a Context, account: AccountId, input: &'a Members) -> Found<'a> {
    Box::pin(async move {
        let call: Box<dyn Call> = Box::new(Bulk::<O>(O::Subject::find(cx, account, input).await?));
        Ok(call)
    })
}

impl<O: Operation> Call for Single<O> {
    fn arn(&self) -> Cow<'_, str> {
        self.0.arn()
    }

    fn also(&self) -> Option<String> {
        self.0.also()
    }

    fn run<'a>(
        self: Box<Self>,
        cx: &'a Context,
        caller: &'a Caller,
        input: Members,
        _body: BulkBody<'a>,
    ) -> Running<'a> {
        Box::pin(async move { O::run(cx, caller, self.0, read(input)?).await?.answer() })
    }
}

impl<O: BulkOperation> Call for Bulk<O> {
    fn arn(&self) -> Cow<'_, str> {
        self.0.arn()
    }

    fn also(&self) -> Option<String> {
        self.0.also()
    }

    fn run<'a>(
        self: Box<Self>,
        cx: &'a Context,
        _caller: &'a Caller,
        input: Members,
        body: BulkBody<'a>,
    ) -> Running<'a> {
        Box::pin(async move {
            let (output, body) = O::run(cx, self.0, read(input)?, body).await?;
            Ok(Answer { members: members(output)?, parts: Vec::new(), body, stream: None })
        })
    }
}

fn read<T: DeserializeOwned>(input: Members) -> Result<T, ServiceError> {
    serde_json::from_value(Value::Object(input)).map_err(ServiceError::internal)
}

fn members(output: impl Serialize + 'static) -> Result<Members, ServiceError> {
    // Most outputs are members already. To serialize them would copy a page of documents once more.
    let mut output = Some(output);
    let any: &mut dyn Any = &mut output;
    if let Some(members) = any.downcast_mut::<Option<Members>>().and_then(Option::take) {
        return Ok(members);
    }
    match serde_json::to_value(output).map_err(ServiceError::internal)? {
        Value::Object(members) => Ok(members),
        // A unit output has no members.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Ok(Members::new())
        }
    }
}
