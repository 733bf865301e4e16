//! The distribution or the tenant that an operation of domains names.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::ServiceError;
use serde_json::Value;

use crate::context::Context;
use crate::operation::{Members, Subject};

/// The members that hold the id of one, by operation.
const MEMBERS: [&str; 2] = ["DomainControlValidationResource", "TargetResource"];

/// The distribution or the tenant that a request names, whether it exists or not.
pub(super) struct DomainResource(Option<Arn>);

impl DomainResource {
    /// Its ARN; the refusal of a request that names none of them, or both.
    pub(super) fn named(self) -> Result<Arn, ServiceError> {
        self.0.ok_or_else(|| ServiceError::invalid("DistributionId"))
    }
}

impl Subject for DomainResource {
    async fn find(_cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let resource = MEMBERS.iter().find_map(|member| input.get(*member));
        let id = |member: &str| {
            let id = resource.and_then(|resource| resource.get(member)).and_then(Value::as_str);
            id.filter(|id| !id.is_empty())
        };
        let arn = match (id("DistributionId"), id("DistributionTenantId")) {
            (Some(id), None) => Some(Arn::new(account, ResourceKind::DISTRIBUTION, id)),
            (None, Some(id)) => Some(Arn::new(account, ResourceKind::DISTRIBUTION_TENANT, id)),
            (None, None) | (Some(_), Some(_)) => None,
        };
        Ok(DomainResource(arn))
    }

    fn arn(&self) -> Cow<'_, str> {
        self.0.as_ref().map_or(Cow::Borrowed("*"), |arn| Cow::Owned(arn.to_string()))
    }
}
