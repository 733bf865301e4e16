//! Distributions and their invalidations.

use std::time::Duration;

use aws_sdk_cloudfront::types::{
    CacheBehavior, Distribution, DistributionConfig, DistributionList, DistributionSummary,
    InvalidationBatch, Origin, Paths,
};
use backon::BackoffBuilder;

use crate::client::Client;
use crate::error::{ClientError, ErrorKind};
use crate::pagination::{self, Page};
use crate::retry;
use crate::timestamp::timestamp;

/// How often a write is tried when other clients write meanwhile.
const ATTEMPTS: usize = 5;

/// A distribution as the control plane shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDistribution {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// `InProgress` or `Deployed`.
    pub status: String,
    /// Its own name.
    pub domain_name: String,
    /// When it last changed, in UTC.
    pub modified: String,
    /// Whether it is served.
    pub enabled: bool,
    /// Whether it is a staging distribution.
    pub staging: bool,
    /// A comment.
    pub comment: String,
    /// Alternate domain names.
    pub aliases: Vec<String>,
    /// Where objects come from.
    pub origins: Vec<StoredOrigin>,
    /// What happens to requests, the default one first.
    pub behaviors: Vec<StoredBehavior>,
    /// The version, where the service tells it.
    pub etag: Option<String>,
}

/// An origin of a distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOrigin {
    /// What behaviors call it.
    pub id: String,
    /// Where it is.
    pub domain_name: String,
}

/// A cache behavior of a distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBehavior {
    /// Which paths it is for; nothing for the default one.
    pub path_pattern: Option<String>,
    /// Its origin or group of origins.
    pub target: String,
    /// Such as `redirect-to-https`.
    pub viewer_protocol_policy: String,
    /// The id of its cache policy, if it has one.
    pub cache_policy: Option<String>,
}

/// An invalidation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredInvalidation {
    /// Its id.
    pub id: String,
    /// `InProgress` or `Completed`.
    pub status: String,
    /// When it was made, in UTC.
    pub created: String,
    /// Its paths.
    pub paths: Vec<String>,
}

impl Client {
    /// All distributions of the account.
    pub async fn distributions(&self) -> Result<Vec<StoredDistribution>, ClientError> {
        pagination::all(|marker| async {
            let call = self.control.list_distributions().set_marker(marker).send();
            let answer = call.await.map_err(|error| self.failed("ListDistributions", &error))?;
            let list = answer.distribution_list;
            let items = list.iter().flat_map(DistributionList::items).map(StoredDistribution::of_summary);
            Ok(Page { items: items.collect(), next: list.as_ref().and_then(|list| list.next_marker.clone()) })
        })
        .await
    }

    /// The distribution of this id, or with this domain name or alias.
    pub async fn distribution(&self, name: &str) -> Result<StoredDistribution, ClientError> {
        let id = if name.contains('.') { self.distribution_id(name).await? } else { name.to_owned() };
        let call = self.control.get_distribution().id(&id).send();
        let answer = call.await.map_err(|error| {
            let error = self.failed("GetDistribution", &error);
            if error.kind == ErrorKind::NotFound { self.no_such_distribution(name) } else { error }
        })?;
        let distribution = answer.distribution().ok_or_else(|| self.no_such_distribution(name))?;
        Ok(StoredDistribution::of(distribution, answer.e_tag()))
    }

    async fn distribution_id(&self, name: &str) -> Result<String, ClientError> {
        let named = |distribution: &StoredDistribution| {
            distribution.domain_name == name || distribution.aliases.iter().any(|alias| alias == name)
        };
        let found = self.distributions().await?.into_iter().find(named);
        found.map(|distribution| distribution.id).ok_or_else(|| self.no_such_distribution(name))
    }

    /// Disables a distribution that is enabled. It is served until that is deployed.
    pub async fn disable_distribution(&self, id: &str) -> Result<StoredDistribution, ClientError> {
        retry::while_stale(ATTEMPTS, || async {
            let call = self.control.get_distribution_config().id(id).send();
            let answer = call.await.map_err(|error| self.failed("GetDistributionConfig", &error))?;
            let Some(mut config) = answer.distribution_config else {
                return Err(self.no_such_distribution(id));
            };
            if !config.enabled {
                return self.distribution(id).await;
            }
            config.enabled = false;
            let call = self.control.update_distribution().id(id).set_if_match(answer.e_tag);
            let call = call.distribution_config(config).send();
            let answer = call.await.map_err(|error| self.failed("UpdateDistribution", &error))?;
            let distribution = answer.distribution().ok_or_else(|| self.no_such_distribution(id))?;
            Ok(StoredDistribution::of(distribution, answer.e_tag()))
        })
        .await
    }

