//! CopyDistribution: makes a staging distribution with the configuration of a primary one.

use keyfront_domain::distribution;
use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;
use serde_json::Value;

use super::{Distribution, NO_SUCH_DISTRIBUTION, OfDistribution, refusals};
use crate::configuration::{self, Create};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::operation::{Members, Operation, WholeAccount, text};

pub(super) struct CopyDistribution;

impl Operation for CopyDistribution {
    const NAME: &'static str = "CopyDistribution";
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
        let if_match = if_match::given(Some(text(&input, "IfMatch")))?;
        let held = resources::find(&*cx.engine, &primary.into_arn()).await?.ok_or(NO_SUCH_DISTRIBUTION)?;
        configuration::check_etag(&held, if_match)?;
        if input.get("Staging").and_then(Value::as_bool) == Some(false) {
            return Err(ServiceError::invalid("Staging"));
        }
        let enabled = input.get("Enabled").and_then(Value::as_bool).unwrap_or(true);
        let copy = distribution::copied(&held.config, text(&input, "CallerReference"), enabled);
        let input = Members::from_iter([("DistributionConfig".to_owned(), Value::Object(copy))]);
        let created = Create::<Distribution>::run(cx, caller, WholeAccount, input).await;
        created.map_err(|error| refusals::in_terms_of(&Self::errors(), error))
    }
}
