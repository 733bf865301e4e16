//! CopyDistribution: makes a staging distribution with the configuration of a primary one.

use keyfront_domain::distribution;
use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;
use serde_json::Value;

use super::{Distribution, NO_SUCH_DISTRIBUTION, OfDistribution, refusals};
use crate::configuration::{self, Creation};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, text};

pub(super) struct CopyDistribution;

impl Operation for CopyDistribution {
    const NAME: &'static str = "CopyDistribution";
    const SETTLES: bool = true;
    type Subject = OfDistribution;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        let mut codes = vec![
            Code::NoSuchDistribution,
            Code::PreconditionFailed,
            Code::DistributionAlreadyExists,
            Code::TooManyDistributions,
        ];
        codes.extend(refusals::TOO_MANY_ASSOCIATED);
        codes
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        primary: OfDistribution,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let primary = &primary.into_arn();
        let if_match = Some(text(&input, "IfMatch"));
        let if_match = configuration::expected::<Distribution>(cx, primary, if_match).await?;
        let held = resources::find(&*cx.engine, primary).await?.ok_or(NO_SUCH_DISTRIBUTION)?;
        configuration::check_etag(&held, if_match)?;
        if input.get("Staging").and_then(Value::as_bool) == Some(false) {
            return Err(ServiceError::invalid("Staging"));
        }
        let enabled = input.get("Enabled").and_then(Value::as_bool).unwrap_or(true);
        let copy = distribution::copied(&held.config, text(&input, "CallerReference"), enabled);
        let copy = Members::from_iter([("DistributionConfig".to_owned(), Value::Object(copy))]);
        // The primary one may change meanwhile, so its ETag is compared once more when the copy is made.
        let basis = Some((primary, if_match));
        let creation = Creation { operation: Self::NAME, bad_tags: Code::InvalidArgument, basis };
        let created = configuration::create::<Distribution>(cx, caller, creation, copy).await;
        created.map_err(|error| configuration::in_terms_of(&Self::errors(), error))
    }
}