    /// Deletes a distribution that is disabled and deployed.
    pub async fn delete_distribution(&self, id: &str) -> Result<(), ClientError> {
        retry::while_stale(ATTEMPTS, || async {
            let etag = self.distribution(id).await?.etag;
            let call = self.control.delete_distribution().id(id).set_if_match(etag).send();
            match call.await.map_err(|error| self.failed("DeleteDistribution", &error)) {
                // It was there just now: an answer was lost, or another client was faster.
                Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
                Err(error) => Err(error),
                Ok(_) => Ok(()),
            }
        })
        .await
    }

    /// Waits until a distribution is deployed. `notice` hears its status and the time that has passed, after each look
    /// at one that is not.
    ///
    /// # Errors
    /// Also when it is not deployed after `limit`.
    pub async fn deployed_distribution(
        &self,
        id: &str,
        limit: Duration,
        mut notice: impl FnMut(&str, Duration),
    ) -> Result<StoredDistribution, ClientError> {
        let began = tokio::time::Instant::now();
        let mut pauses = retry::patient(limit).build();
        loop {
            let distribution = self.distribution(id).await?;
            if distribution.status == "Deployed" {
                return Ok(distribution);
            }
            notice(&distribution.status, began.elapsed());
            pause(&mut pauses, id, &distribution.status).await?;
        }
    }

    /// Invalidates paths of a distribution. The same reference again is the same invalidation.
    pub async fn invalidate(
        &self,
        id: &str,
        paths: &[String],
        caller_reference: &str,
    ) -> Result<StoredInvalidation, ClientError> {
        let refused = |error: &dyn std::error::Error| ClientError::new(ErrorKind::Refused, error.to_string());
        let quantity = i32::try_from(paths.len()).map_err(|error| refused(&error))?;
        let list = Paths::builder().quantity(quantity).set_items(Some(paths.to_vec())).build();
        let list = list.map_err(|error| refused(&error))?;
        let batch = InvalidationBatch::builder().paths(list).caller_reference(caller_reference).build();
        let batch = batch.map_err(|error| refused(&error))?;
        let call = self.control.create_invalidation().distribution_id(id).invalidation_batch(batch).send();
        let answer = call.await.map_err(|error| {
            let error = self.failed("CreateInvalidation", &error);
            if error.kind == ErrorKind::NotFound { self.no_such_distribution(id) } else { error }
        })?;
        answer.invalidation().map(StoredInvalidation::of).ok_or_else(|| self.no_such_distribution(id))
    }

    /// An invalidation of a distribution.
    pub async fn invalidation(
        &self,
        id: &str,
        invalidation: &str,
    ) -> Result<StoredInvalidation, ClientError> {
        let call = self.control.get_invalidation().distribution_id(id).id(invalidation).send();
        let answer = call.await.map_err(|error| self.failed("GetInvalidation", &error))?;
        let none =
            || ClientError::new(ErrorKind::NotFound, format!("{id} has no invalidation {invalidation}"));
        answer.invalidation().map(StoredInvalidation::of).ok_or_else(none)
    }

    /// Waits until an invalidation is completed, as [`deployed_distribution`](Client::deployed_distribution) does.
    ///
    /// # Errors
    /// Also when it is not completed after `limit`.
    pub async fn completed_invalidation(
        &self,
        id: &str,
        invalidation: &str,
        limit: Duration,
        mut notice: impl FnMut(&str, Duration),
    ) -> Result<StoredInvalidation, ClientError> {
        let began = tokio::time::Instant::now();
        let mut pauses = retry::patient(limit).build();
        loop {
            let now = self.invalidation(id, invalidation).await?;
            if now.status == "Completed" {
                return Ok(now);
            }
            notice(&now.status, began.elapsed());
            pause(&mut pauses, invalidation, &now.status).await?;
        }
    }

    fn no_such_distribution(&self, name: &str) -> ClientError {
        let endpoint = &self.endpoint;
        let message = format!(
            "there is no distribution {name} at {endpoint}; `keyfront distributions list` lists them"
        );
        ClientError::new(ErrorKind::NotFound, message)
    }
}

