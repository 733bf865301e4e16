//! The resources that can be shared with other accounts, and so have a policy of their own.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::ServiceError;

use crate::context::Context;
use crate::operation::{Members, Subject, text};

/// What a policy is attached as.
pub(super) const DOCUMENT: &str = "ResourcePolicy";

/// What can be shared (AWS: "Shareable Amazon CloudFront resources").
const SHAREABLE: [ResourceKind; 2] = [ResourceKind::ANYCAST_IP_LIST, ResourceKind::VPC_ORIGIN];

/// The resource that the member `ResourceArn` names, whether it exists or not.
pub(super) struct SharedResource {
    given: String,
    arn: Option<Arn>,
}

impl SharedResource {
    /// The resource; the refusal of an ARN of what cannot be shared.
    pub(super) fn shareable(self) -> Result<Arn, ServiceError> {
        let shareable = self.arn.filter(|arn| SHAREABLE.contains(&arn.kind()));
        shareable.ok_or_else(|| ServiceError::invalid("ResourceArn"))
    }
}

impl Subject for SharedResource {
    async fn find(_cx: &Context, _account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let given = text(input, "ResourceArn").to_owned();
        Ok(SharedResource { arn: given.parse().ok(), given })
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.given)
    }
}
