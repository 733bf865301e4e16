//! CreateInvalidationForDistributionTenant, GetInvalidationForDistributionTenant and
//! ListInvalidationsForDistributionTenant: what the operations on invalidations of distributions do, for a tenant's own.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::control::invalidation::batch::InvalidationBatch;
use crate::control::invalidation::verbs::{self, Owner};
use crate::operation::{Members, Operation, Subject, text};

pub(super) struct CreateInvalidationForDistributionTenant;

pub(super) struct GetInvalidationForDistributionTenant;

pub(super) struct ListInvalidationsForDistributionTenant;

/// The tenant whose invalidations a request is about, whether it exists or not. Where a request has the id of an
/// invalidation, that of the tenant is in another member.
pub(super) struct OfTenant(Arn);

impl OfTenant {
    fn owner(self) -> Owner {
        Owner { arn: self.0, absent: NOT_FOUND, path: "distribution-tenant" }
    }
}

impl Subject for OfTenant {
    async fn find(_cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let id = match text(input, "DistributionTenantId") {
            "" => text(input, "Id"),
            tenant => tenant,
        };
        Ok(OfTenant(Arn::new(account, ResourceKind::DISTRIBUTION_TENANT, id)))
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Creation {
    invalidation_batch: InvalidationBatch,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    id: String,
}

impl Operation for CreateInvalidationForDistributionTenant {
    const NAME: &'static str = "CreateInvalidationForDistributionTenant";
    const SETTLES: bool = true;
    type Subject = OfTenant;
    type Input = Creation;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), Code::InconsistentQuantities, Code::TooManyInvalidationsInProgress]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        tenant: OfTenant,
        input: Creation,
    ) -> Result<Members, ServiceError> {
        verbs::create(cx, Self::NAME, &tenant.owner(), input.invalidation_batch).await
    }
}

impl Operation for GetInvalidationForDistributionTenant {
    const NAME: &'static str = "GetInvalidationForDistributionTenant";
    type Subject = OfTenant;
    type Input = Input;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), Code::NoSuchInvalidation]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        tenant: OfTenant,
        input: Input,
    ) -> Result<Members, ServiceError> {
        verbs::get(cx, &tenant.owner(), &input.id).await
    }
}

impl Operation for ListInvalidationsForDistributionTenant {
    const NAME: &'static str = "ListInvalidationsForDistributionTenant";
    type Subject = OfTenant;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        tenant: OfTenant,
        input: Members,
    ) -> Result<Members, ServiceError> {
        verbs::list(cx, &tenant.owner(), &input).await
    }
}
