//! From documents to a catalog. What did not change is taken from the catalog before; a distribution that cannot be
//! compiled is served as it was.

mod behavior;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::continuous_deployment_policy::ContinuousDeploymentPolicyConfig;
use keyfront_domain::distribution::DistributionConfig;
use keyfront_domain::distribution_tenant::DistributionTenantConfig;
use keyfront_domain::trust_store::{CA_CERTIFICATES, CaCertificates};
use keyfront_view::ResourceRecord;
use keyfront_view::documents::DocumentSet;
use serde_json::{Map, Value};

use super::compiled::CompiledDistribution;
use super::documents::{NotCompiled, Reader};
use super::{Catalog, Distribution, Geography, Staging, tenant};
use crate::answer::CustomErrors;
use crate::cache::ErrorTtls;
use crate::origin::DistributionOrigins;
use crate::record::{RecordedDistribution, StandardLog};
use crate::viewer_tls::ViewerTlsSettings;

use behavior::behavior;

impl Catalog {
    /// The distributions and tenants that changes of documents touch.
    pub(super) fn affected(&self, changed: &[Arn]) -> BTreeSet<Arc<Arn>> {
        let is_served =
            |arn: &&Arn| matches!(arn.kind(), ResourceKind::DISTRIBUTION | ResourceKind::DISTRIBUTION_TENANT);
        let mut affected = self.compiled.affected(changed);
        affected.extend(changed.iter().filter(is_served).cloned().map(Arc::new));
        affected
    }

    /// The catalog of documents, made of the one before by compiling what is [affected](Catalog::affected), and nothing
    /// else.
    pub(super) fn compile(&self, documents: &DocumentSet, affected: BTreeSet<Arc<Arn>>) -> Catalog {
        let mut catalog = self.clone();
        // All go before one comes, because a name may have passed from one to another.
        for arn in &affected {
            catalog.remove(arn);
        }
        for arn in affected {
            if let Some(compiled) = compile(documents, &arn, self.compiled.get(&arn)) {
                catalog.add(&arn, compiled);
            }
        }
        catalog
    }

    fn remove(&mut self, arn: &Arc<Arn>) {
        let Some(distribution) = self.compiled.remove(arn).and_then(|compiled| compiled.distribution) else {
            return;
        };
        self.ids.remove_cow(&lower_case(distribution.own_id()));
        for name in distribution.names() {
            self.hosts.remove(name);
        }
    }

    fn add(&mut self, arn: &Arc<Arn>, compiled: CompiledDistribution) {
        if let Some(distribution) = &compiled.distribution {
            self.ids.insert_cow(lower_case(distribution.own_id()), Arc::clone(distribution));
            for name in distribution.names() {
                self.hosts.insert(name, Arc::clone(distribution));
            }
        }
        self.compiled.insert(arn, compiled);
    }
}

fn lower_case(id: &str) -> Arc<str> {
    id.to_ascii_lowercase().into()
}

/// A distribution or a tenant as documents say; `None` if it is gone. One that cannot be compiled stays as it was.
fn compile(
    documents: &DocumentSet,
    arn: &Arn,
    earlier: Option<&CompiledDistribution>,
) -> Option<CompiledDistribution> {
    let mut reader = Reader::new(documents, arn.account);
    let compiled = match documents.get(arn) {
        Ok(None) => return None,
        Err(error) => Err(NotCompiled::Damaged(arn.clone(), error.to_string())),
        Ok(Some(record)) if arn.kind() == ResourceKind::DISTRIBUTION_TENANT => {
            tenant_distribution(&mut reader, record)
        }
        Ok(Some(record)) => standard_distribution(&mut reader, record),
    };
    let (distribution, is_outdated) = match compiled {
        Ok(distribution) => (distribution.map(Arc::new), false),
        Err(error) => {
            let earlier = earlier.and_then(|earlier| earlier.distribution.clone());
            if earlier.is_some() {
                tracing::error!(%arn, %error, "the change of a distribution is not in force: it is served as it was");
            } else {
                tracing::error!(%arn, %error, "a distribution cannot be served");
            }
            (earlier, true)
        }
    };
    Some(CompiledDistribution { sources: reader.sources().into(), distribution, is_outdated })
}

/// A distribution that viewers reach directly; `None` for one that has tenants.
fn standard_distribution(
    reader: &mut Reader<'_>,
    record: &Arc<ResourceRecord>,
) -> Result<Option<Distribution>, NotCompiled> {
    reader.find(ResourceKind::DISTRIBUTION, &record.id)?;
    let config: DistributionConfig = reader.typed(ResourceKind::DISTRIBUTION, &record.id, &record.config)?;
    if config.is_multi_tenant() {
        return Ok(None);
    }
    let mut compiled =
        distribution(reader, (&record.id, &record.id), text(&record.shown, "DomainName"), config)?;
    let policy = compiled.config.continuous_deployment_policy_id.clone();
    if !policy.is_empty() {
        let policy: ContinuousDeploymentPolicyConfig =
            reader.config(ResourceKind::CONTINUOUS_DEPLOYMENT_POLICY, &policy)?;
        compiled.staging = Staging::of(&policy);
    }
    Ok(Some(compiled))
}

