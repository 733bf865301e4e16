//! How a call to etcd fails, and what that says about what was asked.

use std::error::Error;

use keyfront_engine::{StoreError, Unusable};
use tonic::{Code, Status};

/// A call that failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    /// What etcd said, or why it could not be asked, with all causes.
    pub(crate) message: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// The member did not do its part. What was asked may happen all the same, even later, and another member may
    /// answer.
    Open,
    /// The request was refused before it could have an effect.
    Refused,
    /// The revision that was asked for is compacted.
    Compacted,
    /// The lease has ended. The request had no effect.
    LeaseGone,
    /// The space quota of etcd is used up. The request had no effect.
    NoSpace,
}

impl Failure {
    /// A failure that etcd did not word itself.
    pub(crate) fn open(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::Open, message: message.into() }
    }

    /// What the caller of a read is told.
    pub(crate) fn of_read(self) -> StoreError {
        let message = format!("etcd: {}; {}", self.message, self.advice());
        StoreError::Read { message, source: None }
    }

    /// What the caller of a commit is told that certainly was not made.
    pub(crate) fn of_write(self) -> StoreError {
        let message = format!("etcd: {}; {}", self.message, self.advice());
        StoreError::NotWritten { message, source: None }
    }

    /// Why the engine cannot start.
    pub(crate) fn unusable(self, problem: &str) -> Unusable {
        Unusable::new(format!("{problem}: {}; {}", self.message, self.advice()))
    }

    /// True when the request was larger than the member takes.
    pub(crate) fn is_about_size(&self) -> bool {
        ["too many operations", "too large", "larger than"].iter().any(|text| self.message.contains(text))
    }

    /// What to do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self.kind {
            Kind::NoSpace => {
                "compact and defragment etcd, or raise its --quota-backend-bytes, then run `etcdctl alarm disarm`"
            }
            Kind::Open | Kind::LeaseGone => "check that most of etcd's members run and reach each other",
            Kind::Compacted => "try again",
            Kind::Refused if self.is_about_size() => {
                "start every member with --max-txn-ops and --max-request-bytes of at least what [store.etcd] says"
            }
            Kind::Refused => "check user, password and role in [store.etcd] and in etcd",
        }
    }
}

/// The codes are those of etcd's `rpctypes` (github.com/etcd-io/etcd, `api/v3rpc/rpctypes/error.go`). Texts are
/// compared where one code stands for several failures.
impl From<Status> for Failure {
    fn from(status: Status) -> Failure {
        let kind = kind_of(status.code(), status.message());
        Failure { kind, message: message_of(&status) }
    }
}

/// What the status says, with its causes where the connection failed.
fn message_of(status: &Status) -> String {
    let mut message = status.message().to_owned();
    let mut cause = status.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // What tonic calls all of them says nothing.
        if !message.contains(&text) && text != "transport error" {
            message = format!("{message}: {text}");
        }
        cause = error.source();
    }
    message
}

fn kind_of(code: Code, message: &str) -> Kind {
    match code {
        Code::ResourceExhausted if message.contains("space exceeded") => Kind::NoSpace,
        Code::OutOfRange if message.contains("compacted") => Kind::Compacted,
        Code::NotFound if message.contains("lease not found") => Kind::LeaseGone,
        Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::Unauthenticated
        | Code::ResourceExhausted
        | Code::FailedPrecondition
        | Code::Unimplemented => Kind::Refused,
        // A member that lags behind does not know the revision yet.
        Code::OutOfRange
        | Code::Ok
        | Code::Cancelled
        | Code::Unknown
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::Internal
        | Code::Unavailable
        | Code::DataLoss => Kind::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From `api/v3rpc/rpctypes/error.go` of etcd 3.4 and 3.5.
    #[test]
    fn only_what_was_refused_before_it_was_proposed_is_certain() {
        let cases = [
            (Code::InvalidArgument, "etcdserver: too many operations in txn request", Kind::Refused),
            (Code::InvalidArgument, "etcdserver: request is too large", Kind::Refused),
            (Code::PermissionDenied, "etcdserver: permission denied", Kind::Refused),
            (Code::Unauthenticated, "etcdserver: invalid auth token", Kind::Refused),
            (Code::ResourceExhausted, "etcdserver: too many requests", Kind::Refused),
            (Code::ResourceExhausted, "etcdserver: mvcc: database space exceeded", Kind::NoSpace),
            (Code::OutOfRange, "etcdserver: mvcc: required revision has been compacted", Kind::Compacted),
            (Code::OutOfRange, "etcdserver: mvcc: required revision is a future revision", Kind::Open),
            (Code::NotFound, "etcdserver: requested lease not found", Kind::LeaseGone),
            (Code::Unavailable, "etcdserver: no leader", Kind::Open),
            (Code::Unavailable, "etcdserver: leader changed", Kind::Open),
            (Code::Unavailable, "etcdserver: request timed out", Kind::Open),
            (Code::Unavailable, "etcdserver: server stopped", Kind::Open),
            (Code::Unknown, "transport error", Kind::Open),
        ];
        for (code, message, kind) in cases {
            assert_eq!(kind_of(code, message), kind, "{message}");
        }
    }
}
