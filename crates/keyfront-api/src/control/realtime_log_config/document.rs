//! A real-time log configuration as answers show it, and what is refused about it.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::realtime_log_config::RealtimeLogConfig;
use keyfront_error::{Code, ServiceError};
use keyfront_store::Abort;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::Refused;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error;
use crate::operation::Members;

pub(super) const KIND: ResourceKind = ResourceKind::REALTIME_LOG_CONFIG;

pub(super) const ABSENT: ServiceError =
    ServiceError::new(Code::NoSuchRealtimeLogConfig, "The real-time log configuration does not exist.");

/// The answer of the operations that show one.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    realtime_log_config: Value,
}

impl Output {
    pub(super) fn new(account: AccountId, record: ResourceRecord) -> Output {
        Output { realtime_log_config: document(account, record) }
    }
}

/// The configuration with its ARN.
pub(super) fn document(account: AccountId, record: ResourceRecord) -> Value {
    let mut document = record.config;
    document.insert("ARN".to_owned(), Arn::new(account, KIND, record.id).to_string().into());
    Value::Object(document)
}

/// What a new or changed configuration says, if the rules allow it.
pub(super) fn checked(config: &Members) -> Result<RealtimeLogConfig, ServiceError> {
    let view = RealtimeLogConfig::deserialize(config).map_err(ServiceError::internal)?;
    view.check()?;
    Ok(view)
}

/// Why the store did nothing.
pub(super) fn aborted(abort: Abort<Refused>) -> ServiceError {
    error::aborted(abort, |refused| match refused {
        Refused::Absent => ABSENT,
        Refused::IdUsed => ServiceError::new(
            Code::RealtimeLogConfigAlreadyExists,
            "A real-time log configuration with this name already exists. You must provide a unique name. To modify an \
             existing real-time log configuration, use UpdateRealtimeLogConfig.",
        ),
        Refused::LimitReached => ServiceError::new(
            Code::TooManyRealtimeLogConfigs,
            "You have reached the maximum number of real-time log configurations for this Amazon Web Services account. \
             For more information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ),
        Refused::InUse(_) => ServiceError::new(
            Code::RealtimeLogConfigInUse,
            "Cannot delete the real-time log configuration because it is attached to one or more cache behaviors.",
        ),
        Refused::Stale
        | Refused::NameTaken(_)
        | Refused::CallerReferenceUsed(_)
        | Refused::DomainNameTaken(_)
        | Refused::NoSuchTarget(_) => {
            ServiceError::internal(format!("a real-time log configuration does not expect {refused:?}"))
        }
    })
}