/// A tenant of a distribution.
fn tenant_distribution(
    reader: &mut Reader<'_>,
    record: &Arc<ResourceRecord>,
) -> Result<Option<Distribution>, NotCompiled> {
    reader.find(ResourceKind::DISTRIBUTION_TENANT, &record.id)?;
    let config: DistributionTenantConfig =
        reader.typed(ResourceKind::DISTRIBUTION_TENANT, &record.id, &record.config)?;
    let id = &config.distribution_id;
    let Some(template) = reader.find(ResourceKind::DISTRIBUTION, id)? else {
        return Ok(None);
    };
    let own = tenant::configuration(&template.config, &config);
    let own: DistributionConfig = reader.typed(ResourceKind::DISTRIBUTION, id, &own)?;
    let mut compiled = distribution(reader, (id, &format!("{id}/{}", record.id)), String::new(), own)?;
    compiled.config.aliases.items = config.domains.iter().map(|domain| domain.domain.clone()).collect();
    compiled.enabled = compiled.enabled && config.enabled;
    compiled.scopes = Arc::from([Arc::from(id.as_str()), Arc::from(record.id.as_str())]);
    compiled.tenant = Some(record.id.clone());
    let group = config.connection_group_id.or_else(|| {
        let shown = text(&record.shown, "ConnectionGroupId");
        (!shown.is_empty()).then_some(shown)
    });
    if let Some(group) = group
        && let Some(group) = reader.find(ResourceKind::CONNECTION_GROUP, &group)?
    {
        compiled.endpoint = Some(text(&group.shown, "RoutingEndpoint"));
        compiled.enabled =
            compiled.enabled && group.config.get("Enabled").and_then(Value::as_bool) != Some(false);
    }
    Ok(Some(compiled))
}

/// What distributions and tenants have in common.
fn distribution(
    reader: &mut Reader<'_>,
    (id, cache_id): (&str, &str),
    domain_name: String,
    config: DistributionConfig,
) -> Result<Distribution, NotCompiled> {
    let errors = config.custom_error_responses.items.iter();
    let error_ttls = ErrorTtls::new(errors.filter_map(|error| {
        let status = u16::try_from(error.error_code).ok()?;
        Some((status, u64::try_from(error.error_caching_min_ttl).ok()?))
    }));
    let mut behaviors = Vec::with_capacity(config.cache_behaviors.items.len() + 1);
    for other in &config.cache_behaviors.items {
        behaviors.push(behavior(
            reader,
            (cache_id, &error_ttls),
            Some(&other.path_pattern),
            &other.behavior,
        )?);
    }
    behaviors.push(behavior(reader, (cache_id, &error_ttls), None, &config.default_cache_behavior)?);
    let mut controls = HashMap::new();
    for origin in &config.origins.items {
        let id = &origin.origin_access_control_id;
        if !id.is_empty() {
            controls.insert(id.clone(), reader.config(ResourceKind::ORIGIN_ACCESS_CONTROL, id)?);
        }
    }
    let origins = DistributionOrigins::compile(&config, |id| controls.get(id).cloned())?;
    let restriction = &config.restrictions.geo_restriction;
    let authorities = authorities(reader, &config)?;
    Ok(Distribution {
        account: reader.account(),
        id: id.to_owned(),
        tenant: None,
        scopes: Arc::from([Arc::from(id)]),
        recorded: Arc::new(RecordedDistribution { id: id.to_owned(), domain_name: domain_name.clone() }),
        standard_log: StandardLog::of(&config.logging).map(Arc::new),
        domain_name,
        endpoint: None,
        viewer_tls: ViewerTlsSettings::of(&config, authorities),
        enabled: config.enabled,
        behaviors,
        origins,
        errors: CustomErrors::new(&config.custom_error_responses.items),
        geography: Geography::new(&restriction.restriction_type, &restriction.locations.items),
        staging: None,
        config,
    })
}

/// Whom certificates of viewers are to come from; none where nothing is checked.
fn authorities(reader: &mut Reader<'_>, config: &DistributionConfig) -> Result<CaCertificates, NotCompiled> {
    let trust = config.viewer_mtls_config.as_ref().and_then(|mtls| mtls.trust_store_config.as_ref());
    let Some(id) = trust.map(|trust| trust.trust_store_id.as_str()).filter(|id| !id.is_empty()) else {
        return Ok(CaCertificates::default());
    };
    let store = reader.find(ResourceKind::TRUST_STORE, id)?;
    let store = store
        .ok_or_else(|| NotCompiled::Missing(Arn::new(reader.account(), ResourceKind::TRUST_STORE, id)))?;
    Ok(store.shown.get(CA_CERTIFICATES).map(CaCertificates::from_value).unwrap_or_default())
}

fn text(members: &Map<String, Value>, name: &str) -> String {
    members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
