//! The one error of the APIs: a typed code, a text for the client, and perhaps a cause for the log.
//!
//! A rule of the domain refuses, an operation passes the refusal on, the wire writes it. All three use
//! [`ServiceError`], so that no layer translates the error of another and no code gets lost on the way.
//!
//! # Why it is as it is
//!
//! - **The code is typed.** [`Code`] has the codes that the service models declare and those that every AWS service
//!   may answer, and nothing else: a misspelt code does not compile. Which of them a certain operation may answer is
//!   a matter of its model; the API's tests walk the whole table of operations.
//! - **The status is not part of it.** A rule says *what* is wrong. The status follows from the code: the model knows
//!   it for the declared codes, [`Code::common`] for the others. So the same refusal cannot have two statuses.
//! - **The spelling is not part of it either.** The same situation is `AccessDenied` in REST-XML and
//!   `AccessDeniedException` in REST-JSON; [`Code::name`] spells it for a protocol when the error is written.
//! - **The code belongs to the resource.** A missing public key is `NoSuchPublicKey` to the operations of public keys
//!   and `InvalidArgument` to those of key groups, so no layer below the resource picks a code, and *absent* or *stale*
//!   are values of the store, not errors.
//! - **A failure inside is the same type with a source.** [`ServiceError::internal`] keeps the cause for the log. The
//!   client reads the text of its protocol for failures inside, never the cause: `Display` shows the public half alone.
//! - **The message is the only member,** because no error of the models has another; a test of the wire says so.
//!
//! This is a crate of its own because the domain and the wire both speak it and must not know each other.

mod code;
mod common;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

pub use code::Code;
pub use common::{Protocol, Spelling};

/// What a request gets instead of success.
#[derive(Clone, Debug)]
pub struct ServiceError {
    code: Code,
    message: Cow<'static, str>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl ServiceError {
    /// A refusal with a fixed text.
    pub const fn new(code: Code, message: &'static str) -> ServiceError {
        ServiceError { code, message: Cow::Borrowed(message), source: None }
    }

    /// A refusal whose text names what is wrong.
    pub fn with(code: Code, message: impl Into<String>) -> ServiceError {
        ServiceError { code, message: Cow::Owned(message.into()), source: None }
    }

    /// A failure that the client cannot help. Its cause is for the log.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> ServiceError {
        ServiceError {
            code: Code::InternalFailure,
            message: Cow::Borrowed("the request failed inside"),
            source: Some(Arc::from(source.into())),
        }
    }

    /// The refusal of one member, with what it must be.
    pub fn argument(member: &str, rule: &str) -> ServiceError {
        ServiceError::with(Code::InvalidArgument, format!("The parameter {member} is not valid. {rule}"))
    }

    /// The refusal of a member that is empty or missing.
    pub fn required(member: &str) -> ServiceError {
        ServiceError::with(Code::InvalidArgument, format!("The parameter {member} is required."))
    }

    /// The refusal of a member that is too long.
    pub fn too_big(member: &str) -> ServiceError {
        ServiceError::with(Code::InvalidArgument, format!("The parameter {member} is too big."))
    }

    /// The refusal of a member for which no other text is known.
    pub fn invalid(member: &str) -> ServiceError {
        ServiceError::with(Code::InvalidArgument, format!("The parameter {member} is invalid."))
    }

    /// The refusal of a member that another of its kind has too.
    pub fn not_unique(member: &str) -> ServiceError {
        ServiceError::with(Code::InvalidArgument, format!("The parameter {member} is not unique."))
    }

    /// The refusal of an update of what cannot change.
    pub const ILLEGAL_UPDATE: ServiceError =
        ServiceError::new(Code::IllegalUpdate, "The update contains modifications that are not allowed.");

    /// The refusal of a domain name that another resource answers for.
    pub const CNAME_ALREADY_EXISTS: ServiceError = ServiceError::new(
        Code::CNAMEAlreadyExists,
        "One or more of the CNAMEs you provided are already associated with a different resource.",
    );

    /// The refusal to delete what cannot be deleted.
    pub const ILLEGAL_DELETE: ServiceError =
        ServiceError::new(Code::IllegalDelete, "Deletion is not allowed for this entity.");

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The text for the client.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What failed inside; nothing for a refusal.
    pub fn failure(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.code, self.message)
    }
}

impl Error for ServiceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.source.as_deref() {
            Some(source) => Some(source),
            None => None,
        }
    }
}

/// Two refusals are the same when a client cannot tell them apart.
impl PartialEq for ServiceError {
    fn eq(&self, other: &ServiceError) -> bool {
        self.code == other.code && self.message == other.message
    }
}

impl Eq for ServiceError {}