/// Waits for the next look; fails when there is time for none.
async fn pause(
    pauses: &mut impl Iterator<Item = Duration>,
    what: &str,
    status: &str,
) -> Result<(), ClientError> {
    match pauses.next() {
        Some(pause) => {
            tokio::time::sleep(pause).await;
            Ok(())
        }
        None => Err(ClientError::new(
            ErrorKind::Unavailable,
            format!("{what} is still {status}; wait longer with --timeout"),
        )),
    }
}

impl StoredDistribution {
    fn of(distribution: &Distribution, etag: Option<&str>) -> StoredDistribution {
        let config = distribution.distribution_config();
        let aliases = config.and_then(DistributionConfig::aliases).map(|aliases| aliases.items().to_vec());
        let default = config.and_then(DistributionConfig::default_cache_behavior);
        let default = default.map(|behavior| StoredBehavior {
            path_pattern: None,
            target: behavior.target_origin_id().to_owned(),
            viewer_protocol_policy: behavior.viewer_protocol_policy().as_str().to_owned(),
            cache_policy: behavior.cache_policy_id().map(str::to_owned),
        });
        let others = config.and_then(DistributionConfig::cache_behaviors);
        let others = others.iter().flat_map(|others| others.items()).map(StoredBehavior::of);
        let origins = config.and_then(DistributionConfig::origins);
        StoredDistribution {
            id: distribution.id().to_owned(),
            arn: distribution.arn().to_owned(),
            status: distribution.status().to_owned(),
            domain_name: distribution.domain_name().to_owned(),
            modified: timestamp(distribution.last_modified_time()),
            enabled: config.is_some_and(|config| config.enabled),
            staging: config.and_then(DistributionConfig::staging).unwrap_or_default(),
            comment: config.map(|config| config.comment().to_owned()).unwrap_or_default(),
            aliases: aliases.unwrap_or_default(),
            origins: origins.iter().flat_map(|origins| origins.items()).map(StoredOrigin::of).collect(),
            behaviors: default.into_iter().chain(others).collect(),
            etag: etag.map(str::to_owned),
        }
    }

    fn of_summary(summary: &DistributionSummary) -> StoredDistribution {
        let default = summary.default_cache_behavior().map(|behavior| StoredBehavior {
            path_pattern: None,
            target: behavior.target_origin_id().to_owned(),
            viewer_protocol_policy: behavior.viewer_protocol_policy().as_str().to_owned(),
            cache_policy: behavior.cache_policy_id().map(str::to_owned),
        });
        let others = summary.cache_behaviors();
        let others = others.iter().flat_map(|others| others.items()).map(StoredBehavior::of);
        StoredDistribution {
            id: summary.id().to_owned(),
            arn: summary.arn().to_owned(),
            status: summary.status().to_owned(),
            domain_name: summary.domain_name().to_owned(),
            modified: timestamp(summary.last_modified_time()),
            enabled: summary.enabled(),
            staging: summary.staging(),
            comment: summary.comment().to_owned(),
            aliases: summary.aliases().map(|aliases| aliases.items().to_vec()).unwrap_or_default(),
            origins: summary
                .origins()
                .iter()
                .flat_map(|origins| origins.items())
                .map(StoredOrigin::of)
                .collect(),
            behaviors: default.into_iter().chain(others).collect(),
            etag: summary.e_tag().map(str::to_owned),
        }
    }
}

impl StoredOrigin {
    fn of(origin: &Origin) -> StoredOrigin {
        StoredOrigin { id: origin.id().to_owned(), domain_name: origin.domain_name().to_owned() }
    }
}

impl StoredBehavior {
    fn of(behavior: &CacheBehavior) -> StoredBehavior {
        StoredBehavior {
            path_pattern: Some(behavior.path_pattern().to_owned()),
            target: behavior.target_origin_id().to_owned(),
            viewer_protocol_policy: behavior.viewer_protocol_policy().as_str().to_owned(),
            cache_policy: behavior.cache_policy_id().map(str::to_owned),
        }
    }
}

impl StoredInvalidation {
    fn of(invalidation: &aws_sdk_cloudfront::types::Invalidation) -> StoredInvalidation {
        let batch = invalidation.invalidation_batch();
        let paths = batch.and_then(InvalidationBatch::paths);
        StoredInvalidation {
            id: invalidation.id().to_owned(),
            status: invalidation.status().to_owned(),
            created: timestamp(invalidation.create_time()),
            paths: paths.map(|paths| paths.items().to_vec()).unwrap_or_default(),
        }
    }
}
