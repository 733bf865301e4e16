//! UpdateDistributionWithStagingConfig: gives a primary distribution the configuration of its staging distribution.

use keyfront_domain::arn::Arn;
use keyfront_domain::distribution;
use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};

use super::{Distribution, NO_SUCH_DISTRIBUTION, document, refusals};
use crate::configuration::{self, Named, Resource};
use crate::context::{Caller, Context};
use crate::control::continuous_deployment_policy;
use crate::operation::{Members, Operation, text};

pub(super) struct UpdateDistributionWithStagingConfig;

impl Operation for UpdateDistributionWithStagingConfig {
    const NAME: &'static str = "UpdateDistributionWithStagingConfig";
    const SETTLES: bool = true;
    type Subject = Named<Distribution>;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        let mut codes = vec![
            Code::NoSuchDistribution,
            Code::PreconditionFailed,
            Code::IllegalUpdate,
            Code::InvalidViewerCertificate,
            Code::EntityLimitExceeded,
        ];
        codes.extend(refusals::TOO_MANY_ASSOCIATED);
        codes
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: Named<Distribution>,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let primary = named.named();
        let etags = Some(text(&input, "IfMatch"));
        let etags = configuration::expected::<Distribution>(cx, primary, etags).await?;
        // The guide names both ETags, "primary, staging"; the primary's alone is enough.
        let (of_primary, of_staging) = match etags.split_once(',') {
            Some((primary, staging)) => (primary.trim(), Some(staging.trim())),
            None => (etags, None),
        };
        let staging_id = text(&input, "StagingDistributionId");
        let staging = &Arn::new(primary.account, Distribution::KIND, staging_id);
        let promote = |longer| {
            transact(&*cx.engine, move |tx| async move {
                let held = configuration::matching::<Distribution>(&tx, cx, primary, of_primary).await?;
                if staging_id.is_empty() {
                    return Err(ServiceError::required("StagingDistributionId"));
                }
                let source = resources::get(&tx, staging).await?.ok_or(NO_SUCH_DISTRIBUTION)?;
                if let Some(etag) = of_staging {
                    configuration::check_etag(&source, etag)?;
                }
                if !document::is_staging(&source) {
                    return Err(ServiceError::invalid("StagingDistributionId"));
                }
                let policy = text(&held.config, "ContinuousDeploymentPolicyId").to_owned();
                let promote =
                    |config: &mut Members| *config = distribution::promoted(&held.config, &source.config);
                let updated = configuration::edit::<Distribution>(&tx, cx, primary, &held, longer, promote);
                let updated = updated.await;
                let updated = updated.map_err(|error| configuration::in_terms_of(&Self::errors(), error))?;
                continuous_deployment_policy::disable(&tx, cx, primary.account, &policy).await?;
                Ok(updated)
            })
        };
        let promoted = configuration::settling(cx, Self::NAME, primary, promote).await?;
        configuration::written::<Distribution>(cx, primary, promoted).await
    }
}
